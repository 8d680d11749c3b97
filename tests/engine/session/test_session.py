"""Real programs, started, followed and stopped."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from running import finish, follow, printed, run, session_for, told, wait_for
from syncscope_engine import session as session_module
from syncscope_engine.events import Kind, Outcome
from syncscope_engine.family import Family, read_process
from syncscope_engine.output import KEPT_BYTES
from syncscope_engine.session import Options, Session, Target, UsageError

WAITS = "import time; print('ready'); time.sleep(600)"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "_PATIENCE_NS", 50_000_000)
    monkeypatch.setattr(session_module, "_GRACE_NS", 50_000_000)


def test_a_program_that_ends_well(tmp_path: Path) -> None:
    session = run(
        tmp_path,
        "import sys; print('out', sys.argv[1:]); print('err', file=sys.stderr)",
        Options(),
        "-a",
        "b",
    )
    assert (session.status, session.outcome, session.exit_code) == ("ended", "finished", 0)
    assert printed(session) == "out ['-a', 'b']\n"
    assert printed(session, "stderr") == "err\n"
    tables = session.recording.tables
    assert tables.python == ".".join(map(str, sys.version_info[:3]))
    assert tables.cost_ns > 0
    assert tables.start_ns <= session.recording[1].t_ns <= session.now_ns == session.now_ns
    assert told(session, Kind.PROGRAM_START, Kind.EXIT)[0] == ("PROGRAM_START", "MainProcess", 0, 0)
    assert told(session, Kind.EXIT)[-1] == ("EXIT", "MainProcess", Outcome.DONE, 0)
    assert session.poll() == []


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import os; os._exit(3)", 3),
        ("raise SystemExit(2)", 2),
        ("1 / 0", 1),
        ("this is no python", 1),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
        ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL),
    ],
)
def test_a_program_that_ends_badly(tmp_path: Path, source: str, code: int) -> None:
    session = run(tmp_path, source)
    assert (session.outcome, session.exit_code) == ("failed", code)
    assert told(session, Kind.EXIT)[-1] == ("EXIT", "MainProcess", Outcome.FAILED, code)
    assert session.recording.dropped == 0


def test_a_module(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("import sys; print(__name__, sys.argv[1:])")
    with Session(Target("tool", module="tool", args=("x",), cwd=tmp_path)) as session:
        session.start()
        finish(session)
    assert printed(session) == "__main__ ['x']\n"


def test_output_of_any_bytes(tmp_path: Path) -> None:
    source = r"""
        import os, time
        os.write(1, b"\xc3"); time.sleep(0.05); os.write(1, b"\xa4|\xff\xfe\x00\x1b[2J|")
        os.write(2, b"\xe2\x82")
    """
    session = run(tmp_path, source)
    assert printed(session) == "ä|\ufffd\ufffd\0\x1b[2J|"
    assert printed(session, "stderr") == "\ufffd"


def test_a_flood_of_output_neither_blocks_nor_fills_memory(tmp_path: Path) -> None:
    session = run(tmp_path, "for i in range(300): print(str(i % 10) * 100_000)\nprint('end')")
    assert session.outcome == "finished"
    text = printed(session)
    assert len(text) <= KEPT_BYTES
    assert text.endswith("9\nend\n")
    assert "are not kept" in session.recording.tables.notes[0]


def test_input_from_a_pipe(tmp_path: Path) -> None:
    source = "import sys\nprint('hello', input('name? '))\nprint(len(sys.stdin.read()))"
    with session_for(tmp_path, source) as session:
        session.start()
        wait_for(session, "name? ")
        session.send_input("Ada\n")
        wait_for(session, "Ada")
        session.send_input("x" * 200_000)  # more than a pipe holds
        session.close_input()
        finish(session)
    assert printed(session) == "name? hello Ada\n200000\n"
    assert printed(session, "stdin").startswith("Ada\nxxx")


def test_input_that_nobody_reads(tmp_path: Path) -> None:
    with session_for(tmp_path, "print('ready')") as session:
        session.start()
        session.send_input("x" * 3_000_000)
        finish(session)
        session.send_input("more")
    assert session.outcome == "finished"


def test_no_input(tmp_path: Path) -> None:
    session = run(tmp_path, "import sys; print(repr(sys.stdin.read()))", Options(stdin="closed"))
    assert printed(session) == "''\n"


def test_our_own_input_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print('got', input())")
    observer = """
import sys, time
from pathlib import Path
from syncscope_engine.session import Options, Session, Target
with Session(Target("x", Path(sys.argv[1])), Options(stdin="inherit")) as session:
    session.start()
    while session.status != "ended":
        session.poll()
        time.sleep(0.005)
print("".join(output.text for output in session.recording.outputs))
"""
    command = [sys.executable, "-c", observer, str(tmp_path / "program.py")]
    done = subprocess.run(command, input="a line\n", capture_output=True, text=True, check=True)
    assert done.stdout == "got a line\n\n"


def test_names_without_source(tmp_path: Path) -> None:
    session = run(
        tmp_path, "import threading\nexec('a, b = threading.Lock(), threading.Lock()\\nc = threading.Lock()')"
    )
    names = [resource.name for resource in session.recording.tables.resources.values()]
    assert names == ["Lock@1", "Lock@1 #2", "c"]


def test_a_paused_program_stands_still(tmp_path: Path) -> None:
    source = """
        import os, threading
        if os.fork() == 0: os.setsid()
        def spin():
            while True: n = sum(range(100))
        for _ in range(3): threading.Thread(target=spin, daemon=True).start()
        print("ready")
        spin()
    """
    with session_for(tmp_path, source) as session:
        session.start()
        follow(session, lambda: printed(session).count("ready") == 2)
        session.pause()
        assert session.status == "paused"
        family = Family(session._directory, session.pid or 0)
        members = [p for p in family.members() if p.pid != session._guard.pid]
        assert [p.state for p in members] == ["T", "T"]
        then = session.now_ns
        session.poll()
        assert session.now_ns == then
        session.resume()
        assert session.status == "running"
        follow(session, lambda: all(p.state == "R" or p.state == "S" for p in family.members()))
        session.pause()
        session.stop()
        finish(session)
    assert session.outcome == "killed"
    assert [kind for kind, *_ in told(session, Kind.PAUSE, Kind.RESUME)] == ["PAUSE", "RESUME"] * 2
    assert "its own clock goes on" in session.recording.tables.notes[0]


def test_stop_asks_first(tmp_path: Path) -> None:
    source = """
        import time
        print("ready")
        try: time.sleep(600)
        except KeyboardInterrupt: print("tidied up")
    """
    with session_for(tmp_path, source) as session:
        session.start()
        wait_for(session, "ready")
        session.stop()
        finish(session)
    assert (session.outcome, session.exit_code) == ("killed", 0)
    assert printed(session) == "ready\ntidied up\n"
    assert told(session, Kind.KILL) == [("KILL", "MainProcess", signal.SIGINT, 0)]


@pytest.mark.usefixtures("impatient")
def test_stop_insists(tmp_path: Path) -> None:
    source = """
        import signal, time
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("ready")
        time.sleep(600)
    """
    with session_for(tmp_path, source) as session:
        session.start()
        wait_for(session, "ready")
        session.stop()
        assert session.status == "running"
        finish(session)
    assert session.exit_code == -signal.SIGKILL
    assert [number for _, _, number, _ in told(session, Kind.KILL)] == [2, 15, 9]


def test_a_stuck_program_is_not_disturbed_before_it_is_killed(tmp_path: Path) -> None:
    with session_for(tmp_path, WAITS) as session:
        session.start()
        wait_for(session, "ready")
        session.mark_stuck()
        session.stop()
        finish(session)
    assert (session.outcome, session.exit_code) == ("stuck", -signal.SIGKILL)
    assert printed(session, "stderr") == ""


@pytest.mark.usefixtures("impatient")
def test_the_time_limit(tmp_path: Path) -> None:
    session = run(tmp_path, WAITS, Options(timeout_s=0.2))
    assert session.outcome == "timed_out"
    assert session.exit_code != 0


DETACHES = """
    import os, subprocess, sys, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            print(os.getpid(), flush=True)
            time.sleep(600)
        os._exit(0)
    other = subprocess.Popen(["sleep", "600"], start_new_session=True)
    print(other.pid, flush=True)
    print("ready")
"""


def alive(pids: list[int]) -> list[int]:
    found = [read_process(pid) for pid in pids]
    return [process.pid for process in found if process is not None and process.state not in "ZX"]


def pids_in(text: str) -> list[int]:
    return [int(word) for word in text.split() if word.isdecimal()]


@pytest.mark.usefixtures("impatient")
def test_what_the_program_leaves_behind_is_killed(tmp_path: Path) -> None:
    session = run(tmp_path, DETACHES)
    assert (session.outcome, session.exit_code) == ("finished", 0)
    pids = pids_in(printed(session))
    assert len(pids) == 2
    assert alive(pids) == []
    assert any("did not wait for" in note for note in session.recording.tables.notes)


def test_close_kills_everything_and_leaves_nothing(tmp_path: Path) -> None:
    session = session_for(tmp_path, DETACHES + "    time.sleep(600)\n")
    session.start()
    folder = session._directory
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    follow(session, lambda: len(pids_in(printed(session))) == 2 and "ready" in printed(session))
    session.close()
    session.close()
    assert alive([*pids_in(printed(session)), session.pid or 0]) == []
    assert not os.path.exists(folder)
    assert (session.status, session.outcome) == ("ended", "killed")


@pytest.mark.parametrize(
    "source",
    [
        """
        import os, time
        while True:
            os.fork()
            time.sleep(0.02)
        """,
        """
        import subprocess, time
        while True:
            subprocess.Popen(["sleep", "600"])
            time.sleep(0.02)
        """,
    ],
)
def test_a_program_with_too_many_processes_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr("syncscope_engine.limits.MOST_PROCESSES", 4)
    session = run(tmp_path, source)
    assert session.outcome == "killed"
    assert any("more than 4 processes" in note for note in session.recording.tables.notes)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (Target("x", Path("/nowhere/x.py")), "There is no file /nowhere/x.py."),
        (Target("x", Path("/")), "/ is a directory without a __main__.py."),
        (Target("x", module="no module"), "'no module' is not the name of a module."),
        (Target("x", module="this", cwd=Path("/nowhere")), "There is no directory /nowhere."),
        (Target("x"), "There is nothing to run: name a script or a module."),
    ],
)
def test_wrong_use_is_said_in_one_sentence(target: Target, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        Session(target)
    assert str(caught.value) == sentence


def test_the_program_cannot_draw_over_the_screen(tmp_path: Path) -> None:
    source = """
        import os
        try: os.open("/dev/tty", os.O_RDWR)
        except OSError: print("no terminal")
    """
    assert printed(run(tmp_path, source)) == "no terminal\n"


def test_the_program_keeps_its_exit_order(tmp_path: Path) -> None:
    """All events of a process come before the EXIT that the operating system reports."""
    session = run(tmp_path, "import threading; t = threading.Thread(target=print); t.start(); t.join()")
    kinds = [event.kind for event in session.recording]
    assert kinds[-1] == Kind.EXIT
    assert session.recording[len(kinds)].obj == 1

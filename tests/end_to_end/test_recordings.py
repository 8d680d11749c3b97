"""A run is recorded, replayed, exported and compared by the commands, on a pipe and in a real terminal."""

import json
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from terminal import Terminal

APP = [sys.executable, "-m", "syncscope"]
PROGRAM = """\
import threading, time
lock = threading.Lock()
def hold(seconds):
    with lock:
        print("holds it")
        time.sleep(seconds)
first = threading.Thread(target=hold, args=({seconds},), name="first")
first.start()
while not lock.locked(): time.sleep(0.001)
second = threading.Thread(target=hold, args=(0,), name="second")
second.start()
first.join(), second.join()
"""


def syncscope(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*APP, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two runs of one program; the report of the slow one beside it."""
    folder = tmp_path_factory.mktemp("recordings")
    for name, seconds in (("slow", 0.8), ("quick", 0.1)):
        script = folder / f"{name}.py"
        script.write_text(PROGRAM.format(seconds=seconds))
        done = syncscope(
            "run", "--headless", "--json", "--record", str(folder / f"{name}.scope"), str(script)
        )
        assert done.returncode == 0, done.stderr
        (folder / f"{name}.json").write_text(done.stdout)
    return {path.name: path for path in folder.iterdir()}


def test_the_replay_gives_the_report_of_the_run(recordings: dict[str, Path]) -> None:
    replayed = syncscope("replay", "--headless", "--json", str(recordings["slow.scope"]))
    assert replayed.returncode == 0
    assert json.loads(replayed.stdout) == json.loads(recordings["slow.json"].read_text())


def test_it_is_written_for_other_programs(recordings: dict[str, Path], tmp_path: Path) -> None:
    for kind, begins in (("svg", b"<svg"), ("jsonl", b'{"kind": "recording"'), ("perfetto", b"\n")):
        target = tmp_path / kind
        done = syncscope("export", str(recordings["slow.scope"]), "--to", kind, "-o", str(target))
        assert done.returncode == 0, done.stderr
        assert target.read_bytes().startswith(begins)


def test_two_runs_are_compared(recordings: dict[str, Path]) -> None:
    done = syncscope(
        "diff", "--headless", "--json", str(recordings["slow.scope"]), str(recordings["quick.scope"])
    )
    totals = json.loads(done.stdout)["totals"]
    slow, quick = totals["duration_ns"]
    assert slow - quick > 400_000_000


@pytest.mark.parametrize(
    "command", [("replay", "--headless"), ("export", "--to", "svg", "-o", "x"), ("replay",)]
)
@pytest.mark.parametrize("what", ["nothing there", "no recording"])
def test_what_is_no_recording_is_said_in_one_line(
    tmp_path: Path, command: tuple[str, ...], what: str
) -> None:
    path = tmp_path / "x.scope"
    if what == "no recording":
        path.write_text("something else\n")
    done = syncscope(*command, str(path))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text("print()")
    done = syncscope("run", "--headless", "--record", str(tmp_path / "no" / "x.scope"), str(script))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_recording_is_played_and_looked_through_in_a_terminal(recordings: dict[str, Path]) -> None:
    with Terminal([*APP, "replay", str(recordings["slow.scope"])]) as terminal:
        terminal.wait_for("second")
        terminal.wait_for("past")  # played to its end
        terminal.send("[[[[")
        terminal.send("(")
        terminal.send("\x1b[1;5D")  # ctrl+left
        terminal.wait_for("0.")
        terminal.send("w")
        terminal.wait_for("Why does")
        terminal.send("\x1b")
        terminal.wait_for("1 Resources")
        terminal.send("v")
        terminal.wait_for("ended")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert termios.tcgetattr(terminal.fd)[:4] == terminal.modes_before[:4]


def test_two_recordings_on_one_screen(recordings: dict[str, Path]) -> None:
    command = [*APP, "diff", str(recordings["slow.scope"]), str(recordings["quick.scope"])]
    with Terminal(command) as terminal:
        terminal.wait_for("waited, all tasks together")
        terminal.wait_for("ended")
        terminal.send("<<<< ")
        terminal.wait_for("playing ×1/20")
        terminal.send("q")
        assert terminal.wait_exit() == 0

"""What cannot be controlled is named: the outcome is "outside", never "deadlock"."""

import pytest

from controlled import execution, once
from syncscope_engine.control.execution import Execution
from syncscope_engine.control.program import Program
from syncscope_engine.control.strategy import keep_going


def test_a_thread_that_is_blocked_in_c_is_named() -> None:
    source = """
    import os, threading
    def read():
        receiver, _ = os.pipe()
        os.read(receiver, 1)
    thread = threading.Thread(target=read, name="reader")
    thread.start()
    thread.join()
    """
    run = execution(source).run
    for _ in range(2):
        result = run(keep_going)
        assert (result.outcome, result.where[1]) == ("outside", 5)
        assert result.error == "reader is blocked outside of the scheduler: program.py, line 5"
        assert result.pending[1].kind == "join"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("input()", "input() waits for the keyboard"),
        ("import sys\nsys.stdin.readline()", "standard input is read"),
        ("import sys\nfor line in sys.stdin: pass", "standard input is read"),
        ("import os\nos.fork()", "another process is started by fork()"),
        (
            "import multiprocessing\nmultiprocessing.Process(target=print).start()",
            "another process is started by multiprocessing",
        ),
    ],
)
def test_what_is_known_to_be_outside_ends_the_execution(source: str, error: str) -> None:
    result = once(source)
    assert (result.outcome, result.error) == ("outside", error)
    assert result.where[1] == len(source.splitlines())


def named(source: str) -> list[str]:
    result = once(source)
    assert result.outcome == "finished", result.error
    return [warning for warning in result.warnings if "control" in warning]


def test_what_goes_past_us_is_named() -> None:
    assert named("import subprocess\nsubprocess.run(['true'])") == [
        "subprocess.Popen: another process, not under control (program.py, line 2)"
    ]
    assert named("import os\nos.urandom(1)\nos.urandom(1)") == [
        "os.urandom: random bytes of the operating system, not under control (program.py, line 2)"
    ]
    assert named("import signal\nsignal.signal(signal.SIGTERM, print)") == [
        "signals are not under control: handlers are never called"
    ]
    assert named("import threading, time, random\nrandom.random()") == []


def test_os_exit_ends_the_program_only() -> None:
    assert once("import os\nos._exit(0)").outcome == "finished"
    result = once("import os, threading\nthreading.Thread(target=os._exit, args=(3,)).start()")
    assert (result.outcome, result.error) == ("failed", "exit status 3")


def test_a_computation_without_a_point_is_not_blocked() -> None:
    result = once("import time\nn = 0\nfor _ in range(3_000_000): n += 1\nprint(n)")
    assert (result.outcome, result.output) == ("finished", "3000000\n")


def test_hashing_that_is_not_fixed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "random")
    assert [w for w in once("pass").warnings if "hashing" in w]
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    assert Execution(Program(["program.py"], "pass")).run(keep_going).warnings == []

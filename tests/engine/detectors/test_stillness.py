"""What the system says about a program that stands still on the tape."""

import os
import subprocess
import sys
import time

from syncscope_engine.detectors.stillness import may_be_running
from syncscope_engine.model.reducer import Reducer
from tape import Tape


def runs(pid: int) -> bool:
    tape = Tape()
    tape.tables.tasks[tape.process_id].pid = pid
    reducer = Reducer(tape.tables)
    for event in tape.recording:
        reducer.handle(event)
    return may_be_running(reducer.state, tape.tables)


def test_a_process_that_runs():
    assert runs(os.getpid())


def test_a_process_that_waits():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while runs(process.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not runs(process.pid)
        process.kill()


def test_a_process_that_has_gone():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert not runs(process.pid)

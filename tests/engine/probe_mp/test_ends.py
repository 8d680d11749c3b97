"""How processes end, whoever collects their status; programs that subprocess starts."""

import os
import sys

import pytest

from syncscope_engine.events import Kind

COLLECTED = """
import os, signal, sys


def forks(end):
    pid = os.fork()
    if not pid:
        end()
    return pid


forks(lambda: os._exit(3))
print(os.waitstatus_to_exitcode(os.wait()[1]))
pid = forks(lambda: os.kill(os.getpid(), signal.SIGKILL))
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
pid = forks(lambda: os._exit(4))
print(os.waitstatus_to_exitcode(os.wait4(pid, 0)[1]))
forks(lambda: os._exit(5))
print(os.waitstatus_to_exitcode(os.wait3(0)[1]))
pid = forks(lambda: os._exit(6))
print(os.waitid(os.P_PID, pid, os.WEXITED).si_status)
print(os.waitpid.__name__, os.WNOHANG is not None)
"""

PROGRAMS = """
import os, subprocess, sys

print(subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True).stdout.strip())
print(subprocess.run([sys.executable, "other.py", "7"], check=False).args[1:])
sleeper = subprocess.Popen(["sleep", "60"])
try:
    sleeper.wait(0.001)
except subprocess.TimeoutExpired:
    sleeper.kill()
print(sleeper.wait())
try:
    subprocess.run(["/no/such/program"], check=False)
except FileNotFoundError:
    print("not found")
"""

PRINTED = ["42", "other ['7'] __main__", "['other.py', '7']", "-9", "not found"]

OTHER = """
import sys, threading

lock = threading.Lock()
with lock:
    print("other", sys.argv[1:], __name__)
sys.exit(2)
"""


def test_the_status_that_the_program_collected(fork):
    story = fork(COLLECTED)
    assert story.printed.split() == ["3", "-9", "4", "5", "6", "waitpid", "True"]
    ends = [(story.name(e.obj).split()[0], e.b) for e in story.events if e.kind == Kind.EXIT]
    assert [status for name, status in ends if name == "fork"] == [3, -9, 4, 5, 6]
    assert story.tables.notes == []


def ends_of(story):
    """Of each process but the first."""
    return [
        (story.name(e.obj), e.b)
        for e in story.events
        if e.kind == Kind.EXIT
        and story.tables.tasks[e.obj].kind == "process"
        and story.tables.tasks[e.obj].parent
    ]


@pytest.fixture
def programs(fork, tmp_path):
    def run(**options):
        (tmp_path / "other.py").write_text(OTHER)
        home = os.getcwd()
        os.chdir(tmp_path)
        try:
            return fork(PROGRAMS, **options)
        finally:
            os.chdir(home)

    return run


def test_programs_are_processes(programs):
    story = programs()
    assert story.printed.splitlines() == PRINTED
    name = f"{os.path.basename(sys.executable)} -c print(6 * 7)"
    assert set(ends_of(story)) == {(name, 0), ("other.py 7", 2), ("sleep 60", -9), ("program", 1)}
    waits = [
        Kind(e.kind).name
        for e in story.events
        if story.name(e.obj) == "sleep 60" and e.kind in (Kind.JOIN, Kind.JOINED, Kind.CANCEL)
    ]
    assert waits == ["JOIN", "JOINED", "CANCEL", "JOIN", "JOINED"]
    assert not story.tables.resources


def test_a_program_of_the_same_interpreter_is_followed_when_asked(programs):
    story = programs(follow_subprocesses=True)
    assert story.printed.splitlines() == PRINTED
    (lock,) = story.tables.resources.values()
    assert story.name(lock.process) == "other.py 7"
    assert story.tables.tasks[lock.process].callee == "other.py"
    assert ("other.py 7", 2) in ends_of(story)

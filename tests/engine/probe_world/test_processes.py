"""Processes in real programs, by every way to start one."""

import pytest

import pythons
from syncscope_engine.events import Kind, Outcome

PROCESSES = """
import multiprocessing, os, signal, sys, threading


def works():
    thread = threading.Thread(target=int, name="inner")
    thread.start()
    thread.join()


def fails():
    raise ValueError("no")  # line 12


def leaves():
    sys.exit(3)


def vanishes():
    os._exit(7)


def dies():
    os.kill(os.getpid(), signal.SIGKILL)


def waits(event):
    event.wait()


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])

    class Own(context.Process):
        def run(self):
            works()

    functions = [works, fails, dies]
    if sys.argv[1] == "fork":
        functions += [leaves, vanishes]
    jobs = [context.Process(target=f, name=f.__name__) for f in functions]
    if sys.argv[1] == "fork":
        jobs.append(Own(name="own"))
    for job in jobs:
        job.start()  # line 45
    for job in jobs:
        job.join()  # line 47
    print([job.exitcode for job in jobs][:3])
    waiting = context.Process(target=waits, args=(context.Event(),), name="stopped", daemon=True)
    waiting.start()
    waiting.join(0.001)
    waiting.terminate()
    waiting.join()
    if sys.argv[1] == "spawn":
        try:
            context.Process(target=lambda: None, name="cannot start").start()
        except Exception as error:
            print(type(error).__name__ != "")
"""

PLAIN_FORK = """
import os, sys, threading

lock = threading.Lock()

pid = os.fork()  # line 6
if pid == 0:
    with lock:
        pass
    sys.exit(4)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.fork.__name__)
"""


_VERSIONS = pythons.installed()
_RUNS = [(version, "fork") for version in _VERSIONS]
_RUNS += [(version, how) for version in {_VERSIONS[0], _VERSIONS[-1]} for how in ("spawn", "forkserver")]


@pytest.fixture(params=sorted(_RUNS), ids="-".join)
def processes(record, request):
    """Interpreters that start slowly: with the oldest and the newest Python."""
    version, how = request.param
    return record(version, how, PROCESSES, how)


def test_the_program_is_not_disturbed(processes):
    assert processes.printed.splitlines()[0] == "[0, 1, -9]"
    assert "probe" not in processes.errors
    assert processes.errors.count("ValueError: no") == 1


def test_each_process_is_a_task_of_its_starter(processes):
    for name in ("works", "fails", "dies"):
        info = processes.tables.tasks[processes.task(name)]
        assert (info.kind, info.callee, processes.name(info.parent)) == ("process", name, "MainProcess")
        assert info.pid
        (spawn,) = processes.on(name, Kind.SPAWN)
        assert (processes.name(spawn.task), processes.line(spawn)) == ("MainThread", 45)


def test_it_has_threads_of_its_own(processes):
    works = processes.task("works")
    kinds = {(t.name, t.kind) for t in processes.tables.tasks.values() if t.parent == works and t.id != works}
    assert kinds == {("MainThread", "thread"), ("inner", "thread")}


def test_how_each_ended(processes):
    ends = {processes.name(e.obj): (e.a, e.b) for e in processes.events if e.kind == Kind.EXIT}
    assert ends["works"] == (Outcome.DONE, 0)
    assert ends["fails"] == (Outcome.FAILED, 1)
    assert ends["dies"] == (Outcome.FAILED, -9)
    if "own" in ends:
        assert ends["leaves"] == (Outcome.FAILED, 3)
        assert ends["vanishes"] == (Outcome.FAILED, 7)
        assert ends["own"] == (Outcome.DONE, 0)
    for name in ends.keys() - {"MainThread", "inner"}:
        assert {(e.a, e.b) for e in processes.on(name, Kind.EXIT)} == {ends[name]}


def test_an_exception_that_leaves_a_process(processes):
    fails = processes.task("fails")
    (error,) = [e for e in processes.tables.exceptions if e.task == fails]
    assert (error.type, error.message, error.where) == ("ValueError", "no", "process")
    assert [(line, function) for _, line, function in error.traceback] == [(12, "fails")]
    assert len(processes.on("fails", Kind.RAISED)) == 1
    assert len(processes.tables.exceptions) == 1


def test_joining_a_process(processes):
    events = processes.on("dies", Kind.JOIN, Kind.JOINED)
    assert processes.kinds(events) in (["JOIN", "JOINED"], ["JOINED"])  # it may have ended before
    assert {processes.line(e) for e in events} == {47}
    assert (events[-1].b, events[-1].a > 0) == (1, len(events) == 2)


def test_a_process_that_is_told_to_stop(processes):
    events = processes.on("stopped", Kind.JOIN, Kind.JOINED, Kind.CANCEL)
    assert processes.kinds(events) == ["JOIN", "JOINED", "CANCEL", "JOIN", "JOINED"]
    assert (events[0].a, events[1].b, events[4].b) == (1_000_000, 0, 1)
    assert processes.on("stopped", Kind.EXIT)[0].b == -15
    assert processes.tables.tasks[processes.task("stopped")].daemon


def test_a_process_that_cannot_start(processes):
    failed = processes.on("cannot start", Kind.SPAWN, Kind.START, Kind.EXIT)
    if processes.on("cannot start"):
        assert processes.kinds(failed) == ["SPAWN", "EXIT"]


def test_no_other_process_is_shown(processes):
    shown = {t.name for t in processes.tables.tasks.values() if t.kind == "process" and not t.internal}
    optional = {"own", "leaves", "vanishes", "cannot start"}
    assert shown - optional == {"MainProcess", "works", "fails", "dies", "stopped"}


def test_plain_fork(record, version):
    story = record(version, "plain_fork", PLAIN_FORK)
    assert story.printed == "4 fork\n"
    (child,) = [t for t in story.tables.tasks.values() if t.kind == "process" and t.name != "MainProcess"]
    assert child.name == f"fork {child.pid}"
    (spawn,) = story.on(child.name, Kind.SPAWN)
    assert (story.name(spawn.task), story.line(spawn)) == ("MainThread", 6)
    (exit_,) = story.on(child.name, Kind.EXIT)
    assert exit_.b == 4
    locks = {r.process: r.name for r in story.tables.resources.values()}
    assert locks[child.id] == "lock"  # its own copy

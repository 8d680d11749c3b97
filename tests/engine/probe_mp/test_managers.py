"""A call that a manager's process does not answer yet, and a wait for several pipes."""

from syncscope_engine.events import Kind

CALLS = """
import multiprocessing
from multiprocessing.connection import wait


def takes(lock, taken, go_on, pipe):
    lock.acquire()
    taken.set()
    go_on.wait()
    lock.release()
    go_on.clear()
    go_on.wait()
    pipe.send("late")


if __name__ == "__main__":
    taken, go_on = multiprocessing.Event(), multiprocessing.Event()
    pipes = [multiprocessing.Pipe() for _ in range(3)]
    with multiprocessing.Manager() as manager:
        lock = manager.Lock()
        child = multiprocessing.Process(target=takes, args=(lock, taken, go_on, pipes[2][0]), name="child")
        child.start()
        taken.wait()
        import threading
        threading.Thread(target=lambda: (go(), go_on.set()), name="helper").start()
        lock.acquire()  # line 26
        threading.Thread(target=lambda: (go(), go_on.set()), name="helper").start()
        print(len(wait([end for _, end in pipes])))  # line 28
        child.join()
"""


def test_who_waits_for_a_manager_and_for_several_pipes(fork):
    story = fork(CALLS, ("main", Kind.GET_WAIT), ("main", Kind.GET_WAIT))
    assert story.printed == "1\n"
    assert story.lines("main", "manager") == [
        "main GET_WAIT manager :26",
        "main GET manager 0 waited :26",
    ]
    (pipes,) = [e for e in story.events if e.kind == Kind.GET_WAIT and story.line(e) == 28]
    assert pipes.b == 2
    (over,) = [line for line in story.lines("main") if "GET_FAILED" in line]
    assert over.endswith("READY :28")
    assert [note for note in story.tables.notes if "manager" in note]
    assert "lock" not in {r.kind for r in story.tables.resources.values()}

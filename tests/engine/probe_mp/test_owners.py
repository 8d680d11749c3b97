"""Owners, permits and counts stay exact when records are held back, and when an owner is killed."""

from syncscope_engine.events import Kind
from syncscope_engine.model.waits import describe_wait

HAMMERED = """
import multiprocessing


def hammers(lock, inner, permits, queue, ready):
    ready.wait()
    for i in range(300):
        with lock:
            with inner, inner:
                pass
            permits.acquire()
        permits.release()
        queue.put(i)


if __name__ == "__main__":
    context = multiprocessing.get_context(HOW)
    lock, inner, permits = context.Lock(), context.RLock(), context.BoundedSemaphore(2)
    queue = context.Queue()
    ready = context.Barrier(2)
    children = [context.Process(target=hammers, args=(lock, inner, permits, queue, ready)) for _ in range(2)]
    for child in children:
        child.start()
    for _ in range(600):
        queue.get()
    for child in children:
        child.join()
    lock.acquire()
    go()
"""

KILLED = """
import multiprocessing, os, signal


def dies(lock):
    lock.acquire()  # line 6
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    context = multiprocessing.get_context(HOW)
    lock = context.Lock()
    child = context.Process(target=dies, args=(lock,), name="child")
    child.start()
    child.join()
    print(child.exitcode, lock.acquire(timeout=0.01))  # line 16
"""


def test_counts_are_exact(fork):
    story = fork(HAMMERED, budget=8)
    states = {info.name: story.state.resources[id_] for id_, info in story.tables.resources.items()}
    assert (states["lock"].n_acquired, story.name(states["lock"].owner)) == (601, "main")
    assert (states["inner"].n_acquired, states["inner"].owner) == (600, 0)
    assert (states["permits"].n_acquired, states["permits"].value) == (600, 2)
    assert (states["queue"].n_acquired, states["queue"].value) == (600, 0)
    assert story.sampled > 500
    assert story.state.n_gaps == 0


def test_a_killed_owner_leaves_the_lock(fork):
    story = fork(KILLED)
    assert story.printed == "-9 False\n"
    lock = story.resource("lock")
    state = story.state.resources[lock.id]
    assert story.name(state.owner) == "child"
    assert story.state.tasks[state.owner].run.ended
    assert story.lines(on="lock") == [
        "child ACQUIRED lock 1 :6",
        "main ACQUIRE lock of child timed :16",
        "main ACQUIRE_FAILED lock TIMED_OUT :16",
    ]


STUCK = KILLED.replace("lock.acquire(timeout=0.01)", "lock.acquire()")


def test_who_waits_for_a_dead_owner_is_told(tmp_path):
    from running import follow, session_for

    source = STUCK.replace("HOW", "'fork'")
    with session_for(tmp_path, source) as session:
        session.start()
        follow(session, lambda: any(e.kind == Kind.ACQUIRE for e in session.recording))
        from syncscope_engine.model.reducer import Reducer

        reducer = Reducer(session.recording.tables)
        for event in session.recording:
            reducer.handle(event)
        (waiting,) = [t for t in reducer.state.tasks.values() if t.wait and t.wait.kind == Kind.ACQUIRE]
        text = describe_wait(waiting.id, reducer.state, session.recording.tables, reducer.state.t_ns)
        assert text is not None
        assert "ended without releasing it" in text.reason("en", session.recording.tables)

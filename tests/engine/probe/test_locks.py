"""Locks in real programs: who asks, who gets, who gives back, and the exact counts beside."""

from collections.abc import Callable

from stories import Story
from syncscope_engine.events import Flag, Kind

Play = Callable[..., Story]

CONTENDED = """
lock = threading.Lock()
def work():
    with lock:
        pass
t = threading.Thread(target=work, name="T1")
with lock:
    t.start()
    go()
t.join()
"""


def test_a_contended_lock_is_asked_for_and_got(play: Play) -> None:
    story = play(CONTENDED, ("T1", Kind.ACQUIRE))
    assert story.lines(on="lock") == [
        "main ACQUIRED lock 1 :7",
        "T1 ACQUIRE lock of main :4",
        "main RELEASE lock 1 :7",
        "T1 ACQUIRED lock 2 waited :4",
        "T1 RELEASE lock 2 :4",
    ]
    (asked,) = [e for e in story.events if e.kind == Kind.ACQUIRE]
    (got,) = [e for e in story.events if e.kind == Kind.ACQUIRED and e.a]
    assert abs(got.t_ns - asked.t_ns - got.a) < 50_000_000
    lock = story.resource("lock")
    assert (lock.kind, lock.type) == ("lock", "Lock")
    assert story.tables.places[lock.place].line == 2


LIMITED = """
lock = threading.Lock()
rlock = threading.RLock()
def work():
    print(lock.acquire(timeout=0.001))
    print(lock.acquire(False), lock.acquire(blocking=False))
    print(rlock.acquire(timeout=0.001), rlock.acquire(False))
    lock.release()
    print(lock.acquire(timeout=5))
    for wrong in (dict(blocking=False, timeout=1), dict(timeout=-2), dict(timeout="x"), dict(timeout=1e99)):
        try:
            lock.acquire(**wrong)
        except Exception as error:
            print(type(error).__name__)
lock.acquire()
with rlock:
    t = threading.Thread(target=work, name="T1")
    t.start()
    t.join()
"""


def test_an_acquisition_with_a_limit_fails_in_the_original_way(play: Play) -> None:
    story = play(LIMITED)
    assert story.printed.split() == [
        *["False"] * 5, "True", "ValueError", "ValueError", "TypeError", "OverflowError",
    ]  # fmt: skip
    assert story.lines(on="lock") == [
        "main ACQUIRED lock 1 :15",
        "T1 ACQUIRE lock of main timed :5",
        "T1 ACQUIRE_FAILED lock TIMED_OUT :5",
        "T1 ACQUIRE_FAILED lock BUSY :6",
        "T1 ACQUIRE_FAILED lock BUSY :6",
        "T1 RELEASE lock 1 :8",
        "T1 ACQUIRED lock 2 timed :9",
    ]
    assert story.lines(on="rlock") == [
        "main ACQUIRED rlock 1 :16",
        "T1 ACQUIRE rlock of main timed :7",
        "T1 ACQUIRE_FAILED rlock TIMED_OUT :7",
        "T1 ACQUIRE_FAILED rlock BUSY :7",
        "main RELEASE rlock 1 :16",
    ]


REENTRANT = """
rlock = threading.RLock()
def meddle():
    try:
        rlock.release()
    except RuntimeError as error:
        print(error)
with rlock:
    with rlock:
        t = threading.Thread(target=meddle, name="T1")
        t.start()
        t.join()
    rlock.acquire()
    rlock.release()
"""


def test_inner_levels_of_a_reentrant_lock_keep_the_owner(play: Play) -> None:
    story = play(REENTRANT)
    assert story.printed == "cannot release un-acquired lock\n"
    assert story.lines(on="rlock") == [
        "main ACQUIRED rlock 1 :8",
        "main ACQUIRED rlock 2 inner :9",
        "main RELEASE rlock 2 inner :9",
        "main ACQUIRED rlock 3 inner :13",
        "main RELEASE rlock 3 inner :14",
        "main RELEASE rlock 3 :8",
    ]


HAMMERED = """
lock, rlock = threading.Lock(), threading.RLock()
def work():
    for _ in range(5000):
        with lock:
            with rlock:
                with rlock:
                    pass
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
lock.acquire()
"""


def test_beyond_its_budget_a_lock_is_counted_exactly(play: Play) -> None:
    story = play(HAMMERED, budget=8)
    for name, n in ("lock", 20_001), ("rlock", 40_000):
        lock = story.state.resources[story.resource(name).id]
        assert lock.n_acquired == n
        events = [e for e in story.events if e.obj == lock.id]
        acquired = sum(e.kind == Kind.ACQUIRED for e in events)
        released = sum(e.kind == Kind.RELEASE for e in events)
        assert acquired < n / 4
        assert abs(acquired - released) <= sum(bool(e.flags & Flag.SAMPLED) for e in events)
    assert story.state.n_gaps == 0
    assert story.sampled > 10_000


def test_a_release_is_recorded_whenever_its_acquisition_was(play: Play) -> None:
    """One thread, never contended: the records are whole pairs, with gaps between them that say so."""
    story = play(
        """
        lock = threading.Lock()
        for _ in range(1000):
            with lock: pass
        """,
        budget=8,
    )
    events = [e for e in story.events if e.obj == story.resource("lock").id and e.kind != Kind.STATE]
    kinds = [Kind(e.kind).name for e in events]
    assert kinds == ["ACQUIRED", "RELEASE"] * (len(kinds) // 2)
    numbers = [e.b for e in events]
    assert numbers[::2] == numbers[1::2]
    after_gap = [b != a + 1 for a, b in zip(numbers[::2], numbers[2::2], strict=False)]
    assert after_gap == [bool(e.flags & Flag.SAMPLED) for e in events[2::2]]
    assert story.sampled == 2000 - len(events)


def test_with_a_large_budget_everything_is_recorded(play: Play) -> None:
    story = play(
        """
        lock = threading.Lock()
        for _ in range(700):
            with lock: pass
            lock.acquire(); lock.release()
        """,
        budget=1 << 40,
    )
    assert story.lines(on="lock") == [
        text
        for n in range(1, 1401, 2)
        for text in (
            f"main ACQUIRED lock {n} :4",
            f"main RELEASE lock {n} :4",
            f"main ACQUIRED lock {n + 1} :5",
            f"main RELEASE lock {n + 1} :5",
        )
    ]
    assert story.sampled == 0


AS_ORIGINAL = """
import _thread, contextlib, copy, gc, logging, pickle, queue, weakref
lock, rlock = threading.Lock(), threading.RLock()
with contextlib.ExitStack() as stack:
    print(stack.enter_context(lock), lock.locked())
print(lock.locked(), isinstance(lock, contextlib.AbstractContextManager))
for each in lock, rlock:
    for act in pickle.dumps, copy.copy:
        try:
            act(each)
        except TypeError as error:
            print(error)
    print(repr(each).split(" at ")[0], weakref.ref(each)() is each)
    try:
        each.release()
    except RuntimeError as error:
        print(error)
print(lock.acquire_lock(), lock.locked_lock(), lock.release_lock())
raw = queue.Queue().mutex
print(isinstance(raw, type(lock)), isinstance(lock, type(lock)), isinstance(rlock, type(lock)))
print(type(lock).__module__ in ("threading", "_thread"), _thread.allocate_lock is not None)
class Noted(list): pass
gc.disable()
note = Noted()
freed = weakref.ref(note)
lock = threading.Lock()
del note, lock
print(freed() is None)
"""


def test_a_lock_looks_like_the_original(play: Play) -> None:
    assert play(AS_ORIGINAL).printed.splitlines() == [
        "True True",
        "False True",
        "cannot pickle '_thread.lock' object",
        "cannot pickle '_thread.lock' object",
        "<unlocked _thread.lock object True",
        "release unlocked lock",
        "cannot pickle '_thread.RLock' object",
        "cannot pickle '_thread.RLock' object",
        "<unlocked _thread.RLock object owner=0 count=0 True",
        "cannot release un-acquired lock",
        "True True None",
        "True True False",
        "True True",
        "True",
    ]

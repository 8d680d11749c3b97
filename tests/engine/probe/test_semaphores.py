"""Semaphores in real programs: the permits are exact, in the records and in the counts."""

from collections.abc import Callable

from stories import Story
from syncscope_engine.events import Flag, Kind

Play = Callable[..., Story]

PERMITS = """
semaphore = threading.Semaphore(2)
def work():
    with semaphore:
        pass
    print(semaphore.acquire(timeout=5))
semaphore.acquire()
print(semaphore.acquire(), semaphore.acquire(False), semaphore.acquire(timeout=0.001))
t = threading.Thread(target=work, name="T1")
t.start()
go()
semaphore.release(2)
t.join()
semaphore.release()
"""


def test_permits_are_taken_waited_for_and_given_back(play: Play) -> None:
    story = play(PERMITS, ("T1", Kind.ACQUIRE))
    assert story.printed.splitlines() == ["True False False", "True"]
    assert story.lines(on="semaphore") == [
        "main ACQUIRED semaphore 1 :7",
        "main ACQUIRED semaphore 0 :8",
        "main ACQUIRE_FAILED semaphore BUSY :8",
        "main ACQUIRE semaphore timed :8",
        "main ACQUIRE_FAILED semaphore TIMED_OUT :8",
        "T1 ACQUIRE semaphore :4",
        "main RELEASE semaphore 2 gives 2 :12",
        "T1 ACQUIRED semaphore 1 waited :4",
        "T1 RELEASE semaphore 2 :4",
        "T1 ACQUIRED semaphore 1 :6",
        "main RELEASE semaphore 2 :14",
    ]
    semaphore = story.resource("semaphore")
    assert (semaphore.kind, semaphore.capacity, semaphore.bounded) == ("semaphore", 2, False)


BOUNDED = """
semaphore = threading.BoundedSemaphore()
class Pool(threading.BoundedSemaphore):
    pass
pool = Pool(value=3)
pool.acquire(blocking=True)
plain = threading.Semaphore(0)
plain.release()
for wrong in (
    lambda: semaphore.release(), lambda: plain.release(0), lambda: plain.acquire(False, 1),
    lambda: threading.Semaphore(-1),
):
    try:
        wrong()
    except ValueError as error:
        print(error)
"""


def test_what_a_semaphore_refuses_is_not_recorded_as_done(play: Play) -> None:
    story = play(BOUNDED)
    assert story.printed.splitlines() == [
        "Semaphore released too many times",
        "n must be one or more",
        "can't specify timeout for non-blocking acquire",
        "semaphore initial value must be >= 0",
    ]
    assert story.lines(on="semaphore") == []
    assert story.lines(on="pool") == ["main ACQUIRED pool 2 :6"]
    assert story.lines(on="plain") == ["main RELEASE plain 1 :8"]
    assert story.resource("semaphore").bounded
    pool = story.resource("pool")
    assert (pool.type, pool.bounded, pool.capacity) == ("Pool", True, 3)
    assert story.state.resources[story.resource("plain").id].n_excess == 1


HAMMERED = """
semaphore = threading.Semaphore(3)
def work():
    for _ in range(1000):
        with semaphore:
            pass
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
semaphore.acquire()
"""


def test_the_records_of_a_busy_semaphore_are_consistent(play: Play) -> None:
    """Every record follows from the one before, or says that some were not written."""
    story = play(HAMMERED, budget=1 << 40)
    assert story.sampled == 0
    permits = 3
    for event in story.events:
        if event.kind == Kind.ACQUIRED:
            permits -= 1
            assert event.b == permits
        elif event.kind == Kind.RELEASE:
            permits += 1
            assert event.b == permits
        assert not event.flags & Flag.SAMPLED
    state = story.state.resources[story.resource("semaphore").id]
    assert (permits, state.value, state.n_acquired) == (2, 2, 4001)


def test_a_rationed_semaphore_is_counted_exactly(play: Play) -> None:
    story = play(HAMMERED, budget=8)
    state = story.state.resources[story.resource("semaphore").id]
    assert (state.value, state.n_acquired) == (2, 4001)
    assert story.state.n_gaps == 0

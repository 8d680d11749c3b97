"""Events and barriers in real programs."""

from collections.abc import Callable

from stories import Story
from syncscope_engine.events import Kind

Play = Callable[..., Story]

EVENT = """
event = threading.Event()
def work():
    print(event.wait(), event.wait(5))
print(event.wait(0.001), event.wait(0), event.wait(-1))
t = threading.Thread(target=work, name="T1")
t.start()
go()
event.set()
t.join()
event.clear()
print(event.is_set())
"""


def test_an_event_is_waited_for_set_and_cleared(play: Play) -> None:
    story = play(EVENT, ("T1", Kind.WAIT))
    assert story.printed.splitlines() == ["False False False", "True True", "False"]
    assert story.lines(on="event") == [
        "main WAIT event 1ms :5",
        "main WOKE event waited limit :5",
        "main WOKE event limit :5",
        "main WOKE event limit :5",
        "T1 WAIT event :4",
        "main SET event :9",
        "T1 WOKE event waited notified :4",
        "T1 WOKE event notified :4",
        "main CLEAR event :11",
    ]
    state = story.state.resources[story.resource("event").id]
    assert (state.value, state.n_acquired, state.n_released) == (0, 1, 1)


POLLED = """
event = threading.Event()
for _ in range(500):
    event.wait(0); event.set(); event.wait(); event.clear()
event.set()
"""


def test_a_polled_event_is_counted_exactly(play: Play) -> None:
    story = play(POLLED, budget=8)
    state = story.state.resources[story.resource("event").id]
    assert (state.value, state.n_acquired) == (1, 501)
    recorded = len(story.lines(on="event"))
    assert recorded < 500
    assert story.sampled == 2001 - recorded


BARRIER = """
barrier = threading.Barrier(3, action=lambda: print("all here"))
def work():
    barrier.wait()
threads = [threading.Thread(target=work, name=name) for name in "AB"]
for t in threads:
    t.start()
    go()
barrier.wait()
for t in threads:
    t.join()
"""


def test_the_last_at_a_barrier_does_not_wait(play: Play) -> None:
    story = play(BARRIER, ("A", Kind.WAIT), ("B", Kind.WAIT))
    assert story.printed == "all here\n"
    lines = story.lines(on="barrier")
    assert lines[:3] == [
        "A WAIT barrier 0 :4",
        "B WAIT barrier 1 :4",
        "main WOKE barrier notified :9",
    ]
    assert sorted(lines[3:]) == ["A WOKE barrier waited notified :4", "B WOKE barrier waited notified :4"]
    barrier = story.resource("barrier")
    assert (barrier.kind, barrier.capacity) == ("barrier", 3)


BROKEN = """
barrier = threading.Barrier(2)
def work(*limit):
    try:
        barrier.wait(*limit)
    except threading.BrokenBarrierError:
        print("broken")
work(0.001)
work()
barrier.reset()
t = threading.Thread(target=work, name="T1")
t.start()
go()
barrier.abort()
t.join()
"""


def test_a_broken_barrier(play: Play) -> None:
    story = play(BROKEN, ("T1", Kind.WAIT))
    assert story.printed == "broken\n" * 3
    assert story.lines(on="barrier") == [
        "main WAIT barrier 1ms 0 :5",
        "main BROKEN barrier waited :5",
        "main BROKEN barrier :5",
        "T1 WAIT barrier 0 :5",
        "main BROKEN barrier :14",
        "T1 BROKEN barrier waited :5",
    ]

"""Queues in real programs: puts, gets and the true depth, in the true order."""

from collections.abc import Callable

import pytest

from stories import Story
from syncscope_engine.events import Flag, Kind

Play = Callable[..., Story]

HAND_OVER = """
import queue
tasks = queue.Queue(1)
def work():
    while tasks.get():
        tasks.task_done()
t = threading.Thread(target=work, name="T1")
t.start()
go()
tasks.put(1)
tasks.join()
t2 = threading.Thread(target=lambda: [tasks.put(0), tasks.put(1)], name="T2")
t2.start()
t2.join()
for act in (
    lambda: tasks.put(2, timeout=0.001), lambda: tasks.put_nowait(2), lambda: tasks.get(timeout=-1),
):
    try:
        act()
    except Exception as error:
        print(type(error).__name__)
print(tasks.get_nowait())
try:
    tasks.get(True, 0.001)
except queue.Empty:
    print("Empty")
"""


def test_items_are_waited_for_put_and_got(play: Play) -> None:
    story = play(HAND_OVER, ("T1", Kind.GET_WAIT))
    assert story.printed.split() == ["Full", "Full", "ValueError", "1", "Empty"]
    lines = story.lines(on="tasks")
    assert lines[:2] == ["T1 GET_WAIT tasks :5", "main PUT tasks 1 :10"]
    assert [text for text in story.lines("T1", "tasks") if "WAIT" not in text] == [
        "T1 GET tasks 0 waited :5",
        "T1 TASK_DONE tasks 0 :6",
        "T1 GET tasks 0 waited :5",
    ]
    assert [text.replace(" waited", "") for text in lines if "JOINED" in text] == [
        "main QUEUE_JOINED tasks :11"
    ]
    assert [text.replace(" waited", "") for text in story.lines("T2", "tasks") if "WAIT" not in text] == [
        "T2 PUT tasks 1 :12",
        "T2 PUT tasks 1 :12",
    ]
    assert story.lines("main", "tasks")[-7:] == [
        "main PUT_WAIT tasks 1ms :16",
        "main PUT_FAILED tasks TIMED_OUT :16",
        "main PUT_FAILED tasks BUSY :16",
        "main GET_FAILED tasks REFUSED :16",
        "main GET tasks 0 :22",
        "main GET_WAIT tasks 1ms :24",
        "main GET_FAILED tasks TIMED_OUT :24",
    ]
    tasks = story.resource("tasks")
    assert (tasks.kind, tasks.type, tasks.capacity) == ("queue", "Queue", 1)
    assert [r.name for r in story.tables.resources.values()] == ["tasks"]  # its own locks are not seen


JOINED = """
import queue
tasks = queue.LifoQueue()
tasks.put("a"); tasks.put("b")
t = threading.Thread(target=tasks.join, name="T1")
t.start()
go()
for _ in range(2):
    tasks.get(); tasks.task_done()
t.join()
try:
    tasks.task_done()
except ValueError as error:
    print(error)
"""


def test_joining_a_queue_waits_for_its_last_item(play: Play) -> None:
    story = play(JOINED, ("T1", Kind.QUEUE_JOIN))
    assert story.printed == "task_done() called too many times\n"
    assert story.lines(on="tasks") == [
        "main PUT tasks 1 :4",
        "main PUT tasks 2 :4",
        "T1 QUEUE_JOIN tasks 2",
        "main GET tasks 1 :9",
        "main TASK_DONE tasks 1 :9",
        "main GET tasks 0 :9",
        "main TASK_DONE tasks 0 :9",
        "T1 QUEUE_JOINED tasks waited",
    ]


BUSY = """
import queue
class Mine(queue.PriorityQueue):
    def put(self, item):
        super().put((item, item))
tasks = Mine(5)
def produce():
    for n in range(500):
        tasks.put(n)
def consume():
    for n in range(500):
        tasks.get()
threads = [threading.Thread(target=f) for f in (produce, consume) * 3]
for t in threads: t.start()
for t in threads: t.join()
tasks.put(7)
"""


def test_the_records_of_a_busy_queue_are_in_the_true_order(play: Play) -> None:
    story = play(BUSY, budget=1 << 40)
    assert story.sampled == 0
    depth = 0
    for event in story.events:
        if event.kind in (Kind.PUT, Kind.GET):
            depth += 1 if event.kind == Kind.PUT else -1
            assert event.b == depth
        assert not event.flags & Flag.SAMPLED
    state = story.state.resources[story.resource("tasks").id]
    assert (depth, state.value, state.n_acquired, state.n_released) == (1, 1, 1501, 1500)


@pytest.mark.parametrize("budget", [8, 1 << 40])
def test_a_busy_queue_is_counted_exactly(play: Play, budget: int) -> None:
    story = play(BUSY, budget=budget)
    state = story.state.resources[story.resource("tasks").id]
    assert (state.value, state.n_acquired) == (1, 1501)
    assert story.state.n_gaps == 0


SIMPLE = """
import queue, pickle
simple = queue.SimpleQueue()
def work():
    print(simple.get())
t = threading.Thread(target=work, name="T1")
t.start()
go()
simple.put("a")
t.join()
simple.put_nowait("b")
print(simple.get(False), simple.empty(), simple.qsize())
for act in (
    simple.get_nowait, lambda: simple.get(timeout=0.001), lambda: simple.get(timeout=-1),
    lambda: pickle.dumps(simple),
):
    try:
        act()
    except Exception as error:
        print(type(error).__name__, error.__context__)
"""


def test_a_simple_queue(play: Play) -> None:
    story = play(SIMPLE, ("T1", Kind.GET_WAIT))
    assert story.printed.splitlines() == [
        "a", "b True 0", "Empty None", "Empty None", "ValueError None", "TypeError None",
    ]  # fmt: skip
    assert story.lines(on="simple") == [
        "T1 GET_WAIT simple :5",
        "main PUT simple 1 :9",
        "T1 GET simple 0 waited :5",
        "main PUT simple 1 :11",
        "main GET simple 0 :12",
        "main GET_FAILED simple BUSY :18",
        "main GET_WAIT simple 1ms :14",
        "main GET_FAILED simple TIMED_OUT :14",
    ]


SHUT_DOWN = """
import queue
tasks = queue.Queue(1)
if not hasattr(tasks, "shutdown"):
    raise SystemExit
def work():
    try:
        tasks.get()
    except queue.ShutDown:
        print("shut down")
t = threading.Thread(target=work, name="T1")
t.start()
go()
tasks.shutdown()
t.join()
try:
    tasks.put(1)
except queue.ShutDown:
    print("shut down")
"""


def test_a_queue_that_is_shut_down_refuses(play: Play, version: str) -> None:
    if tuple(int(n) for n in version.split(".")) < (3, 13):
        pytest.skip("queues can be shut down from Python 3.13 on")
    story = play(SHUT_DOWN, ("T1", Kind.GET_WAIT))
    assert story.printed == "shut down\n" * 2
    assert story.lines(on="tasks") == [
        "T1 GET_WAIT tasks :8",
        "T1 GET_FAILED tasks REFUSED :8",
        "main PUT_FAILED tasks REFUSED :17",
    ]

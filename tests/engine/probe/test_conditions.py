"""Conditions in real programs: waiting gives the lock up, who is notified waits for it again."""

from collections.abc import Callable

from stories import Story
from syncscope_engine.events import Kind

Play = Callable[..., Story]

NOTIFIED = """
condition = threading.Condition()
def work():
    with condition:
        print(condition.wait())
t = threading.Thread(target=work, name="T1")
t.start()
go()
with condition:
    condition.notify()
    go()
t.join()
"""


def test_who_is_notified_waits_for_the_lock_again(play: Play) -> None:
    story = play(NOTIFIED, ("T1", Kind.RELEASE), ("T1", Kind.ACQUIRE))
    assert story.printed == "True\n"
    condition, lock = story.resource("condition"), story.resource("condition.lock")
    assert (condition.kind, lock.kind, condition.lock, lock.part_of) == (
        "condition", "rlock", lock.id, condition.id,
    )  # fmt: skip
    assert [text for text in story.lines() if "condition" in text] == [
        "T1 ACQUIRED condition.lock 1 :4",
        "T1 WAIT condition 0 :5",
        "T1 RELEASE condition.lock 1 cond :5",
        "main ACQUIRED condition.lock 2 :9",
        "main NOTIFY condition 1 T1 :10",
        "T1 ACQUIRE condition.lock of main cond :5",
        "main RELEASE condition.lock 2 :9",
        "T1 ACQUIRED condition.lock 3 waited cond :5",
        "T1 WOKE condition waited notified :5",
        "T1 RELEASE condition.lock 3 :4",
    ]
    assert story.state.n_gaps == 0


ORDER = """
lock = threading.Lock()
condition = threading.Condition(lock)
turn = 0
def work(me):
    with condition:
        condition.wait_for(lambda: turn)
for name in "ABC":
    threading.Thread(target=work, args=(name,), name=name).start()
    go()
with condition:
    condition.notify()
    turn = 1
    condition.notify(2)
    condition.notify_all()
    condition.notify(n=5)
"""


def test_tasks_are_notified_in_the_order_in_which_they_wait(play: Play) -> None:
    story = play(ORDER, *((name, Kind.RELEASE) for name in "ABC"))
    notified = [text for text in story.lines("main", "condition") if "NOTIFY" in text]
    assert notified == [
        "main NOTIFY condition 1 A :12",
        "main NOTIFY condition 2 B :14",
        "main NOTIFY condition 0 :15",
        "main NOTIFY condition 0 :16",
    ]
    condition = story.resource("condition")
    assert condition.lock == story.resource("lock").id
    assert story.resource("lock").part_of == 0
    for name in "ABC":
        assert [text for text in story.lines(name, "condition") if "WOKE" in text] == [
            f"{name} WOKE condition waited notified :7"
        ]
    assert story.state.resources[condition.id].n_acquired == 3


IN_VAIN = """
condition = threading.Condition()
with condition:
    with condition:
        print(condition.wait(0.001), condition.wait(timeout=0), condition.wait(-1))
for act in condition.wait, condition.notify, condition.notify_all:
    try:
        act()
    except RuntimeError as error:
        print(error)
with condition:
    try:
        condition.notify("x")
    except TypeError:
        print("no number")
"""


def test_a_wait_ends_at_its_limit_and_misuse_leaves_no_trace(play: Play) -> None:
    story = play(IN_VAIN)
    assert story.printed.splitlines() == [
        "False False False",
        "cannot wait on un-acquired lock",
        "cannot notify on un-acquired lock",
        "cannot notify on un-acquired lock",
    ]
    assert story.lines(on="condition") == [
        "main WAIT condition 1ms 0 :5",
        "main WOKE condition waited limit :5",
        "main WAIT condition 0ms 0 :5",
        "main WOKE condition waited limit :5",
        "main WAIT condition 0ms 0 :5",
        "main WOKE condition waited limit :5",
        "main NOTIFY condition 0 :13",
    ]
    inner = [text for text in story.lines(on="condition.lock") if "inner" in text]
    assert inner == [
        "main ACQUIRED condition.lock 2 inner :4",
        "main RELEASE condition.lock 5 inner :4",
    ]
    assert story.state.n_gaps == 0

"""One task at a time, in the order that is chosen; the same choices give the same steps."""

import random
import threading
from time import process_time

import pytest

from controlled import execution, following, once, prefer
from syncscope_engine.control import carriers
from syncscope_engine.control.dpor import Dpor
from syncscope_engine.control.execution import Cut, Execution, Point
from syncscope_engine.control.strategy import keep_going

COUNTER = """
import threading
class Counter:
    def __init__(self):
        self.value = 0
counter = Counter()
def add():
    counter.value += 1
threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert counter.value == 2, counter.value
"""
DEADLOCK = """
import threading
first, second = threading.Lock(), threading.Lock()
def one():
    with first:
        with second: pass
def two():
    with second:
        with first: pass
threads = [threading.Thread(target=one), threading.Thread(target=two)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
BUFFER = """
import threading, queue, time
items, buffer = queue.Queue(1), []
def produce():
    for n in range(2):
        items.put(n)
        time.sleep(0.25)
def consume():
    for _ in range(2):
        buffer.append(items.get(timeout=5))
threads = [threading.Thread(target=produce), threading.Thread(target=consume)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(buffer, time.monotonic())
"""


def walk(seed: int) -> "object":
    choose = random.Random(seed).choice
    return lambda point: choose(point.enabled)


def test_a_thousand_replays_are_the_same() -> None:
    began = process_time()
    for source in (COUNTER, DEADLOCK, BUFFER):
        run = execution(source).run
        first = run(walk(7))
        for _ in range(334):
            again = run(following(first.choices))
            assert again.steps == first.steps
            assert (again.outcome, again.error, again.output) == (first.outcome, first.error, first.output)
    assert process_time() - began < 3


def test_an_update_is_lost_where_the_order_says_so() -> None:
    run = execution(COUNTER).run
    assert run(keep_going).outcome == "finished"

    def in_between(point: Point) -> int:
        if 3 not in point.pending and 1 in point.enabled:
            return 1
        both = [n for n in (2, 3) if n in point.enabled]
        reading = [n for n in both if point.pending[n].kind in ("begin", "read")]
        return (reading or both or [1])[0]

    result = run(in_between)
    assert (result.outcome, result.error) == ("failed", "AssertionError: 1")
    assert result.where[1] == 12
    kinds = [
        (step.task, step.operation.kind) for step in result.steps if step.operation.what == "counter.value"
    ]
    assert kinds == [(2, "read"), (3, "read"), (2, "write"), (3, "write")]


def test_a_deadlock_is_known_exactly() -> None:
    run = execution(DEADLOCK).run

    def cross(point: Point) -> int:
        if 1 in point.enabled:
            return 1
        return 2 if point.pending[2].what != "second" else 3

    result = run(cross)
    assert result.outcome == "deadlock"
    waits = {task: (op.kind, op.what, op.line) for task, op in result.pending.items()}
    assert waits == {
        1: ("join", "Thread-1 (one)", 12),
        2: ("acquire", "second", 6),
        3: ("acquire", "first", 9),
    }
    assert result.names == {1: "MainThread", 2: "Thread-1 (one)", 3: "Thread-2 (two)"}


@pytest.mark.parametrize(
    ("source", "orders"),
    [(COUNTER, 4), (DEADLOCK, 3)],
)
def test_the_orders_are_as_many_as_they_are(source: str, orders: int) -> None:
    run, strategy, complete = execution(source).run, Dpor(), 0
    while (choose := strategy.next()) is not None:
        result = run(choose)
        strategy.learn(result)
        complete += result.outcome != "cut"
    assert complete == orders


def test_no_thread_is_left_behind() -> None:
    run = execution(DEADLOCK).run
    run(walk(1))
    before, idle = threading.active_count(), carriers.idle()
    for seed in range(50):
        run(walk(seed))
    assert threading.active_count() == before
    assert carriers.idle() <= max(idle, 3)


def test_primitives_are_the_real_ones_again_afterwards() -> None:
    import queue
    import time

    before = (
        threading.Lock,
        threading.Thread.start,
        time.sleep,
        queue.Queue.put,
        threading.current_thread().name,
    )
    once(DEADLOCK)
    after = (
        threading.Lock,
        threading.Thread.start,
        time.sleep,
        queue.Queue.put,
        threading.current_thread().name,
    )
    assert after == before


def test_an_execution_can_be_cut() -> None:
    def choose(point: Point) -> int:
        if point.n == 3:
            raise Cut
        return keep_going(point)

    result = execution(COUNTER).run(choose)
    assert (result.outcome, len(result.steps)) == ("cut", 3)


def test_whoever_cannot_go_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="task 9 was chosen"):
        execution(COUNTER).run(lambda point: 9)
    with pytest.raises(ZeroDivisionError):
        execution(COUNTER).run(lambda point: 1 // 0)


def test_an_endless_loop_ends_at_the_limit() -> None:
    source = """
    import threading, time
    stop = threading.Event()
    threading.Thread(target=stop.wait).start()
    while not stop.is_set(): time.sleep(1)
    """
    assert once(source, max_steps=200).outcome == "limit"


def test_a_program_that_swallows_everything_is_left_behind() -> None:
    source = """
    import threading
    lock = threading.Lock()
    lock.acquire()
    def stubborn():
        while True:
            try: lock.acquire()
            except BaseException: pass
    threading.Thread(target=stubborn).start()
    """
    for _ in range(2):
        assert once(source).outcome == "deadlock"


@pytest.mark.parametrize(
    ("source", "outcome", "error"),
    [
        ("raise SystemExit", "finished", ""),
        ("raise SystemExit(3)", "failed", "exit status 3"),
        ("raise SystemExit('no')", "failed", "exit status 1: no"),
        ("import sys; sys.exit(0)", "finished", ""),
        ("1 / 0", "failed", "ZeroDivisionError: division by zero"),
        (
            "import threading; threading.Thread(target=lambda: 1 / 0).start()",
            "failed",
            "ZeroDivisionError: division by zero",
        ),
        ("import threading, sys; threading.Thread(target=sys.exit, args=(3,)).start()", "finished", ""),
        ("assert not 'x', 'two\\nlines'", "failed", "AssertionError: two"),
        ("x = yield", "failed", "SyntaxError: 'yield' outside function (program.py, line 1)"),
    ],
)
def test_how_a_program_fails(source: str, outcome: str, error: str) -> None:
    result = once(source)
    assert (result.outcome, result.error) == (outcome, error)


def test_threads_have_stable_names_and_numbers() -> None:
    source = """
    import threading
    def show(): print(threading.current_thread().name, threading.get_ident(), threading.current_thread().ident)
    for name in (None, "mine", None):
        thread = threading.Thread(target=show, name=name); thread.start(); thread.join()
    print([thread.name for thread in threading.enumerate()], threading.current_thread() is threading.main_thread())
    """
    run = execution(source).run
    for _ in range(2):
        assert run(keep_going).output.splitlines() == [
            "Thread-1 (show) 2 2", "mine 3 3", "Thread-2 (show) 4 4", "['MainThread'] True",
        ]  # fmt: skip


def test_a_thread_knows_whether_it_was_started() -> None:
    source = """
    import threading
    thread = threading.Thread(target=print)
    thread.daemon = True
    print(thread)
    thread.start()
    try: thread.daemon = False
    except RuntimeError as error: print(error)
    try: thread.start()
    except RuntimeError as error: print(error)
    thread.join()
    print(thread.is_alive(), thread.native_id == thread.ident == 2)
    """
    result = once(source)
    assert result.output.splitlines() == [
        "<Thread(Thread-1 (print), initial daemon)>",
        "cannot set daemon status of active thread",
        "threads can only be started once",
        "",
        "False True",
    ]
    assert "is_set" not in {step.operation.kind for step in result.steps}


def test_what_is_local_to_a_thread_begins_empty() -> None:
    source = """
    import threading
    local = threading.local()
    def use():
        assert not hasattr(local, "x")
        local.x = 1
    for _ in range(3):
        thread = threading.Thread(target=use); thread.start(); thread.join()
    """
    run = execution(source).run
    assert [run(keep_going).error for _ in range(3)] == [""] * 3


def test_everything_is_as_before_in_every_execution() -> None:
    source = """
    import random, sys, os, threading
    sys.argv.append("more"); sys.path.append("more")
    print(random.random(), len(sys.argv), __name__, threading.active_count())
    os.environ["SYNCSCOPE_TEST_LEAK"] = os.environ.get("SYNCSCOPE_TEST_LEAK", "") + "x"
    print(os.environ["SYNCSCOPE_TEST_LEAK"])
    """
    run = execution(source).run
    assert len({run(keep_going).output for _ in range(3)}) == 1
    assert "__main__ 1" in run(keep_going).output


def test_granularity_is_known() -> None:
    with pytest.raises(ValueError, match="no such granularity"):
        Execution(execution(COUNTER).program, "opcode")


def test_the_task_that_is_preferred_goes_first() -> None:
    result = execution(BUFFER, "sync").run(prefer(3, 2, 1))
    assert (result.outcome, result.output) == ("finished", "[0, 1] 0.5\n")

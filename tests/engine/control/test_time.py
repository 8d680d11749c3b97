"""Time is virtual: it stands still while anybody can go, and jumps when nobody can."""

from time import perf_counter

import pytest

from controlled import ends, once
from syncscope_engine.control.dpor import Dpor
from syncscope_engine.control.execution import Execution
from syncscope_engine.control.program import Program


def test_sleeping_takes_no_time() -> None:
    began = perf_counter()
    result = once(
        """
        import time
        start = time.monotonic(), time.perf_counter(), time.time()
        time.sleep(3600)
        print(time.monotonic() - start[0], time.perf_counter() - start[1], time.time() - start[2])
        """
    )
    assert result.output == "3600.0 3600.0 3600.0\n"
    assert perf_counter() - began < 10


def test_who_sleeps_less_wakes_first() -> None:
    assert ends(
        """
        import threading, time
        def sleep(seconds):
            time.sleep(seconds); print(seconds)
        threads = [threading.Thread(target=sleep, args=(n,)) for n in (3, 1, 2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        """
    ) == {"1\n2\n3"}


def test_those_who_wake_at_the_same_time_come_in_any_order() -> None:
    assert ends(
        """
        import threading, time
        def sleep(name):
            time.sleep(1); print(name)
        threads = [threading.Thread(target=sleep, args=(n,)) for n in "ab"]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        """
    ) == {"a\nb", "b\na"}


def test_timers() -> None:
    assert ends(
        """
        import threading, time
        late = threading.Timer(5, lambda: print("late", time.monotonic()))
        soon = threading.Timer(3, lambda: print("soon", time.monotonic()))
        never = threading.Timer(4, lambda: print("never"))
        for timer in (late, soon, never): timer.start()
        never.cancel()
        for timer in (late, soon, never): timer.join()
        """
    ) == {"soon 3.0\nlate 5.0"}


def test_time_limits() -> None:
    assert ends(
        """
        import threading, time, queue
        lock, event, permits, q = threading.Lock(), threading.Event(), threading.Semaphore(0), queue.Queue()
        condition = threading.Condition()
        lock.acquire()
        print(lock.acquire(timeout=1), event.wait(1), permits.acquire(timeout=1), time.monotonic())
        try: q.get(timeout=1)
        except queue.Empty: print("empty")
        with condition: print(condition.wait(1), condition.wait_for(lambda: False, 1), time.monotonic())
        thread = threading.Thread(target=time.sleep, args=(9,), daemon=True)
        thread.start(); thread.join(1)
        print(thread.is_alive(), time.monotonic())
        """
    ) == {"False False False 3.0\nempty\nFalse False 6.0\nTrue 7.0"}


def test_a_wait_that_is_over_still_needs_the_lock() -> None:
    assert ends(
        """
        import threading, time
        condition = threading.Condition()
        def hold():
            time.sleep(0.5)
            with condition: time.sleep(5)
        thread = threading.Thread(target=hold)
        thread.start()
        with condition: print(condition.wait(1), time.monotonic())
        """
    ) == {"False 5.5"}


def test_a_loop_that_asks_for_the_time_ends() -> None:
    assert once("import time\nwhile time.monotonic() < 2: pass").outcome == "finished"


@pytest.mark.parametrize(
    ("wait", "release"),
    [
        ("lock.acquire(timeout=5)", "lock.release()"),
        ("event.wait(5)", "event.set()"),
        ("permits.acquire(timeout=5)", "permits.release()"),
        ("condition_wait()", "condition_notify()"),
        ("get()", "q.put(1)"),
    ],
)
def test_a_time_limit_may_be_any_time(wait: str, release: str) -> None:
    source = f"""
import threading, queue
lock, event, permits, q = threading.Lock(), threading.Event(), threading.Semaphore(0), queue.Queue()
condition, ready = threading.Condition(), []
def condition_wait():
    with condition: return condition.wait_for(lambda: bool(ready), 5)
def condition_notify():
    with condition: ready.append(1); condition.notify()
def get():
    try: return bool(q.get(timeout=5))
    except queue.Empty: return False
lock.acquire()
thread = threading.Thread(target=lambda: print({wait}))
thread.start()
{release}
thread.join()
"""
    found = {}
    for limits in ("virtual", "any"):
        run, strategy, ends = (
            Execution(Program(["program.py"], source), time_limits=limits).run,
            Dpor(),
            set(),
        )
        while (choose := strategy.next()) is not None:
            result = run(choose)
            strategy.learn(result)
            if result.outcome != "cut":
                ends.add(result.output.strip() or result.outcome)
        found[limits] = ends
    assert found == {"virtual": {"True"}, "any": {"True", "False"}}

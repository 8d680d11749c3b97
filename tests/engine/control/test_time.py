"""Time is virtual: it stands still while anybody can go, and jumps when nobody can."""

from time import perf_counter

from controlled import ends, once


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

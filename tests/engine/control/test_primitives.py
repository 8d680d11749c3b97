"""What each primitive does in every order that there is: the outcomes are exactly those that Python has."""

import textwrap

import pytest

from controlled import ends

TWO = """
import threading
{set_up}
def first():
{first}
def second():
{second}
threads = [threading.Thread(target=first), threading.Thread(target=second)]
for thread in threads: thread.start()
for thread in threads: thread.join()
{after}
"""


def two(set_up: str, first: str, second: str, after: str) -> str:
    first, second = (textwrap.indent(textwrap.dedent(part), "    ") for part in (first, second))
    return TWO.format(set_up=set_up, first=first, second=second, after=after)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            two(
                "lock = threading.Lock(); log = []",
                "with lock: log.append('a'); log.append('b')",
                "with lock: log.append('c'); log.append('d')",
                "print(''.join(log))",
            ),
            {"abcd", "cdab"},
            id="a lock excludes",
        ),
        pytest.param(
            two(
                "lock = threading.Lock(); log = []",
                "if lock.acquire(False):\n log.append('A'); lock.release()\nelse: log.append('a')",
                "if lock.acquire(False):\n log.append('B'); lock.release()\nelse: log.append('b')",
                "print(''.join(sorted(log)))",
            ),
            {"AB", "Ab", "Ba"},
            id="a lock that is tried",
        ),
        pytest.param(
            two("lock = threading.Lock()", "lock.acquire()", "lock.release()", "print(lock.locked())"),
            {"False", "failed: RuntimeError: release unlocked lock"},
            id="a lock is released by anybody",
        ),
        pytest.param(
            two(
                "lock = threading.RLock(); log = []",
                "with lock:\n with lock: log.append('a')\n log.append('b')",
                "with lock: log.append('c')",
                "print(''.join(log))",
            ),
            {"abc", "cab"},
            id="an RLock is taken again",
        ),
        pytest.param(
            two("lock = threading.RLock(); lock.acquire()", "pass", "lock.release()", ""),
            {"failed: RuntimeError: cannot release un-acquired lock"},
            id="an RLock is released by its owner only",
        ),
        pytest.param(
            two(
                "permits = threading.Semaphore(1); log = []",
                "with permits: log.append('a'); log.append('b')",
                "permits.release(); log.append('c')",
                "print(''.join(log), permits._value)",
            ),
            {"abc 2", "cab 2"},
            id="a semaphore counts",
        ),
        pytest.param(
            two("permits = threading.BoundedSemaphore(1)", "permits.acquire()", "permits.release()", ""),
            {"", "failed: ValueError: Semaphore released too many times"},
            id="a bounded semaphore is bounded",
        ),
        pytest.param(
            two(
                "flag = threading.Event(); log = []",
                "log.append(flag.is_set()); flag.wait(); log.append(flag.is_set())",
                "flag.set(); flag.clear()",
                "print(log)",
            ),
            {"[False, True]", "[True, True]", "[False, False]", "[True, False]", "deadlock"},
            id="an event that is cleared again is missed",
        ),
        pytest.param(
            two(
                "condition = threading.Condition(); ready = []",
                "with condition:\n while not ready: condition.wait()\n print('seen')",
                "with condition: ready.append(1); condition.notify()",
                "",
            ),
            {"seen"},
            id="a condition waited for in a loop",
        ),
        pytest.param(
            two(
                "condition = threading.Condition()",
                "with condition: condition.wait()",
                "with condition: condition.notify()",
                "print('woken')",
            ),
            {"woken", "deadlock"},
            id="a wakeup is lost when nobody waits",
        ),
        pytest.param(
            two(
                "condition = threading.Condition(); out = []",
                "with condition: out.append(condition.wait_for(lambda: False, timeout=5))",
                "pass",
                "print(out)",
            ),
            {"[False]"},
            id="a wait gives up when its time is over",
        ),
        pytest.param(
            two("condition = threading.Condition()", "condition.notify()", "pass", ""),
            {"failed: RuntimeError: cannot notify on un-acquired lock"},
            id="a condition wants its lock",
        ),
        pytest.param(
            two(
                "barrier = threading.Barrier(2); log = []",
                "log.append('a'); barrier.wait(); log.append('b')",
                "log.append('c'); barrier.wait(); log.append('d')",
                "print(''.join(sorted(log[:2])), ''.join(sorted(log[2:])))",
            ),
            {"ac bd"},
            id="nobody passes a barrier before all have arrived",
        ),
        pytest.param(
            two(
                "barrier = threading.Barrier(3, timeout=2); log = []",
                "try: barrier.wait()\nexcept threading.BrokenBarrierError: log.append('a')",
                "try: barrier.wait()\nexcept threading.BrokenBarrierError: log.append('b')",
                "print(''.join(sorted(log)), barrier.broken)",
            ),
            {"ab True"},
            id="a barrier breaks for all when one gives up",
        ),
        pytest.param(
            two(
                "import queue; q = queue.Queue(1); log = []",
                "q.put(1); q.put(2)",
                "log.append(q.get()); log.append(q.get())",
                "print(log, q.qsize())",
            ),
            {"[1, 2] 0"},
            id="a queue keeps its order and its bound",
        ),
        pytest.param(
            two(
                "import queue; q = queue.PriorityQueue(); log = []",
                "q.put(2); q.put(1)",
                "log.append(q.get()); log.append(q.get())",
                "print(log)",
            ),
            {"[1, 2]", "[2, 1]"},
            id="a queue of priorities",
        ),
        pytest.param(
            two(
                "import queue; q = queue.Queue(); log = []",
                "try: log.append(q.get_nowait())\nexcept queue.Empty: log.append('empty')",
                "q.put(1)",
                "print(log)",
            ),
            {"[1]", "['empty']"},
            id="a queue that is asked without waiting",
        ),
        pytest.param(
            two(
                "import queue; q = queue.Queue(); log = []",
                "q.put(1); q.join(); log.append('joined')",
                "q.get(); log.append('got'); q.task_done()",
                "print(log)",
            ),
            {"['got', 'joined']"},
            id="a queue is joined when all is done",
        ),
        pytest.param(
            two(
                "import queue; q = queue.SimpleQueue(); log = []",
                "q.put(1); q.put(2)",
                "log.append(q.get()); log.append(q.get())",
                "print(log)",
            ),
            {"[1, 2]"},
            id="a simple queue",
        ),
        pytest.param(
            """
            import threading
            thread = threading.Thread(target=lambda: None)
            thread.start()
            print(thread.is_alive())
            """,
            {"True", "False"},
            id="a thread may have ended when it is asked",
        ),
        pytest.param(
            """
            import threading
            lock = threading.Lock()
            lock.acquire()
            thread = threading.Thread(target=lock.acquire, daemon=True)
            thread.start()
            print("end")
            """,
            {"end"},
            id="nobody waits for a daemon",
        ),
        pytest.param(
            """
            import threading
            lock = threading.Lock()
            lock.acquire()
            threading.Thread(target=lock.acquire).start()
            """,
            {"deadlock"},
            id="everybody waits for the others",
        ),
        pytest.param(
            """
            import threading
            lock = threading.Lock()
            lock.acquire()
            print(lock.acquire(timeout=3), lock.acquire(False))
            """,
            {"False False"},
            id="a lock that is waited for with a time limit",
        ),
        pytest.param(
            """
            from concurrent.futures import ThreadPoolExecutor
            pool = ThreadPoolExecutor(1)
            future = pool.submit(lambda: 1 / 0)
            try: future.result()
            except ZeroDivisionError: print("raised")
            """,
            {"raised"},
            id="a pool that nobody shuts down",
        ),
    ],
)
def test_what_can_come_of_it(source: str, expected: set[str]) -> None:
    assert ends(source) == expected


def test_threads_that_were_notified_compete_with_those_that_come() -> None:
    found = ends(
        """
        import threading
        condition = threading.Condition()
        items = []
        def take(name):
            with condition:
                if not items: condition.wait()
                print(name, items.pop() if items else "nothing")
        def give():
            with condition:
                items.append("item")
                condition.notify()
        threads = [threading.Thread(target=take, args=(name,)) for name in "ab"]
        threads.append(threading.Thread(target=give))
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        """
    )
    assert "a item\nb nothing" in found or "b item\na nothing" in found
    assert "deadlock" in found

"""asyncio's locks, signals and queues in real programs."""

import pytest

from syncscope_engine.events import Awaited, Failure, Kind

LOCKS = """
import asyncio, sys


class Shelf:
    def __init__(self):
        self.changed = asyncio.Condition()
        self.loaves = []

    async def put(self, loaf):
        async with self.changed:
            self.loaves.append(loaf)
            self.changed.notify()  # line 13

    async def get(self):
        async with self.changed:
            while not self.loaves:
                await self.changed.wait()  # line 18
            return self.loaves.pop()


class Own(asyncio.Lock):
    async def acquire(self):
        return await super().acquire()


async def holder(lock, go):
    async with lock:  # line 28
        await go.wait()


async def waiter(lock):
    await lock.acquire()  # line 33
    lock.release()


async def impatient(lock):
    try:
        await asyncio.wait_for(lock.acquire(), 0.001)
    except asyncio.TimeoutError:
        pass


async def cancelled(lock):
    await lock.acquire()  # line 45


async def parks(places):
    async with places:
        await asyncio.sleep(0)


async def meets(barrier):
    await barrier.wait()


async def gets(shelf):
    return await shelf.get()


async def main():
    asyncio.current_task().set_name("main")

    def named(coroutine, name):
        return asyncio.create_task(coroutine, name=name)

    lock, go = asyncio.Lock(), asyncio.Event()
    tasks = [named(holder(lock, go), "holder"), named(waiter(lock), "waiter")]
    gone = named(cancelled(lock), "cancelled")
    await asyncio.sleep(0)
    await impatient(lock)
    gone.cancel()
    go.set()
    await asyncio.wait([*tasks, gone])
    try:
        lock.release()
    except RuntimeError as error:
        print(error)

    own = Own()
    async with own:
        pass

    places = asyncio.BoundedSemaphore(1)
    await asyncio.wait([named(parks(places), "first"), named(parks(places), "second")])
    try:
        places.release()
    except ValueError as error:
        print(error)

    shelf = Shelf()
    getter = named(gets(shelf), "getter")
    await asyncio.sleep(0)
    await shelf.put(1)
    await getter
    given_up = named(gets(shelf), "given up")
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])

    lamp = asyncio.Event()
    lamp.set()
    await lamp.wait()
    lamp.clear()

    if sys.version_info >= (3, 11):
        meeting = asyncio.Barrier(2)
        await asyncio.wait([named(meets(meeting), "one"), named(meets(meeting), "two")])

    hot = asyncio.Lock()
    for _ in range(2000):
        async with hot:
            pass
    print(type(lock) is asyncio.Lock, isinstance(own, asyncio.Lock), asyncio.iscoroutinefunction(lock.acquire))


asyncio.run(main())
"""


@pytest.fixture
def locks(record, version):
    return record(version, "locks", LOCKS)


def test_the_same_errors_and_types(locks):
    assert locks.printed.splitlines() == [
        "Lock is not acquired.",
        "BoundedSemaphore released too many times",
        "True True True",
    ]
    assert locks.errors == ""


def test_only_what_the_program_makes(locks):
    names = {r.name: r.type for r in locks.tables.resources.values() if r.asyncio}
    expected = {
        "lock": "Lock",
        "go": "Event",
        "own": "Own",
        "places": "BoundedSemaphore",
        "Shelf.changed": "Condition",
        "Shelf.changed.lock": "Lock",
        "lamp": "Event",
        "hot": "Lock",
    }
    if locks.version >= (3, 11):
        expected["meeting"] = "Barrier"
    assert names == expected
    assert all(r.asyncio for r in locks.tables.resources.values())


def test_a_lock_that_is_waited_for(locks):
    holder, waiter = locks.task("holder"), locks.task("waiter")
    events = locks.on("lock")
    by_holder = [e for e in events if e.task == holder]
    assert locks.kinds(by_holder) == ["ACQUIRED", "RELEASE"]
    assert [locks.line(e) for e in by_holder] == [28, 28]
    asked, suspended, got, released = [e for e in events if e.task == waiter]
    assert [asked.kind, suspended.kind, got.kind, released.kind] == [
        Kind.ACQUIRE, Kind.SUSPEND, Kind.ACQUIRED, Kind.RELEASE,
    ]  # fmt: skip
    assert (asked.a, locks.line(asked)) == (holder, 33)
    assert suspended.b == Awaited.RESOURCE
    assert 0 < got.a <= got.t_ns - asked.t_ns + 1_000_000
    assert (by_holder[0].a, by_holder[0].b, got.b, released.b) == (0, 1, 2, 2)


def test_cancelled_while_it_waits_for_a_lock(locks):
    asked, failed = locks.of("cancelled", Kind.ACQUIRE, Kind.ACQUIRE_FAILED)
    assert (asked.kind, failed.kind, failed.b) == (Kind.ACQUIRE, Kind.ACQUIRE_FAILED, Failure.CANCELLED)
    assert failed.a > 0
    assert locks.line(failed) == 45
    timed_out = [
        e for e in locks.on("lock", Kind.ACQUIRE_FAILED) if locks.name(e.task) not in ("cancelled", "")
    ]
    assert [e.b for e in timed_out] == [Failure.CANCELLED]


def test_a_semaphore_tells_its_permits(locks):
    events = locks.on("places", Kind.ACQUIRE, Kind.ACQUIRED, Kind.RELEASE)
    told = [(Kind(e.kind).name, locks.name(e.task), e.b) for e in events]
    assert told == [
        ("ACQUIRED", "first", 0),
        ("ACQUIRE", "second", 0),
        ("RELEASE", "first", 0),  # handed to the next in the queue
        ("ACQUIRED", "second", 0),
        ("RELEASE", "second", 1),
    ]
    (resource,) = [r for r in locks.tables.resources.values() if r.name == "places"]
    assert (resource.capacity, resource.bounded) == (1, True)


def test_a_condition_gives_its_lock_up_and_takes_it_back(locks):
    condition, lock = locks.on("Shelf.changed")[0].obj, locks.on("Shelf.changed.lock")[0].obj
    assert locks.tables.resources[condition].lock == lock
    assert locks.tables.resources[lock].part_of == condition
    events = [e for e in locks.of("getter") if e.obj in (condition, lock)]
    assert locks.kinds(events) == [
        "ACQUIRED", "WAIT", "RELEASE*", "SUSPEND", "ACQUIRED*", "WOKE", "RELEASE",
    ]  # fmt: skip
    wait, woke = events[1], events[5]
    assert (locks.line(wait), woke.b) == (18, 1)
    assert 0 < woke.a <= woke.t_ns - wait.t_ns + 1_000_000
    (notify,) = locks.on("Shelf.changed", Kind.NOTIFY)
    assert (locks.name(notify.task), notify.a, locks.name(notify.b)) == ("main", 1, "getter")
    assert locks.line(notify) == 13
    assert [e.b for e in locks.of("given up", Kind.WOKE)] == [2]


def test_an_event(locks):
    assert locks.kinds(locks.on("go")) == ["WAIT", "SUSPEND", "SET", "WOKE"]
    assert locks.kinds(locks.on("lamp")) == ["SET", "WOKE", "CLEAR"]
    assert locks.on("lamp", Kind.WOKE)[0].a == 0


def test_a_barrier(locks):
    if locks.version < (3, 11):
        pytest.skip("asyncio.Barrier is new in 3.11")
    events = locks.on("meeting", Kind.WAIT, Kind.WOKE)
    assert [(Kind(e.kind).name, locks.name(e.task), e.b) for e in events] == [
        ("WAIT", "one", 0),
        ("WAIT", "two", 1),
        ("WOKE", "two", 1),
        ("WOKE", "one", 1),
    ]


def test_a_hot_lock_is_sampled_and_its_state_exact(locks):
    events = locks.on("hot", Kind.ACQUIRED, Kind.RELEASE)
    assert 64 <= len(events) < 4000
    assert locks.kinds(events[:4]) == ["ACQUIRED", "RELEASE"] * 2
    last = locks.on("hot")[-1]
    assert (last.kind, last.b) == (Kind.RELEASE, 2000) or (last.a, last.b) == (0, 2000)
    assert locks.session.recording.sampled >= 4000 - len(events)


QUEUES = """
import asyncio, sys


class Own(asyncio.Queue):
    def _put(self, item):
        super()._put(item)


async def consumer(queue, n):
    for _ in range(n):
        await queue.get()  # line 12
        queue.task_done()


async def producer(queue, n):
    for i in range(n):
        await queue.put(i)  # line 18


async def joins(queue):
    await queue.join()  # line 22


async def waits(queue):
    await queue.get()


async def main():
    def named(coroutine, name):
        return asyncio.create_task(coroutine, name=name)

    belt = asyncio.Queue(1)
    making = named(producer(belt, 3), "producer")
    await asyncio.sleep(0)
    joining = named(joins(belt), "joiner")
    await asyncio.sleep(0)
    await asyncio.wait([making, joining, named(consumer(belt, 3), "consumer")])

    empty = asyncio.PriorityQueue()
    hungry = named(waits(empty), "hungry")
    await asyncio.sleep(0)
    hungry.cancel()
    await asyncio.wait([hungry])
    try:
        empty.get_nowait()
    except asyncio.QueueEmpty:
        print("empty")
    own = Own(1)
    own.put_nowait(1)
    try:
        own.put_nowait(2)
    except asyncio.QueueFull:
        print("full")
    if sys.version_info >= (3, 13):
        late = named(waits(empty), "too late")
        await asyncio.sleep(0)
        empty.shutdown()
        await asyncio.wait([late])
        late.exception()

    hot = asyncio.LifoQueue()
    for i in range(1000):
        await hot.put(i)
        await hot.get()


asyncio.run(main())
"""


@pytest.fixture
def queues(record, version):
    return record(version, "queues", QUEUES)


def test_puts_and_gets_tell_depth_and_wait(queues):
    assert queues.printed == "empty\nfull\n"
    assert queues.errors == ""
    made = queues.of("producer", Kind.PUT_WAIT, Kind.PUT)
    assert [(Kind(e.kind).name, e.a > 0, e.b) for e in made] == [
        ("PUT", False, 1),
        ("PUT_WAIT", False, 0),
        ("PUT", True, 1),
        ("PUT_WAIT", False, 0),
        ("PUT", True, 1),
    ]
    assert {queues.line(e) for e in made} == {18}
    used = queues.of("consumer", Kind.GET_WAIT, Kind.GET)
    assert [(Kind(e.kind).name, e.a > 0, e.b) for e in used] == [
        ("GET", False, 0),
        ("GET_WAIT", False, 0),
        ("GET", True, 0),
        ("GET_WAIT", False, 0),
        ("GET", True, 0),
    ]
    assert {queues.line(e) for e in used} == {12}
    assert [e.b for e in queues.of("consumer", Kind.TASK_DONE)] == [0, 0, 0]
    assert [e.b for e in queues.of("producer", Kind.SUSPEND)] == [Awaited.RESOURCE] * 2


def test_joining_a_queue(queues):
    asked, done = queues.of("joiner", Kind.QUEUE_JOIN, Kind.QUEUE_JOINED)
    assert (asked.b, queues.line(asked)) == (1, 22)
    assert done.a > 0


def test_operations_that_fail(queues):
    asked, failed = queues.of("hungry", Kind.GET_WAIT, Kind.GET_FAILED)
    assert (asked.a, failed.b) == (-1, Failure.CANCELLED)
    assert [e.b for e in queues.on("own", Kind.PUT_FAILED)] == [Failure.BUSY]
    assert [e.b for e in queues.on("empty", Kind.GET_FAILED)][:2] == [Failure.CANCELLED, Failure.BUSY]
    if queues.version >= (3, 13):
        assert [e.b for e in queues.of("too late", Kind.GET_FAILED)] == [Failure.REFUSED]


def test_resources(queues):
    found = {r.name: (r.type, r.capacity) for r in queues.tables.resources.values()}
    assert found == {
        "belt": ("Queue", 1),
        "empty": ("PriorityQueue", 0),
        "own": ("Own", 1),
        "hot": ("LifoQueue", 0),
    }
    last = queues.on("hot")[-1]
    assert (last.kind, last.b) == (Kind.GET, 0) or (last.a, last.b) == (0, 1000)

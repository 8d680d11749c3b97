"""Calls from other threads, cancellation passed on, long steps, and what nobody holds on to or looks at."""

import pytest

from syncscope_engine.events import Flag, Kind, Unread

CALLS = """
import asyncio, threading

both = threading.Barrier(3)


async def task_of(name):
    asyncio.current_task().set_name(f"made for {name}")
    return name


def caller(loop):
    name = threading.current_thread().name
    ran = threading.Event()
    loop.call_soon_threadsafe(ran.set)
    ran.wait()
    assert asyncio.run_coroutine_threadsafe(task_of(name), loop).result() == name


def in_thread(loop):
    asyncio.set_event_loop(loop)
    loop.run_forever()


async def main():
    others = [asyncio.new_event_loop() for _ in range(2)]
    loops = [threading.Thread(target=in_thread, args=(o,), name=f"loop {i}") for i, o in enumerate(others)]
    for thread in loops:
        thread.start()
    here = asyncio.get_running_loop()
    callers = [threading.Thread(target=caller, args=(o,), name=f"caller {i}")
               for i, o in enumerate([*others, here])]
    for thread in callers:
        thread.start()
    while any(thread.is_alive() for thread in callers):
        await asyncio.sleep(0.001)
    here.call_soon_threadsafe(int)  # from its own thread: no hand-off
    for other in others:
        other.call_soon_threadsafe(other.stop)
    for thread in loops:
        thread.join()
    for other in others:
        other.close()


asyncio.run(main())
"""


def test_calls_into_loops_of_other_threads(record, version):
    calls = record(version, "calls", CALLS)
    loops = {"caller 0": "loop 0", "caller 1": "loop 1", "caller 2": "MainThread"}
    for caller, loop in loops.items():
        asked = [e for e in calls.of(caller, Kind.CALL) if calls.line(e)]
        assert {calls.name(e.obj) for e in asked} == {loop}
        assert len(asked) == 2
        made = {e.a: e for e in calls.kind(Kind.CALLED)}
        first, second = asked
        assert calls.name(made[first.a].task) == loop
        assert made[first.a].b > 0
        assert second.a in made
        task = next(t for t in calls.tables.tasks.values() if t.name == f"made for {caller}")
        assert (calls.name(task.spawner), calls.name(task.parent)) == (caller, loop)
        assert (caller, loop, loop) in calls.links(Kind.CALL)
        assert (caller, task.name, task.name) in calls.links(Kind.SPAWN)
    assert calls.found() == []


CANCELS = """
import asyncio, sys

NEW = sys.version_info >= (3, 11)


async def sleeper():
    await asyncio.sleep(60)


async def fails():
    await asyncio.sleep(0)
    raise ValueError


def named(coroutine, name=None):
    return asyncio.create_task(coroutine, name=name or coroutine.__name__)


async def gathers():
    await asyncio.gather(named(sleeper(), "gathered"), named(sleeper(), "gathered too"))


async def awaits():
    await named(sleeper(), "awaited")


async def limited():
    try:
        await asyncio.wait_for(named(sleeper(), "too long"), 0.01)
    except asyncio.TimeoutError:
        pass


async def group():
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sleeper(), name="sibling")
            tasks.create_task(fails(), name="fails")
            await asyncio.sleep(60)
    except Exception:
        pass


async def in_time():
    try:
        async with asyncio.timeout(0.01):
            await named(sleeper(), "in vain")
    except TimeoutError:
        pass


async def canceller(*tasks):
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def main():
    victims = named(gathers()), named(awaits())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await named(canceller(*victims))
    await named(limited())
    if NEW:
        await named(group())
        await named(in_time())


asyncio.run(main())
"""


def test_who_cancels_whom(record, version):
    cancels = record(version, "cancels", CANCELS)
    asked = {(cancels.name(e.task), cancels.name(e.obj)) for e in cancels.kind(Kind.CANCEL)}
    assert asked >= {
        ("canceller", "gathers"),
        ("gathers", "gathered"),
        ("gathers", "gathered too"),
        ("canceller", "awaits"),
        ("awaits", "awaited"),
        ("limited", "too long"),
    }
    if cancels.version >= (3, 11):
        assert asked >= {
            ("fails", "sibling"),
            ("fails", "group"),
            ("in_time", "in_time"),
            ("in_time", "in vain"),
        }
        assert ("fails", "sibling", "sibling") in cancels.links(Kind.CANCEL)
    assert ("gathers", "gathered", "gathered") in cancels.links(Kind.CANCEL)
    assert cancels.found() == []


LOST = """
import asyncio, gc

async def never():
    await asyncio.get_running_loop().create_future()


async def fails(*waits_for):
    for event in waits_for:
        await event.wait()
    raise ValueError(len(waits_for))


async def unawaited():
    pass


def made():
    return unawaited()


async def gathered(event):
    try:
        await asyncio.gather(fails(), fails(event))
    except ValueError as error:
        print("gather:", error)


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print(context["message"]))
    lost = asyncio.create_task(never(), name="lost")
    await asyncio.sleep(0)
    del lost
    gc.collect()
    forgotten = asyncio.create_task(fails(), name="forgotten")
    await asyncio.sleep(0)
    del forgotten
    gc.collect()
    event = asyncio.Event()
    await gathered(event)
    event.set()
    for _ in range(3):
        await asyncio.sleep(0)
    gc.collect()
    event = asyncio.Event()
    tasks = [asyncio.create_task(fails()), asyncio.create_task(fails(event))]
    try:
        await asyncio.gather(*tasks)
    except ValueError:
        event.set()
    for _ in range(3):
        await asyncio.sleep(0)
    try:
        await tasks[1]
    except ValueError as error:
        print("seen:", error, type(tasks[1]) is asyncio.Task)
    del tasks
    gc.collect()
    unawaited()  # line 60
    made()
    future = loop.create_future()
    future.set_exception(KeyError("k"))
    del future
    gc.collect()


asyncio.run(main())
"""


@pytest.fixture
def lost(record, version):
    return record(version, "lost", LOST)


def test_the_program_says_what_it_says_bare(lost):
    assert lost.printed.splitlines() == [
        "Task was destroyed but it is pending!",
        "Task exception was never retrieved",
        "gather: 0",
        "seen: 1 True",
        "Future exception was never retrieved",
    ]
    assert "program.py:60: RuntimeWarning: coroutine 'unawaited' was never awaited" in lost.errors
    assert "_syncscope" not in lost.errors


def test_tasks_and_coroutines_that_are_lost(lost):
    task, at_once, later = lost.kind(Kind.LEAKED)
    assert lost.name(task.obj) == "lost"
    assert (at_once.obj, at_once.b, lost.line(at_once)) == (0, 0, 60)
    assert (later.obj, later.b) == (0, 1)
    assert lost.tables.places[later.place].function == "unawaited"


def test_exceptions_that_nobody_sees(lost):
    forgotten, dropped, future = lost.kind(Kind.UNREAD)
    assert (lost.name(forgotten.obj), forgotten.b) == ("forgotten", Unread.FORGOTTEN)
    assert dropped.b == Unread.GATHER
    assert lost.tables.tasks[dropped.obj].callee == "fails"
    assert lost.tables.resources[future.obj].kind == "future"
    (error,) = [e for e in lost.tables.exceptions if e.task == future.obj]
    assert (error.type, error.where) == ("KeyError", "asyncio")


def test_what_is_found(lost):
    assert [f for f in lost.found() if f.startswith("leaked_task")] == [
        "leaked_task.destroyed",
        "leaked_task.never_awaited",
        "leaked_task.never_awaited_defined",
    ]


HELD = """
import asyncio, threading, time


async def ticks(n):
    for _ in range(n):
        await asyncio.sleep(0)


async def sleeps():
    await asyncio.sleep(0)
    time.sleep(0.15)  # line 12


async def waits(lock):
    await asyncio.sleep(0)
    lock.acquire()  # line 17


def callback():
    time.sleep(0.12)


async def alone():
    time.sleep(0.15)


async def main():
    first = asyncio.create_task(sleeps(), name="sleeps")
    other = asyncio.create_task(ticks(2), name="other")
    await first
    await other
    lock = threading.Lock()
    lock.acquire()
    threading.Timer(0.15, lock.release).start()
    other = asyncio.create_task(ticks(2), name="other too")
    await asyncio.create_task(waits(lock), name="waits")
    await other
    asyncio.get_running_loop().call_soon(callback)
    await ticks(2)
    await alone()


asyncio.run(main())
"""


@pytest.fixture
def held(record, oldest_and_newest):
    return record(oldest_and_newest, "held", HELD)


def test_long_steps_and_who_had_to_wait(held):
    told = [(held.name(e.task), held.name(e.obj), e.b) for e in held.kind(Kind.HELD)]
    assert told[0] == ("sleeps", "other", 1)
    assert told[1] == ("waits", "", 0)  # the other had been before it in this round
    assert told[2] == ("MainThread", "Task-1", 1)
    assert told[3] == ("Task-1", "", 0)
    assert all(e.a >= 100_000_000 for e in held.kind(Kind.HELD))
    assert not any(e.flags & Flag.BUSY for e in held.kind(Kind.HELD))


def test_what_is_found_of_them(held):
    found = {
        (f.variant, held.name(f.tasks[0]), held.tables.places[f.places[0]].line)
        for f in held.analysis.findings
    }
    assert {("sleeps", "sleeps", 12), ("waits", "waits", 17), ("sleeps", "MainThread", 21)} == found
    assert not any(task == "Task-1" for _, task, _ in found)

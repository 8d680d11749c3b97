"""asyncio tasks in real programs: born, stepping, suspended, cancelled, ended."""

import pytest

from syncscope_engine.events import Awaited, Kind, Outcome

LIFE = """
import asyncio, sys, threading

NEW = sys.version_info >= (3, 11)


async def yields(n):
    for _ in range(n):
        await asyncio.sleep(0)


async def sleeps():
    await asyncio.sleep(0.001)  # line 13


async def awaits(task):
    await task  # line 17


async def fails():
    await asyncio.sleep(0)
    raise ValueError("no")  # line 22


async def stubborn():
    try:
        await asyncio.sleep(60)  # line 27
    except asyncio.CancelledError:
        await asyncio.sleep(0)


async def victim():
    await asyncio.sleep(60)  # line 33


async def gathers():
    await asyncio.gather(yields(1), yields(1))


async def in_time():
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(60)  # line 43
    except TimeoutError:
        pass


async def group():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sleeps(), name="member")


async def reads():
    reader, writer = await asyncio.open_connection(*ADDRESS)
    await reader.read()  # line 55
    writer.close()
    await writer.wait_closed()


async def waits_for_future():
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.001, future.set_result, None)
    await future  # line 63


async def patient(task):
    await asyncio.wait_for(task, 60)  # line 67


async def from_outside():
    await asyncio.sleep(0)


async def main():
    global ADDRESS
    asyncio.current_task().set_name("main")
    loop = asyncio.get_running_loop()

    def named(coroutine, name=None):
        return asyncio.create_task(coroutine, name=name or coroutine.__name__)

    await named(yields(3))
    sleeper = named(sleeps())
    await named(awaits(sleeper))
    try:
        await named(fails())
    except ValueError:
        pass
    tasks = [named(stubborn()), named(victim())]
    await asyncio.sleep(0)
    tasks[0].cancel()
    loop.call_soon(tasks[1].cancel)  # not a step of the task
    await asyncio.wait(tasks)
    await named(gathers())
    if NEW:
        await named(in_time())
        await named(group())
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    ADDRESS = server.sockets[0].getsockname()
    await named(reads())
    server.close()
    await named(waits_for_future())
    inner = named(sleeps(), "inner")
    await named(patient(inner))
    late = named(yields(0), "early")
    late.set_name("late")
    await late
    done = threading.Event()
    def other():
        asyncio.run_coroutine_threadsafe(from_outside(), loop).result()
        loop.call_soon_threadsafe(finished.set)
    finished = asyncio.Event()
    thread = threading.Thread(target=other, name="other")
    thread.start()
    await finished.wait()
    thread.join()
    print(type(late) is asyncio.Task, asyncio.Task.__module__, repr(late)[:21])


asyncio.run(main())


def second_loop():
    asyncio.run(named_main())


async def named_main():
    asyncio.current_task().set_name("in thread")
    await asyncio.sleep(0)


thread = threading.Thread(target=second_loop, name="loop thread")
thread.start()
thread.join()
"""


@pytest.fixture
def life(record, version):
    return record(version, "life", LIFE)


def awaited(story, task):
    """What a task's suspensions were for, the newest first."""
    return [Awaited(e.b) for e in story.of(task, Kind.SUSPEND)]


def test_the_program_sees_the_type_that_it_knows(life):
    assert life.printed == "True _asyncio <Task finished name='\n"
    assert life.errors == ""


def test_a_task_steps_from_start_to_exit(life):
    events = life.of("yields")
    assert life.kinds(events) == ["START", "STEP", "SUSPEND"] + ["STEP", "SUSPEND"] * 2 + ["STEP", "EXIT"]
    assert awaited(life, "yields") == [Awaited.YIELD] * 3
    assert {life.line(e) for e in events if e.kind == Kind.SUSPEND} == {9}
    assert (events[-1].a, events[-1].b) == (Outcome.DONE, 0)
    assert all(life.name(e.thread) == "MainThread" for e in events)
    (spawn,) = life.on("yields", Kind.SPAWN)
    assert (life.name(spawn.task), life.function(spawn)) == ("main", "named")
    info = life.tables.tasks[life.task("yields")]
    assert (info.kind, info.callee, life.name(info.spawner)) == ("asyncio", "yields", "main")
    assert life.name(info.parent) == "MainThread"


def test_what_it_awaits_and_where(life):
    (sleep,) = life.of("sleeps", Kind.SUSPEND)
    assert (sleep.b, life.line(sleep)) == (Awaited.SLEEP, 13)
    (other,) = life.of("awaits", Kind.SUSPEND)
    assert (other.b, life.name(other.obj), life.line(other)) == (Awaited.TASK, "sleeps", 17)
    assert awaited(life, "gathers") == [Awaited.TASKS]
    (future,) = life.of("waits_for_future", Kind.SUSPEND)
    assert (future.b, life.line(future)) == (Awaited.FUTURE, 63)
    (patient,) = life.of("patient", Kind.SUSPEND)
    assert (patient.b, life.name(patient.obj), life.line(patient)) == (Awaited.TASK, "inner", 67)
    assert Awaited.IO in awaited(life, "reads")
    if life.version >= (3, 11):
        assert awaited(life, "group") == [Awaited.TASKS]


def test_an_exception_that_leaves_a_task(life):
    raised, ended = life.of("fails", Kind.RAISED, Kind.EXIT)
    assert (raised.kind, ended.a) == (Kind.RAISED, Outcome.FAILED)
    (error,) = [e for e in life.tables.exceptions if e.task == life.task("fails")]
    assert (error.type, error.message, error.where) == ("ValueError", "no", "asyncio")
    assert [(line, function) for _, line, function in error.traceback] == [(22, "fails")]


def test_cancelled_by_whom_and_what_came_of_it(life):
    cancel, ended = life.on("stubborn", Kind.CANCEL, Kind.EXIT)
    assert (life.name(cancel.task), life.function(cancel)) == ("main", "main")
    assert ended.a == Outcome.DONE
    assert ended.b == (1 if life.version >= (3, 11) else 0)
    cancel, ended = life.on("victim", Kind.CANCEL, Kind.EXIT)
    assert (life.name(cancel.task), life.line(cancel)) == ("MainThread", 33)
    assert ended.a == Outcome.CANCELLED
    assert life.kinds(life.of("victim")) == ["START", "STEP", "SUSPEND", "STEP", "EXIT"]


def test_a_time_limit_is_the_task_s_own_request(life):
    if life.version < (3, 11):
        pytest.skip("asyncio.timeout is new in 3.11")
    events = life.on("in_time", Kind.CANCEL, Kind.UNCANCEL, Kind.EXIT)
    assert life.kinds(events) == ["CANCEL", "UNCANCEL", "EXIT"]
    assert {life.name(e.task) for e in events} == {"in_time"}
    assert life.line(events[0]) == 43
    assert (events[2].a, events[2].b) == (Outcome.DONE, 0)


def test_renamed(life):
    assert life.task("late")
    assert life.task("main")


def test_a_task_from_another_thread(life):
    (spawn,) = [
        e for e in life.events
        if e.kind == Kind.SPAWN and life.tables.tasks[e.obj].callee == "from_outside"
    ]  # fmt: skip
    assert life.name(spawn.thread) == "MainThread"
    assert life.name(life.tables.tasks[spawn.obj].parent) == "MainThread"


def test_a_loop_in_a_thread(life):
    task = life.tables.tasks[life.task("in thread")]
    assert life.name(task.parent) == "loop thread"
    assert {life.name(e.thread) for e in life.of("in thread")} == {"loop thread"}


def test_an_idle_loop_sleeps(life):
    sleep = [e for e in life.of("MainThread", Kind.SLEEP) if e.a >= 0]
    slept = life.of("MainThread", Kind.SLEPT)
    assert sleep
    assert not all(e.b for e in sleep), "no file can wake it then, only time"
    assert len(slept) == len(life.of("MainThread", Kind.SLEEP))


def test_asyncio_s_own_tasks_are_told_apart(life):
    internal = {t.callee for t in life.tables.tasks.values() if t.internal}
    assert internal == {
        "BaseEventLoop.shutdown_asyncgens",
        "BaseEventLoop.shutdown_default_executor",
        "BaseSelectorEventLoop._accept_connection2",
    }


ODD = """
import asyncio, gc, sys, time
from asyncio import tasks


async def yields(n):
    for _ in range(n):
        await asyncio.sleep(0)
    return n


async def at_once():
    return 1


async def never():
    await asyncio.get_running_loop().create_future()


async def hot(n):
    for _ in range(n):
        await asyncio.sleep(0)
    time.sleep(0.01)  # a long step after many short ones


class Own(asyncio.Task):
    pass


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: None)
    python_task = tasks._PyTask(yields(1), loop=loop, name="of python")
    await python_task
    old_reference = tasks._CTask(yields(1), loop=loop, name="of c")
    await old_reference
    loop.set_task_factory(lambda loop, coro, **more: Own(coro, loop=loop, **more))
    own = asyncio.ensure_future(yields(1))
    own.set_name("own")
    own.cancel()
    try:
        await own
    except asyncio.CancelledError:
        pass
    loop.set_task_factory(None)
    if sys.version_info >= (3, 12):
        loop.set_task_factory(asyncio.eager_task_factory)
        task = asyncio.create_task(at_once(), name="eager")
        assert task.done()
        task = asyncio.create_task(yields(1), name="half eager")
        assert not task.done()
        await task
        loop.set_task_factory(None)
    lost = asyncio.create_task(never(), name="lost")
    await asyncio.sleep(0)
    gone, lost = id(lost), None
    gc.collect()
    await asyncio.create_task(hot(5000), name="hot")
    try:
        asyncio.Task(3)
    except TypeError as error:
        print(error)


asyncio.run(main())
"""


@pytest.fixture
def odd(record, version):
    return record(version, "odd", ODD)


def test_tasks_that_are_not_made_by_our_type(odd):
    for name in ("of python", "of c"):
        assert odd.kinds(odd.of(name)) == ["START", "STEP", "SUSPEND", "STEP", "EXIT"]
    assert odd.printed == "a coroutine was expected, got 3\n"
    assert odd.errors == ""


def test_a_subclass_of_the_program(odd):
    assert odd.kinds(odd.on("own", Kind.SPAWN, Kind.CANCEL, Kind.START, Kind.EXIT)) == [
        "SPAWN",
        "CANCEL",
        "START",
        "EXIT",
    ]
    assert odd.of("own", Kind.EXIT)[0].a == Outcome.CANCELLED


def test_eager_tasks(odd):
    if odd.version < (3, 12):
        pytest.skip("eager tasks are new in 3.12")
    assert odd.kinds(odd.of("eager")) == ["START", "STEP", "EXIT"]
    (spawn,) = odd.on("eager", Kind.SPAWN)
    assert odd.name(spawn.task) == "Task-1"
    assert odd.kinds(odd.of("half eager")) == ["START", "STEP", "SUSPEND", "STEP", "EXIT"]


def test_a_task_that_was_thrown_away(odd):
    events = odd.of("lost")
    assert odd.kinds(events)[:3] == ["START", "STEP", "SUSPEND"]
    assert (events[-1].kind, events[-1].a) == (Kind.EXIT, Outcome.CANCELLED)


def test_a_hot_loop_is_sampled_and_a_long_step_in_it_is_not_lost(odd):
    events = odd.of("hot", Kind.STEP, Kind.SUSPEND, Kind.SLEEP, Kind.EXIT)
    assert 100 < len(events) < 5000
    assert odd.session.recording.sampled > 5000
    assert odd.kinds(events[-3:]) in (["SLEEP", "STEP", "EXIT"], ["STEP", "SLEEP", "EXIT"])

"""What suspended tasks wait for: down to the future, the child, the connection, the call of a worker."""

import pytest

from syncscope_engine.events import Flag, Kind, Outcome

GRAPH = """
import asyncio, sys, threading

NEW = sys.version_info >= (3, 11)


async def child(event):
    await event.wait()


async def future(mine):
    await mine  # line 12


async def gathers(event):
    await asyncio.gather(*(child(event) for _ in range(3)))


async def nested(event):
    await asyncio.gather(asyncio.gather(named(child(event), "n1")), named(child(event), "n2"))


async def waits(event):
    await asyncio.wait([named(child(event), f"w{i}") for i in range(2)], timeout=60)


async def first(event):
    tasks = [named(child(event), f"f{i}") for i in range(2)]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait(tasks)


async def completed(event):
    for one in asyncio.as_completed([named(child(event), f"c{i}") for i in range(2)]):
        await one


async def shields(event):
    await asyncio.shield(named(child(event), "shielded"))


async def in_time(event):
    await asyncio.wait_for(named(child(event), "limited"), 60)


async def crowd(event):
    await asyncio.gather(*(child(event) for _ in range(50)))


async def threads(event):
    await asyncio.get_running_loop().run_in_executor(None, event.wait)


async def group(event):
    async with asyncio.TaskGroup() as tasks:
        for i in range(2):
            tasks.create_task(child(event), name=f"g{i}")


def named(coroutine, name=None):
    return asyncio.create_task(coroutine, name=name or coroutine.__name__)


async def resolves(mine):
    mine.set_result(None)


async def main():
    asyncio.current_task().set_name("main")
    mine = asyncio.get_running_loop().create_future()
    gate, door = asyncio.Event(), threading.Event()
    works = [future(mine), *(f(gate) for f in KINDS), threads(door)]
    tasks = [named(work) for work in works]
    for _ in range(5):
        await asyncio.sleep(0)
    await named(resolves(mine))
    gate.set()
    door.set()
    await asyncio.gather(*tasks)
    failing, dropped = (asyncio.get_running_loop().create_future() for _ in range(2))
    task = named(future(failing), "fails")
    await asyncio.sleep(0)
    failing.set_exception(ValueError("no"))
    await asyncio.wait([task])
    try:
        await task
    except ValueError as error:
        print(type(failing), isinstance(failing, asyncio.Future), error)
    task = named(future(dropped), "dropped")
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert dropped.cancelled()


KINDS = [gathers, nested, waits, first, completed, shields, in_time, crowd] + ([group] if NEW else [])
asyncio.run(main())
"""


@pytest.fixture
def graph(record, version):
    return record(version, "graph", GRAPH)


def test_a_future_of_the_program(graph):
    assert graph.awaited("future") == [("FUTURE", "mine")]
    (future,) = [r for r in graph.tables.resources.values() if r.kind == "future" and r.name == "mine"]
    assert graph.tables.places[future.place].function.endswith("main")
    (resolved,) = [e for e in graph.kind(Kind.RESOLVED) if e.obj == future.id]
    assert (graph.name(resolved.task), resolved.a) == ("resolves", Outcome.DONE)
    assert ("resolves", "future", "mine") in graph.links(Kind.RESOLVED)
    assert graph.said["future"] == ["waits for the result of `mine`"]


def test_futures_that_fail_or_are_cancelled(graph):
    outcomes = {graph.name(e.obj): e.a for e in graph.kind(Kind.RESOLVED) if graph.name(e.obj) != "mine"}
    assert set(outcomes.values()) >= {Outcome.FAILED, Outcome.CANCELLED}
    assert graph.printed == "<class '_asyncio.Future'> True no\n"


def test_the_children_of_gather(graph):
    children = graph.together("gathers")
    assert [(needs_all, n) for _, needs_all, n in children] == [(True, 3)] * 3
    ((what, first),) = graph.awaited("gathers")
    assert (what, first) == ("TASKS", children[0][0])
    names = [name for name, _, _ in children]
    assert graph.said["gathers"] == [f"waits for 3 tasks: {names[0]}, {names[1]} and {names[2]}"]
    assert [name for name, _, _ in graph.together("nested")] == ["n1", "n2"]


def test_a_crowd_is_counted_and_its_first_are_named(graph):
    children = graph.together("crowd")
    assert len(children) == 16
    assert {n for _, _, n in children} == {50}
    (said,) = graph.said["crowd"]
    assert said.startswith("waits for 50 tasks: ")
    assert said.endswith(" and 47 more")


def test_wait_all_some_and_with_a_limit(graph):
    assert graph.together("waits") == [("w0", True, 2), ("w1", True, 2)]
    (suspend,) = graph.of("waits", Kind.SUSPEND)
    assert suspend.flags & Flag.TIMED
    assert graph.together("first")[:2] == [("f0", False, 2), ("f1", False, 2)]
    assert graph.said["first"][0] == "waits for some of 2 tasks: f0 and f1"


def test_as_completed(graph):
    assert graph.together("completed")[:2] == [("c0", False, 2), ("c1", False, 2)]


def test_through_shield_and_wait_for(graph):
    assert graph.awaited("shields") == [("TASK", "shielded")]
    assert graph.awaited("in_time") == [("TASK", "limited")]
    (suspend,) = graph.of("in_time", Kind.SUSPEND)
    assert suspend.flags & Flag.TIMED


def test_a_task_group(graph):
    if graph.version < (3, 11):
        pytest.skip("task groups are new in 3.11")
    assert graph.together("group") == [("g0", True, 2), ("g1", True, 2)]
    assert graph.said["group"] == ["waits for 2 tasks: g0 and g1"]
    assert {(s, t) for s, t, _ in graph.links(Kind.EXIT)} >= {("g0", "group"), ("g1", "group")}


def test_a_call_in_another_thread(graph):
    ((what, call),) = graph.awaited("threads")
    assert (what, call) == ("FUTURE", "Event.wait()")
    (future,) = [r for r in graph.tables.resources.values() if r.name == "Event.wait()"]
    assert graph.tables.resources[future.part_of].kind == "executor"


def test_nothing_is_wrong(graph):
    assert graph.found() == []


STREAMS = """
import asyncio, sys


async def serve(reader, writer):
    asyncio.current_task().set_name("server")
    writer.write(await reader.read(100))
    await writer.drain()
    await reader.read()
    writer.close()


async def client(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(0.02)
    writer.write(b"x")
    await reader.read(1)
    writer.close()
    await writer.wait_closed()


async def raw(port):
    import socket

    loop = asyncio.get_running_loop()
    with socket.socket() as sock:
        sock.setblocking(False)
        await loop.sock_connect(sock, ("127.0.0.1", port))
        await asyncio.sleep(0.02)
        await loop.sock_sendall(sock, b"y")
        await loop.sock_recv(sock, 1)


async def child():
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    reading = asyncio.create_task(process.stdout.read(), name="reading")
    await asyncio.sleep(0.02)
    process.stdin.close()
    await reading
    print(await process.wait())


async def main():
    asyncio.current_task().set_name("main")
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(port)
    await asyncio.create_task(client(port), name="client")
    await asyncio.create_task(raw(port), name="raw")
    await asyncio.create_task(child(), name="child")
    server.close()


asyncio.run(main())
"""


@pytest.fixture
def streams(record, oldest_and_newest):
    return record(oldest_and_newest, "streams", STREAMS)


def test_connections_by_their_address(streams):
    port = streams.printed.split()[0]
    here = f"127.0.0.1:{port}"
    client = streams.awaited("client")
    assert ("IO_CONNECT", here) in client
    assert ("IO_READ", here) in client
    assert f"waits to read from `{here}`" in streams.said["client"]
    assert f"waits for a connection to `{here}`" in streams.said["client"]
    assert ("IO_READ", here) in streams.awaited("raw")
    server = [(what, of) for what, of in streams.awaited("server") if what == "IO_READ"]
    assert server
    assert all(of.startswith("127.0.0.1:") and of != here for _, of in server)


def test_the_pipe_of_a_child(streams):
    assert any(of.startswith("stdout of process ") for _, of in streams.awaited("reading"))
    assert streams.found() == []

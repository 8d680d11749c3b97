"""aiohttp, client and server really used: it works as it does bare, and its tasks say what they wait for."""

import subprocess
import sys

import pytest

from syncscope_engine.events import Kind

pytest.importorskip("aiohttp")

PROGRAM = """
import asyncio
import aiohttp
from aiohttp import web


async def number(request):
    await asyncio.sleep(0.02)
    return web.json_response({"n": int(request.match_info["n"])})


async def echo(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data.upper())
    return socket


async def fetch(session, url):
    async with session.get(url) as response:
        return (await response.json())["n"]


async def talk(session, url):
    async with session.ws_connect(url) as socket:
        await socket.send_str("hello")
        return await socket.receive_str()


async def main():
    app = web.Application()
    app.router.add_get("/number/{n}", number)
    app.router.add_get("/echo", echo)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    here = "127.0.0.1:{}".format(site._server.sockets[0].getsockname()[1])
    async with aiohttp.ClientSession() as session:
        tasks = [
            asyncio.create_task(fetch(session, f"http://{here}/number/{n}"), name=f"fetch {n}")
            for n in range(3)
        ]
        print(await asyncio.gather(*tasks))
        print(await asyncio.create_task(talk(session, f"ws://{here}/echo"), name="talk"))
        try:
            await session.get(f"http://{here}/number/1", timeout=aiohttp.ClientTimeout(total=0.001))
        except asyncio.TimeoutError:
            print("in vain")
    await runner.cleanup()


asyncio.run(main())
"""


def test_client_and_server(record, tmp_path):
    version = "{}.{}".format(*sys.version_info)
    web = record(version, "web", PROGRAM)
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    bare = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=30, check=True)
    assert (web.printed, web.errors) == (bare.stdout, bare.stderr)
    assert web.printed == "[0, 1, 2]\nHELLO\nin vain\n"
    for name in ("fetch 0", "talk"):
        here = {of for what, of in web.awaited(name) if what == "IO_READ"}
        assert len(here) == 1
        assert all(of.startswith("127.0.0.1:") for of in here)
    servers = [t for t in web.tables.tasks.values() if t.callee == "RequestHandler.start"]
    assert servers
    said = [text for task in servers for text in web.said[task.name]]
    assert any(text.startswith("waits to read from `127.0.0.1:") for text in said)
    accepting = {t.internal for t in web.tables.tasks.values() if "_accept_connection" in t.callee}
    assert accepting == {True}
    # the keep-alive timers of the connections are not what the loop waits for
    asleep = [event for event in web.kind(Kind.SLEEP) if event.a > 10**9]
    assert asleep
    assert all(event.b > 0 for event in asleep)
    assert web.found() == []

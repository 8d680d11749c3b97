"""A small web crawler: an aiohttp client follows the links of a site that an aiohttp server offers."""

import asyncio
import re

import aiohttp
from aiohttp import web

SITE = {"/": ["/a", "/b"], "/a": ["/b", "/c", "/missing"], "/b": ["/"], "/c": ["/slow"], "/slow": []}


async def page(request: web.Request) -> web.Response:
    if request.path not in SITE:
        raise web.HTTPNotFound
    if request.path == "/slow":
        await asyncio.sleep(0.02)
    links = "".join(f'<a href="{link}">' for link in SITE[request.path])
    return web.Response(text=f"<html>{links}</html>", content_type="text/html")


async def crawl(session: aiohttp.ClientSession, root: str) -> dict[str, int]:
    found: dict[str, int] = {"/": 0}
    todo: asyncio.Queue[str] = asyncio.Queue()
    todo.put_nowait("/")

    async def worker() -> None:
        while True:
            path = await todo.get()
            async with session.get(root + path) as answer:
                found[path] = answer.status
                for link in re.findall('href="([^"]*)"', await answer.text()):
                    if link not in found:
                        found[link] = 0
                        todo.put_nowait(link)
            todo.task_done()

    workers = [asyncio.create_task(worker()) for _ in range(3)]
    await todo.join()
    for each in workers:
        each.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return found


async def main() -> None:
    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        for path, status in sorted((await crawl(session, f"http://127.0.0.1:{port}")).items()):
            print(path, status)
    await runner.cleanup()


asyncio.run(main())

"""An aiohttp server and its client in one loop, a semaphore between them."""

import asyncio

from aiohttp import ClientSession, web


async def answer(request: web.Request) -> web.Response:
    await asyncio.sleep(0.01)
    return web.Response(text="x" * 1000)


async def main() -> None:
    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    few = asyncio.Semaphore(5)
    async with ClientSession() as session:

        async def length() -> int:
            async with few, session.get(f"http://{host}:{port}/") as response:
                return len(await response.text())

        assert sum(await asyncio.gather(*(length() for _ in range(30)))) == 30_000
    await runner.cleanup()


asyncio.run(main())

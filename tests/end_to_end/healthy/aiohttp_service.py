"""aiohttp: a server with middleware and an error page, a client with a time limit and a retry."""

import asyncio

from aiohttp import ClientSession, ClientTimeout, web

n_tries: dict[str, int] = {}


@web.middleware
async def count(request: web.Request, handler) -> web.StreamResponse:
    n_tries[request.path] = n_tries.get(request.path, 0) + 1
    return await handler(request)


async def shaky(request: web.Request) -> web.Response:
    if n_tries[request.path] < 3:
        raise web.HTTPServiceUnavailable
    return web.json_response({"tries": n_tries[request.path]})


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(0.2)
    return web.Response(text="late")


async def retry(session: ClientSession, url: str) -> dict:
    while True:
        async with session.get(url) as response:
            if response.status == 200:
                return await response.json()
        await asyncio.sleep(0.002)


async def main() -> None:
    app = web.Application(middlewares=[count])
    app.add_routes([web.get("/shaky", shaky), web.get("/slow", slow)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with ClientSession(f"http://{host}:{port}") as session:
        print(await retry(session, "/shaky"))
        async with session.get("/nowhere") as response:
            print(response.status)
        try:
            async with session.get("/slow", timeout=ClientTimeout(total=0.02)) as response:
                await response.read()
        except TimeoutError:
            print("too slow")
    await runner.cleanup()


asyncio.run(main())

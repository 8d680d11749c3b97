"""A real web site on this machine: linked pages, each of which takes a while.  It runs as a program of its own.

Page 0 links to the pages 1, 2 and 3, page 1 to 4, 5 and 6, and so on; every page links back to page 0.  The site
serves so many pages at once and no more: whoever asks for another is turned away.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator

try:
    import aiohttp.web
except ModuleNotFoundError:
    sys.exit("this program needs the package aiohttp: python -m pip install aiohttp")


@contextlib.contextmanager
def serving(pages: int, seats: int, pace: float) -> Iterator[str]:
    """While the site runs: its address.  It ends when its input is closed."""
    command = [sys.executable, __file__, str(pages), str(seats), str(pace)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as site:
        yield site.stdout.readline().strip()


class Site:
    def __init__(self, pages: int, seats: int, pace: float) -> None:
        self.pages, self.seats, self.pace = pages, seats, pace
        self.guests = 0

    async def page(self, request: aiohttp.web.Request) -> aiohttp.web.Response:
        number = int(request.match_info["number"])
        if number >= self.pages:
            raise aiohttp.web.HTTPNotFound
        if self.guests == self.seats:
            raise aiohttp.web.HTTPServiceUnavailable
        self.guests += 1
        await asyncio.sleep(self.pace)
        self.guests -= 1
        linked = [0, *range(3 * number + 1, min(3 * number + 4, self.pages))]
        return aiohttp.web.Response(
            text="".join(f'<a href="/page-{n}">page {n}</a>\n' for n in linked), content_type="text/html"
        )


async def serve(pages: int, seats: int, pace: float) -> None:
    app = aiohttp.web.Application()
    app.router.add_get(r"/page-{number:\d+}", Site(pages, seats, pace).page)
    runner = aiohttp.web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))

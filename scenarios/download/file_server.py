"""A real web server on this machine, slow and not quite reliable.  It runs as a program of its own.

Of its eight files one is listed but not there, one breaks off when it is asked for the first time, and one
is slow.
"""

import asyncio
import contextlib
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator

try:
    import aiohttp.web
except ModuleNotFoundError:
    sys.exit("this program needs the package aiohttp: python -m pip install aiohttp")

PIECES, SIZE = 5, 8000  # a file is sent in so many pieces of so many bytes
NAMES = ("atlas", "birds", "clouds", "dunes", "east", "ferns", "glacier", "harbour")
MISSING, DROPPED, SLOW = "clouds", "dunes", "east"
FILES = {name: random.Random(name).randbytes(PIECES * SIZE) for name in NAMES}


@contextlib.contextmanager
def serving(pace: float) -> Iterator[tuple[str, dict[str, str]]]:
    """While the server runs: its address, and the SHA-256 of each file.  It ends when its input is closed."""
    command = [sys.executable, __file__, str(pace)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        hello = json.loads(server.stdout.readline())
        yield hello["address"], hello["files"]


class Site:
    def __init__(self, pace: float) -> None:
        self.pace, self.dropped = pace, False

    async def send(self, request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        name = request.match_info["name"]
        if name not in FILES or name == MISSING:
            raise aiohttp.web.HTTPNotFound
        response = aiohttp.web.StreamResponse()
        response.content_length = len(FILES[name])
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # the other side may have given up
            for piece in range(PIECES):
                await asyncio.sleep(self.pace * (4 if name == SLOW else 1))
                if name == DROPPED and piece == 2 and not self.dropped:
                    self.dropped = True
                    request.transport.abort()
                await response.write(FILES[name][piece * SIZE : (piece + 1) * SIZE])
        return response


async def serve(pace: float) -> None:
    app = aiohttp.web.Application()
    app.router.add_get("/{name}", Site(pace).send)
    runner = aiohttp.web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    print(json.dumps({"address": f"{host}:{port}", "files": sums}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(float(sys.argv[1])))

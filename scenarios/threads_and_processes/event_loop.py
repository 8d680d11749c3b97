"""Asyncio: one thread, many tasks.  Each asks a slow server, and while one waits the others go on."""

import argparse
import asyncio
import select
import socket
import threading
import time
from collections import deque


def serve(listener: socket.socket, delay: float) -> None:
    """The slow server: it answers every caller, `delay` seconds after the call."""
    callers = deque()
    while True:
        patience = max(0, callers[0][0] - time.monotonic()) if callers else None
        if select.select([listener], [], [], patience)[0]:
            callers.append((time.monotonic() + delay, listener.accept()[0]))
        else:
            with callers.popleft()[1] as caller:
                caller.sendall(b"here you are")


async def work(pages: int, address: tuple[str, int], start: float) -> None:
    for _ in range(pages):
        reader, writer = await asyncio.open_connection(*address)
        await reader.read(100)
        writer.close()
        await writer.wait_closed()
    print(f"{asyncio.current_task().get_name()}: waited until {time.time() - start:.2f} s")


async def main(workers: int, pages: int, address: tuple[str, int]) -> None:
    start = time.time()
    async with asyncio.TaskGroup() as group:
        for n in range(workers):
            group.create_task(work(pages, address, start), name=f"worker-{n + 1}")
    print(f"{workers * pages} pages: {time.time() - start:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=4, help="asyncio tasks")
    parser.add_argument("--pages", type=int, default=12, help="pages that each one asks for")
    parser.add_argument("--delay", type=float, default=0.4, help="seconds until the server answers")
    args = parser.parse_args()

    listener = socket.create_server(("127.0.0.1", 0), backlog=args.workers)
    threading.Thread(target=serve, args=(listener, args.delay), name="server", daemon=True).start()
    asyncio.run(main(args.workers, args.pages, listener.getsockname()))

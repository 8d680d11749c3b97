"""One kind of asyncio work, N steps or operations in all; prints ns of processor time for each.

python asyncio_work.py KIND N
"""

import asyncio
import sys
import time


async def spin(steps: int) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)


async def two_tasks(n: int) -> None:
    await asyncio.gather(*(spin(n // 2) for _ in range(2)))


async def fifty_tasks(n: int) -> None:
    await asyncio.gather(*(spin(n // 50) for _ in range(50)))


async def futures(n: int) -> None:
    """Two tasks wake each other by futures."""
    loop = asyncio.get_running_loop()
    waiting: list[asyncio.Future[None] | None] = [None, None]

    async def side(me: int) -> None:
        for _ in range(n // 2):
            mine, other = loop.create_future(), waiting[1 - me]
            waiting[me] = mine
            if other is not None and not other.done():
                other.set_result(None)
            await mine
        other = waiting[1 - me]
        if other is not None and not other.done():
            other.set_result(None)

    await asyncio.gather(side(0), side(1))


async def queue(n: int) -> None:
    """Items through a queue that is never empty for long."""
    belt: asyncio.Queue[int] = asyncio.Queue(100)

    async def put() -> None:
        for i in range(n):
            await belt.put(i)

    async def get() -> None:
        for _ in range(n):
            await belt.get()

    await asyncio.gather(put(), get())


async def lock(n: int) -> None:
    """A lock that nobody waits for."""
    one = asyncio.Lock()
    for _ in range(n):
        async with one:
            pass


async def create(n: int) -> None:
    async def nothing() -> None:
        pass

    for _ in range(n):
        await asyncio.create_task(nothing())


KINDS = {f.__name__: f for f in (two_tasks, fifty_tasks, futures, queue, lock, create)}

if __name__ == "__main__":
    work, n = KINDS[sys.argv[1]], int(sys.argv[2])
    start = time.thread_time_ns()
    asyncio.run(work(n))
    print((time.thread_time_ns() - start) / n)

"""Chained coroutines, async generators and context managers, a priority queue, a producer that is awaited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


async def fetch(n: int) -> AsyncIterator[int]:
    for page in range(n):
        await asyncio.sleep(0.001)
        yield page


@asynccontextmanager
async def opened(name: str, closed: list[str]) -> AsyncIterator[str]:
    await asyncio.sleep(0)
    try:
        yield name
    finally:
        await asyncio.sleep(0)
        closed.append(name)


async def produce(queue: asyncio.Queue) -> None:
    async for page in fetch(10):
        await queue.put((-page, page))
    for _ in range(2):
        await queue.put((100, None))


async def consume(queue: asyncio.Queue, found: list[int]) -> None:
    while (item := await queue.get())[1] is not None:
        found.append(item[1])
        await asyncio.sleep(0.001)


async def main() -> None:
    closed: list[str] = []
    async with opened("a", closed) as first, opened("b", closed) as second:
        names = first + second
    queue: asyncio.PriorityQueue = asyncio.PriorityQueue(4)
    found: list[int] = []
    await asyncio.gather(produce(queue), consume(queue, found), consume(queue, found))
    loop = asyncio.get_running_loop()
    promise = loop.create_future()
    loop.call_later(0.005, promise.set_result, "kept")
    print(names, closed, sorted(found), await promise, [page async for page in fetch(3)])


asyncio.run(main())

"""N asyncio tasks of two coroutines: clients that share a semaphore and sleep, and one queue that they fill.

They come and go: each client ends after a while, and another one takes its place.
"""

import asyncio
import random
import sys

n = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
chance = random.Random(1)


async def client(gate: asyncio.Semaphore, jobs: "asyncio.Queue[int]") -> None:
    for _ in range(chance.randint(1, 5)):
        async with gate:
            await asyncio.sleep(chance.uniform(0.01, 0.05))
            await jobs.put(1)
        await asyncio.sleep(chance.uniform(1, 20))


async def consumer(jobs: "asyncio.Queue[int]") -> None:
    while True:
        await jobs.get()
        await asyncio.sleep(0.001)


async def main() -> None:
    gate, jobs = asyncio.Semaphore(50), asyncio.Queue(100)
    consumers = [asyncio.create_task(consumer(jobs), name=f"consumer-{i}") for i in range(4)]
    running = {asyncio.create_task(client(gate, jobs)) for _ in range(n)}
    print(n, "tasks", flush=True)
    while True:
        _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        running |= {asyncio.create_task(client(gate, jobs)) for _ in range(n - len(running))}
        await asyncio.sleep(0.05)
        assert all(not task.done() for task in consumers)


asyncio.run(main())

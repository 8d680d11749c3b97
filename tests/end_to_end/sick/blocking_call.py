# expects: blocking_call
"""A coroutine sleeps with time.sleep, and everybody else on its loop stands still."""

import asyncio
import time


async def tick() -> None:
    for _ in range(20):
        await asyncio.sleep(0.02)


async def work() -> None:
    await asyncio.sleep(0.05)
    time.sleep(0.4)


async def main() -> None:
    await asyncio.gather(tick(), work())


asyncio.run(main())

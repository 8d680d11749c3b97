# expects: lock_order_inversion
"""Two asyncio tasks take two locks in opposite orders, one after the other by chance."""

import asyncio


async def work(first: asyncio.Lock, second: asyncio.Lock, start: float) -> None:
    await asyncio.sleep(start)
    async with first:
        await asyncio.sleep(0.01)
        async with second:
            pass


async def main() -> None:
    left, right = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(work(left, right, 0.0), work(right, left, 0.2))


asyncio.run(main())

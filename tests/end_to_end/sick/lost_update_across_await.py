# expects: lost_update
"""Ten asyncio tasks read a number, await, and write it back: one of ten increments is left."""

import asyncio

number = 0


async def work() -> None:
    global number
    old = number
    await asyncio.sleep(0.01)
    number = old + 1


async def main() -> None:
    await asyncio.gather(*(work() for _ in range(10)))
    print(number)


asyncio.run(main())

# expects: swallowed_cancellation
"""A task catches everything, its cancellation too, and goes on."""

import asyncio


async def stubborn() -> None:
    for _ in range(5):
        try:
            await asyncio.sleep(0.02)
        except BaseException:
            print("caught")


async def main() -> None:
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0.03)
    task.cancel()
    await task


asyncio.run(main())

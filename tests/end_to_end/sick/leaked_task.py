# expects: leaked_task
"""A coroutine is called and never awaited."""

import asyncio


async def save() -> None:
    print("saved")


async def main() -> None:
    save()
    await asyncio.sleep(0.01)


asyncio.run(main())

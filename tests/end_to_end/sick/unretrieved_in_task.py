# expects: unretrieved_exception
"""A task fails, and nobody awaits it."""

import asyncio


async def fetch() -> None:
    raise ConnectionError("no answer")


async def main() -> None:
    tasks = [asyncio.create_task(fetch())]
    await asyncio.sleep(0.02)
    tasks.clear()
    await asyncio.sleep(0.02)


asyncio.run(main())

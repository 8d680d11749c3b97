# expects: deadlock
"""An asyncio task waits for an event that nobody sets."""

import asyncio


async def main() -> None:
    await asyncio.gather(asyncio.Event().wait(), asyncio.sleep(0.01))


asyncio.run(main())

"""Two asyncio tasks that take turns with sleep(0), N steps in all; prints ns per step."""

import asyncio
import sys
import time

n = int(sys.argv[1])


async def spin(steps: int) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)


async def main() -> None:
    await asyncio.gather(spin(n // 2), spin(n // 2))


start = time.perf_counter_ns()
asyncio.run(main())
print((time.perf_counter_ns() - start) / n)

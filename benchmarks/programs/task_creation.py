"""N asyncio tasks created and awaited, a hundred at a time; prints ns for each."""

import asyncio
import sys
import time

n = int(sys.argv[1])


async def nothing() -> None:
    pass


async def main() -> None:
    for _ in range(n // 100):
        await asyncio.gather(*(asyncio.create_task(nothing()) for _ in range(100)))


start = time.perf_counter_ns()
asyncio.run(main())
print((time.perf_counter_ns() - start) / n)

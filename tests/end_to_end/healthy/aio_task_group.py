"""Task groups: a nested one, one whose failure cancels the siblings, and a time limit around a third."""

import asyncio


async def fetch(n: int) -> int:
    await asyncio.sleep(0.002 * n)
    if n == 7:
        raise ValueError(f"page {n}")
    return n


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(n)) for n in range(4)]
        async with asyncio.TaskGroup() as inner:
            more = inner.create_task(fetch(5))
    print([task.result() for task in tasks], more.result())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(60))
            group.create_task(fetch(7))
    except* ValueError as errors:
        print([str(error) for error in errors.exceptions])
    try:
        async with asyncio.timeout(0.02), asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(60))
    except TimeoutError:
        print("too late")


asyncio.run(main())

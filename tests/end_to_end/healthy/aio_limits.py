"""Time limits and cancellation, caught and cleaned up: wait_for, timeout, shield, wait, gather, suppress."""

import asyncio
import contextlib

log: list[str] = []


async def work(name: str, seconds: float) -> str:
    try:
        await asyncio.sleep(seconds)
        return name
    except asyncio.CancelledError:
        log.append(f"{name} cancelled")
        raise
    finally:
        await asyncio.sleep(0)


async def fails(name: str) -> None:
    await asyncio.sleep(0.002)
    raise ValueError(name)


async def main() -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(work("slow", 60), 0.01)
    try:
        async with asyncio.timeout(0.01):
            await work("slower", 60)
    except TimeoutError:
        log.append("timeout")
    inner = asyncio.create_task(work("shielded", 0.03))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(inner), 0.01)
    log.append(await inner)
    done, pending = await asyncio.wait(
        [asyncio.create_task(work("fast", 0.001)), asyncio.create_task(work("late", 60))],
        return_when=asyncio.FIRST_COMPLETED,
    )
    for task in pending:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    log.append(done.pop().result())
    results = await asyncio.gather(fails("a"), work("b", 0.001), fails("c"), return_exceptions=True)
    log.append(" ".join(str(result) for result in results))
    task = asyncio.create_task(fails("d"))
    try:
        await task
    except ValueError as error:
        log.append(f"caught {error}")


asyncio.run(main())
print("\n".join(log))

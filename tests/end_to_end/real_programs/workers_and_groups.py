"""Workers on an asyncio queue, a group of tasks that fails, time limits, threads, several loops."""

import asyncio
import contextvars
import threading
import time

request = contextvars.ContextVar("request", default="nobody")


async def worker(name: str, belt: "asyncio.Queue[int]", done: "list[int]") -> None:
    while True:
        item = await belt.get()
        await asyncio.sleep(0)
        done.append(item)
        belt.task_done()


async def fails(after: int) -> None:
    for _ in range(after):
        await asyncio.sleep(0)
    raise LookupError(f"after {after} steps")


async def waits() -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("cancelled while waiting")
        raise


def in_a_thread() -> str:
    time.sleep(0.01)
    return f"{request.get()} in a thread"


async def main() -> None:
    belt: asyncio.Queue[int] = asyncio.Queue(5)
    done: list[int] = []
    workers = [asyncio.create_task(worker(f"worker {i}", belt, done)) for i in range(3)]
    for item in range(20):
        await belt.put(item)
    await belt.join()
    for each in workers:
        each.cancel()
    print(sorted(done), await asyncio.gather(*workers, return_exceptions=True))

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails(2))
            group.create_task(waits())
    except* LookupError as errors:
        print(errors.exceptions)

    try:
        async with asyncio.timeout(0.01):
            await waits()
    except TimeoutError:
        print("too late")
    try:
        await asyncio.wait_for(waits(), 0.01)
    except TimeoutError:
        print("too late again")

    request.set("somebody")
    print(await asyncio.to_thread(in_a_thread))
    lock, condition, semaphore = asyncio.Lock(), asyncio.Condition(), asyncio.Semaphore(2)
    async with lock, condition, semaphore:
        print(lock, semaphore.locked())
    finished, pending = await asyncio.wait(
        [asyncio.create_task(fails(1)), asyncio.create_task(waits())], return_when=asyncio.FIRST_EXCEPTION
    )
    print(len(finished), len(pending), repr(finished.pop().exception()))
    pending.pop().cancel()
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    other = threading.Thread(
        target=lambda: asyncio.run(asyncio.sleep(0)) or loop.call_soon_threadsafe(ready.set)
    )
    other.start()
    await ready.wait()
    other.join()


asyncio.run(main())

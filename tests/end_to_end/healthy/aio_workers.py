"""asyncio workers on a queue, cancelled when it has been worked off."""

import asyncio


async def work(name: str, todo: asyncio.Queue[int], results: dict[str, int]) -> None:
    while True:
        n = await todo.get()
        await asyncio.sleep(0.001 * (n % 3))
        results[name] = results.get(name, 0) + n  # no await in between: nobody can come in
        todo.task_done()


async def main() -> None:
    todo: asyncio.Queue[int] = asyncio.Queue(maxsize=5)
    results: dict[str, int] = {}
    workers = [asyncio.create_task(work(f"w{n}", todo, results)) for n in range(3)]
    for n in range(40):
        await todo.put(n)
    await todo.join()
    for worker in workers:
        worker.cancel()
    ends = await asyncio.gather(*workers, return_exceptions=True)
    print(sum(results.values()), [type(end).__name__ for end in ends])


asyncio.run(main())

"""asyncio's lock, condition, event, semaphore and barrier; a balance changed across an await, under the lock."""

import asyncio


class Account:
    def __init__(self) -> None:
        self.balance = 0
        self.lock = asyncio.Lock()

    async def pay(self, amount: int) -> None:
        async with self.lock:
            before = self.balance
            await asyncio.sleep(0.001)
            self.balance = before + amount


class Buffer:
    def __init__(self) -> None:
        self.items: list[int] = []
        self.changed = asyncio.Condition()

    async def put(self, item: int) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: len(self.items) < 2)
            self.items.append(item)
            self.changed.notify_all()

    async def get(self) -> int:
        async with self.changed:
            await self.changed.wait_for(lambda: self.items)
            self.changed.notify_all()
            return self.items.pop(0)


async def meet(barrier: asyncio.Barrier, met: list[int]) -> None:
    async with barrier as position:
        met.append(position)


async def main() -> None:
    account, buffer = Account(), Buffer()
    await asyncio.gather(*(account.pay(10) for _ in range(8)))
    got = await asyncio.gather(*(buffer.get() for _ in range(6)), *(buffer.put(n) for n in range(6)))
    met: list[int] = []
    barrier, go = asyncio.Barrier(3), asyncio.Event()
    parties = [asyncio.create_task(meet(barrier, met)) for _ in range(3)]
    asyncio.get_running_loop().call_later(0.005, go.set)
    await go.wait()
    await asyncio.gather(*parties)
    few = asyncio.BoundedSemaphore(2)
    async with few, few:
        print(few.locked())
    print(account.balance, sorted(got[:6]), sorted(met))


asyncio.run(main())

"""Background tasks: kept in a set until they are done, a ticker that is cancelled at the end, a debounced call."""

import asyncio
import contextlib

background: set[asyncio.Task] = set()
saved: list[int] = []


def in_background(coroutine) -> None:
    task = asyncio.create_task(coroutine)
    background.add(task)
    task.add_done_callback(background.discard)


async def save(n: int) -> None:
    await asyncio.sleep(0.002 * (n % 3))
    saved.append(n)


class Ticker:
    n = 0

    async def run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(0.002)
                self.n += 1


class Debounced:
    def __init__(self) -> None:
        self.handle: asyncio.TimerHandle | None = None
        self.n_calls = 0

    def call(self) -> None:
        if self.handle is not None:
            self.handle.cancel()
        self.handle = asyncio.get_running_loop().call_later(0.01, self.act)

    def act(self) -> None:
        self.n_calls += 1


async def main() -> None:
    ticker, debounced = Ticker(), Debounced()
    ticking = asyncio.create_task(ticker.run())
    for n in range(6):
        in_background(save(n))
        debounced.call()
        await asyncio.sleep(0)
    while background:
        await asyncio.gather(*background)
    while ticker.n <= 3 or not debounced.n_calls:
        await asyncio.sleep(0.005)
    ticking.cancel()
    await ticking
    print(sorted(saved), ticker.n > 3, debounced.n_calls)


asyncio.run(main())

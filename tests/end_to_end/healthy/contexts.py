"""contextvars in threads and tasks, a generator behind a lock, lru_cache and cached_property between threads."""

import asyncio
import contextvars
import functools
import threading
from collections.abc import Iterator

user: contextvars.ContextVar[str] = contextvars.ContextVar("user", default="nobody")
names: list[str] = []


def note() -> None:
    names.append(user.get())


def as_user(name: str) -> None:
    user.set(name)
    note()


def numbers() -> Iterator[int]:
    yield from range(30)


class Locked:
    def __init__(self, inner: Iterator[int]) -> None:
        self.inner, self.lock = inner, threading.Lock()

    def __iter__(self) -> "Locked":
        return self

    def __next__(self) -> int:
        with self.lock:
            return next(self.inner)


@functools.lru_cache(maxsize=8)
def square(n: int) -> int:
    return n * n


def drain(source: Iterator[int], into: list[int]) -> None:
    into.extend(square(n) for n in source)


async def main() -> None:
    await asyncio.gather(*(asyncio.to_thread(as_user, f"guest{n}") for n in range(3)))
    note()


threads = [
    threading.Thread(target=contextvars.copy_context().run, args=(as_user, f"user{n}")) for n in range(3)
]
shared, squares = Locked(numbers()), []
threads += [threading.Thread(target=drain, args=(shared, squares)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
asyncio.run(main())
print(sorted(names), sum(squares))

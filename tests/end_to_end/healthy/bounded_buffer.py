"""Two producers and three consumers around a bounded buffer with two conditions on one lock."""

import threading
from collections import deque

lock = threading.Lock()
not_empty, not_full = threading.Condition(lock), threading.Condition(lock)
buffer: deque[int | None] = deque()
taken: list[int] = []


def put(item: int | None) -> None:
    with not_full:
        not_full.wait_for(lambda: len(buffer) < 4)
        buffer.append(item)
        not_empty.notify()


def get() -> int | None:
    with not_empty:
        while not buffer:
            not_empty.wait()
        item = buffer.popleft()
        not_full.notify()
        return item


def produce(first: int) -> None:
    for n in range(first, first + 40):
        put(n)


def consume() -> None:
    while (item := get()) is not None:
        with lock:
            taken.append(item)


producers = [threading.Thread(target=produce, args=(first,)) for first in (0, 40)]
consumers = [threading.Thread(target=consume) for _ in range(3)]
for thread in [*consumers, *producers]:
    thread.start()
for thread in producers:
    thread.join()
for _ in consumers:
    put(None)
for thread in consumers:
    thread.join()
print(sorted(taken) == list(range(80)))

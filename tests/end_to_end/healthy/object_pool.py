"""Three connections shared by eight threads through a LIFO queue, with a time limit for who waits."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Connection:
    def __init__(self) -> None:
        self.n_used = 0

    def query(self, n: int) -> int:
        self.n_used += 1  # whoever took it out of the pool has it alone
        time.sleep(0.001)
        return n * n


class Pool:
    def __init__(self, size: int) -> None:
        self._free: queue.LifoQueue[Connection] = queue.LifoQueue(size)
        for _ in range(size):
            self._free.put(Connection())

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        connection = self._free.get(timeout=20)
        try:
            yield connection
        finally:
            self._free.put(connection)

    def n_used(self) -> int:
        return sum(self._free.get_nowait().n_used for _ in range(self._free.qsize()))


pool = Pool(3)
answers: list[int] = []


def ask(first: int) -> None:
    for n in range(first, first + 5):
        with pool.connection() as connection:
            answers.append(connection.query(n))


threads = [threading.Thread(target=ask, args=(first,)) for first in range(0, 40, 5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(answers), pool.n_used())

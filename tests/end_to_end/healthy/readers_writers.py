"""A readers-writer lock that lets waiting writers go first, out of one condition."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadWriteLock:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers = 0
        self._writing = False
        self._writers_waiting = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._writing and not self._writers_waiting)
            self._readers += 1
        yield
        with self._changed:
            self._readers -= 1
            self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._changed:
            self._writers_waiting += 1
            self._changed.wait_for(lambda: not self._writing and not self._readers)
            self._writers_waiting -= 1
            self._writing = True
        yield
        with self._changed:
            self._writing = False
            self._changed.notify_all()


page = {"text": 0, "copy": 0}
lock = ReadWriteLock()


def read() -> None:
    for _ in range(30):
        with lock.reading():
            assert page["text"] == page["copy"]


def write() -> None:
    for _ in range(10):
        with lock.writing():
            page["text"] += 1
            page["copy"] += 1


threads = [threading.Thread(target=target) for target in (read, read, read, write, write)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(page)

"""Semaphore and BoundedSemaphore."""

from .run import current
from .shared_objects import SharedObject


class Semaphore(SharedObject):
    kind = "semaphore"

    def __init__(self, value: int = 1) -> None:
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._initial_value = value
        self._value = value
        self._made()

    def _begin(self) -> None:
        self._value = self._initial_value

    def _has_one(self) -> bool:
        return self._value > 0

    def acquire(self, blocking: bool = True, timeout: "float | None" = None) -> bool:
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        run = current()
        if run is not None:
            key = self._in(run)
            if run.ending:
                run.leave()
            if not blocking:
                run.point("try", key, True, self._name)
            else:
                run.point("acquire", key, True, self._name, self._has_one, run.after(timeout))
        if self._value <= 0:
            return False
        self._value -= 1
        return True

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *raised: object) -> None:
        self.release()

    def release(self, n: int = 1) -> None:
        if n < 1:
            raise ValueError("n must be one or more")
        run = current()
        if run is not None:
            key = self._in(run)
            if not run.ending:
                run.point("release", key, True, self._name)
        self._put_back(n)

    def _put_back(self, n: int) -> None:
        self._value += n

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name} value:{self._value}>"


class BoundedSemaphore(Semaphore):
    def _put_back(self, n: int) -> None:
        if self._value + n > self._initial_value:
            raise ValueError("Semaphore released too many times")
        self._value += n

"""Condition: whoever was notified competes for the lock with everybody else, as it really is."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from .locks import Lock, RLock
from .originals import getframe
from .run import current, now
from .shared_objects import SharedObject
from .tasks import Task

_Standard = threading.Condition


class Condition(SharedObject):
    kind = "condition"

    def __new__(cls, lock: Any = None) -> Any:
        if lock is not None and not isinstance(lock, Lock):
            return _Standard(lock)  # a lock of the program's own making: the standard code, on our locks
        return super().__new__(cls)

    def __init__(self, lock: Any = None) -> None:
        run = now.run
        if lock is not None and run is not None and getframe(1).f_code.co_filename not in run.files:
            self._name = lock._name  # one of several on the lock of a queue
        else:
            self._made()
        self._lock: Lock = RLock.named(self._name) if lock is None else lock
        self._waiters: deque[list[Any]] = deque()
        self._real: Any = None
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def _begin(self) -> None:
        self._waiters.clear()

    def __enter__(self) -> Any:
        return self._lock.__enter__()

    def __exit__(self, *raised: object) -> None:
        self._lock.release()

    def _is_owned(self) -> bool:
        return self._lock._is_owned()

    def wait(self, timeout: "float | None" = None) -> bool:
        run = current()
        if run is None:
            return bool(self._outside().wait(timeout))
        self._in(run)
        lock = self._lock
        key = lock._in(run)
        if run.ending:
            run.leave()
        if not lock._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        run.point("wait", key, True, self._name)
        # from here on it waits, and the lock is free: one act
        waiter: list[Any] = [run.current, False]
        self._waiters.append(waiter)
        saved = lock._give_up()
        deadline = run.after(timeout)

        operation = run.operation("wake", key, True, self._name)
        if deadline is None:
            run.step(operation, lambda: waiter[1] and not lock._locked)
        else:
            run.timed_step(operation, lambda: waiter[1], deadline, lock._is_free)
        lock._take_back(run, saved)
        if not waiter[1]:
            self._waiters.remove(waiter)
        return bool(waiter[1])

    def wait_for(self, predicate: "Callable[[], Any]", timeout: "float | None" = None) -> Any:
        run = current()
        if run is None:
            return self._outside().wait_for(predicate, timeout)
        deadline = run.after(timeout)
        result = predicate()
        while not result:
            rest = None
            if deadline is not None:
                rest = deadline - run.clock.now
                if rest <= 0:
                    break
            self.wait(rest)
            result = predicate()
        return result

    def notify(self, n: int = 1) -> None:
        run = current()
        if run is None:
            self._outside().notify(n)
            return
        self._notify(n, "notify")

    def notify_all(self) -> None:
        run = current()
        if run is None:
            self._outside().notify_all()
            return
        self._notify(1 << 30, "notify_all")

    def _notify(self, n: int, kind: str) -> None:
        run = current()
        assert run is not None
        self._in(run)
        if run.ending:
            return
        if not self._lock._is_owned():
            raise RuntimeError("cannot notify on un-acquired lock")
        run.point(kind, self._lock._in(run), True, self._name)
        while n > 0 and self._waiters:
            self._waiters.popleft()[1] = True
            n -= 1

    def notifyAll(self) -> None:  # noqa: N802
        self.notify_all()

    def waiting(self) -> "list[Task]":
        return [waiter[0] for waiter in self._waiters]

    def _outside(self) -> Any:
        if self._real is None:
            self._real = _Standard(self._lock)  # type: ignore[arg-type]
        return self._real

    def _at_fork_reinit(self) -> None:
        self._lock._at_fork_reinit()
        self._waiters.clear()

    def __repr__(self) -> str:
        return f"<Condition {self._name}, {len(self._waiters)} waiting>"

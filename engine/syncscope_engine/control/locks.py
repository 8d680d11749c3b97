"""Lock and RLock."""

from typing import Any

from . import originals
from .run import Run, current
from .shared_objects import SharedObject
from .tasks import Task


class Lock(SharedObject):
    kind = "lock"

    def __init__(self) -> None:
        self._real: Any = None
        self._owner: Task | None = None
        self._locked = False
        self._made()

    def _begin(self) -> None:
        self._owner = None
        self._locked = False

    def _is_free(self) -> bool:
        return not self._locked

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        run = current()
        if run is None:
            return bool(self._outside().acquire(blocking, timeout))
        _check(blocking, timeout)
        key = self._in(run)
        if run.ending:
            run.leave()
        if not blocking:
            run.point("try", key, True, self._name)
            if self._locked:
                return False
        elif timeout >= 0:
            run.point("acquire", key, True, self._name, self._is_free, run.after(timeout))
            if self._locked:
                return False
        else:
            run.point("acquire", key, True, self._name, self._is_free)
        self._take(run)
        return True

    def _take(self, run: Run) -> None:
        self._locked = True
        self._owner = run.current

    def release(self) -> None:
        run = current()
        if run is None:
            self._outside().release()
            return
        key = self._in(run)
        if not run.ending:
            run.point("release", key, True, self._name)
            if not self._locked:
                raise RuntimeError("release unlocked lock")
        self._locked = False
        self._owner = None

    def locked(self) -> bool:
        run = current()
        if run is None:
            return bool(self._outside().locked())
        run.point("locked", self._in(run), False, self._name)
        return self._locked

    __enter__ = acquire
    acquire_lock = acquire
    release_lock = release
    locked_lock = locked

    def __exit__(self, *raised: object) -> None:
        self.release()

    def _outside(self) -> Any:
        if self._real is None:
            self._real = originals.allocate_lock()
        return self._real

    def _at_fork_reinit(self) -> None:
        self._begin()
        self._real = None

    def __repr__(self) -> str:
        return f"<{'locked' if self._locked else 'unlocked'} lock {self._name}>"

    # -- for Condition: the state is exchanged without a scheduling point of its own

    def _is_owned(self) -> bool:
        return self._locked if current() is not None else bool(self._outside().locked())

    def _give_up(self) -> Any:
        self._locked = False
        self._owner = None
        return None

    def _take_back(self, run: Run, saved: Any) -> None:
        self._take(run)


class RLock(Lock):
    kind = "lock"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    @classmethod
    def named(cls, name: str) -> "RLock":
        """The lock of a condition, which has the name."""
        self = cls.__new__(cls)
        self._real = None
        self._begin()
        self._name = name
        return self

    def _begin(self) -> None:
        super()._begin()
        self._count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        run = current()
        if run is not None:
            self._in(run)
            if self._owner is run.current:
                self._count += 1  # nobody else can notice: not a scheduling point
                return True
        return super().acquire(blocking, timeout)

    __enter__ = acquire

    def _take(self, run: Run) -> None:
        super()._take(run)
        self._count = 1

    def release(self) -> None:
        run = current()
        if run is None:
            self._outside().release()
            return
        self._in(run)
        if self._owner is not run.current:
            if run.ending:
                return
            raise RuntimeError("cannot release un-acquired lock")
        if self._count > 1:
            self._count -= 1
            return
        super().release()
        self._count = 0

    def _outside(self) -> Any:
        if self._real is None:
            self._real = originals.RLock()
        return self._real

    def locked(self) -> bool:
        run = current()
        if run is None:
            real = self._outside()
            return bool(real.locked()) if hasattr(real, "locked") else bool(real._is_owned())
        return super().locked()

    def _is_owned(self) -> bool:
        run = current()
        if run is None:
            return bool(self._outside()._is_owned())
        self._in(run)
        return self._owner is run.current

    def _recursion_count(self) -> int:
        return self._count if self._is_owned() else 0

    def _give_up(self) -> Any:
        count, self._count = self._count, 0
        super()._give_up()
        return count

    def _take_back(self, run: Run, saved: Any) -> None:
        super()._take(run)
        self._count = saved

    # -- for Condition variables of others

    def _release_save(self) -> Any:
        run = current()
        if run is None:
            return self._outside()._release_save()
        count = self._count
        self._count = 1
        self.release()
        return count

    def _acquire_restore(self, saved: Any) -> None:
        if current() is None:
            self._outside()._acquire_restore(saved)
            return
        self.acquire()
        self._count = saved


def _check(blocking: bool, timeout: float) -> None:
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError("timeout value must be a non-negative number")
    if timeout > originals.TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")

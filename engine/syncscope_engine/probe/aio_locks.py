"""asyncio's Lock, Semaphore and BoundedSemaphore."""

from asyncio import locks
from types import FrameType
from typing import Any

from ..events import Flag, Kind
from . import aio_steps, aio_tasks, frames, recorder
from .aio_resources import AioProbe, asker, declare, making, probe_of
from .aio_steps import Asked, Steps
from .originals import get_ident, getframe
from .patching import PROBE, wrap
from .recorder import S_IN, S_VALUE, W_FRAME

running = recorder.running
words: "memoryview[int]"


def _opened() -> None:
    global words
    words = recorder.words


recorder.when_opened(_opened)


class LockProbe(AioProbe):
    """owner: task id.  recorded: the acquisition was, so the release will be.  `n_asking` also counts the
    tasks that wait for a condition of this lock."""

    __slots__ = ("owner", "recorded")

    def __init__(self, id_: int, slot: int, word: int) -> None:
        super().__init__(id_, slot, word)
        self.owner = 0
        self.recorded = False


def declare_lock(lock: Any, frame: "FrameType | None", id_: int = 0, part_of: int = 0) -> Any:
    return declare("lock", lock, frame, id_, LockProbe, part_of=part_of)


def _declare_semaphore(semaphore: Any, frame: "FrameType | None") -> None:
    permits = int(semaphore._value)
    bounded = isinstance(semaphore, locks.BoundedSemaphore)
    probe = declare("semaphore", semaphore, frame, capacity=permits, bounded=bounded)
    recorder.words[probe.word + S_VALUE] = permits


def _flags(steps: "Steps | None") -> int:
    """IN_CONDITION while the task is inside of `Condition.wait`, which gives its lock up and takes it back."""
    outer = steps.asked if steps is not None else None
    return int(Flag.IN_CONDITION) if outer is not None and outer.kind == Kind.WAIT else 0


def _make_lock_acquire(bare: Any) -> Any:
    async def acquire(self: Any) -> Any:
        probe = self.__dict__.get(PROBE)
        me = running.get(get_ident())
        if not me or probe is None or self._locked or self._waiters or probe.n_asking:
            return await acquire_slowly(self)
        self._locked = True  # all that the original does when it need not wait
        probe.owner = me
        probe.n_in = n = probe.n_in + 1
        words[probe.word] = me
        words[probe.word + S_IN] = n
        if words[W_FRAME] == probe.quiet:
            probe.recorded = False
            probe.n_missed += 1
        elif probe.may_record():
            probe.recorded = True
            probe.record(Kind.ACQUIRED, 0, n, getframe().f_back)
        else:
            probe.recorded = False
        return True

    async def acquire_slowly(self: Any) -> Any:
        both = asker(self)
        if both is None:
            return await bare(self)
        probe, steps = both
        flags = _flags(steps)
        asked = Asked(steps, Kind.ACQUIRE, probe.id, Kind.ACQUIRE_FAILED, probe.owner, flags=flags)
        with asked:
            result = await bare(self)
        probe.owner = steps.id
        probe.count_in(steps.id)
        probe.recorded = bool(asked.asked_ns or flags) or probe.may_record()
        if probe.recorded:
            probe.record(Kind.ACQUIRED, asked.waited(), probe.n_in, getframe().f_back, flags)
        return result

    return acquire


def _make_lock_release(bare: Any) -> Any:
    def release(self: Any) -> None:
        probe = self.__dict__.get(PROBE)
        if probe is None or not self._locked or self._waiters or probe.n_asking or aio_tasks.foreign:
            release_slowly(self)
            return
        self._locked = False  # all that the original does when nobody waits
        probe.owner = 0
        words[probe.word] = 0
        if probe.recorded:
            probe.record(Kind.RELEASE, 1, probe.n_in, getframe().f_back)
        else:
            probe.n_missed += 1

    def release_slowly(self: Any) -> None:
        bare(self)
        probe = probe_of(self)
        if probe is None:
            return
        probe.owner = 0
        probe.count_out(0)
        flags = _flags(aio_steps.current())
        if probe.recorded or flags or self._waiters:
            probe.record(Kind.RELEASE, 1, probe.n_in, getframe().f_back, flags)
        else:
            probe.n_missed += 1

    return release


def _make_semaphore_acquire(bare: Any) -> Any:
    async def acquire(self: Any) -> Any:
        probe = self.__dict__.get(PROBE)
        if probe is None or self._value <= 0 or self._waiters or not running.get(get_ident()):
            return await acquire_slowly(self)
        self._value = value = self._value - 1  # all that the original does when it need not wait
        probe.n_in = n = probe.n_in + 1
        words[probe.word] = value
        words[probe.word + S_IN] = n
        if words[W_FRAME] == probe.quiet:
            probe.n_missed += 1
        elif probe.may_record():
            probe.record(Kind.ACQUIRED, 0, value, getframe().f_back)
        return True

    async def acquire_slowly(self: Any) -> Any:
        both = asker(self)
        if both is None:
            return await bare(self)
        probe = both[0]
        asked = Asked(both[1], Kind.ACQUIRE, probe.id, Kind.ACQUIRE_FAILED)
        with asked:
            result = await bare(self)
        probe.count_in(self._value)
        if asked.asked_ns or probe.may_record():
            probe.record(Kind.ACQUIRED, asked.waited(), self._value, getframe().f_back)
        return result

    return acquire


def _make_semaphore_release(bare: Any) -> Any:
    def release(self: Any) -> None:
        awaited = bool(self._waiters)
        bare(self)
        probe = probe_of(self)
        if probe is None:
            return
        probe.count_out(self._value)
        if words[W_FRAME] == probe.quiet and not awaited:
            probe.n_missed += 1
        elif awaited or probe.may_record():
            probe.record(Kind.RELEASE, 1, self._value, getframe().f_back)

    return release


def install() -> None:
    wrap(locks.Lock, "__init__", making(declare_lock))
    wrap(locks.Lock, "acquire", _make_lock_acquire)
    wrap(locks.Lock, "release", _make_lock_release)
    wrap(locks.Semaphore, "__init__", making(_declare_semaphore))
    wrap(locks.Semaphore, "acquire", _make_semaphore_acquire)
    wrap(locks.Semaphore, "release", _make_semaphore_release)


frames.step_over(globals(), ours=True)

"""asyncio's Lock, Semaphore and BoundedSemaphore."""

from asyncio import locks
from types import FrameType
from typing import Any

from ..events import Flag, Kind
from . import aio_steps, frames, recorder
from .aio_resources import (
    Plain,
    asker,
    count_in,
    count_out,
    declare,
    drop,
    making,
    probe_of,
    record,
)
from .aio_steps import Asked, Steps
from .originals import getframe
from .patching import PROBE, wrap
from .recorder import S_VALUE, Resource


class LockProbe:
    __slots__ = ("owner", "recorded", "resource")

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.owner = 0
        self.recorded = False  # the acquisition was, so the release will be


def declare_lock(lock: Any, frame: "FrameType | None", id_: int = 0, part_of: int = 0) -> LockProbe:
    probe = lock.__dict__[PROBE] = LockProbe(declare("lock", lock, frame, id_, part_of=part_of))
    return probe


def _declare_semaphore(semaphore: Any, frame: "FrameType | None") -> None:
    permits = int(semaphore._value)
    bounded = isinstance(semaphore, locks.BoundedSemaphore)
    resource = declare("semaphore", semaphore, frame, capacity=permits, bounded=bounded)
    semaphore.__dict__[PROBE] = Plain(resource)
    recorder.words[resource.word + S_VALUE] = permits


def _flags(steps: "Steps | None") -> int:
    """IN_CONDITION while the task is inside of `Condition.wait`, which gives its lock up and takes it back."""
    outer = steps.asked if steps is not None else None
    return int(Flag.IN_CONDITION) if outer is not None and outer.kind == Kind.WAIT else 0


def _make_lock_acquire(bare: Any) -> Any:
    async def acquire(self: Any) -> Any:
        both = asker(self, LockProbe)
        if both is None:
            return await bare(self)
        probe, steps = both
        resource, flags = probe.resource, _flags(steps)
        asked = Asked(steps, Kind.ACQUIRE, resource.id, Kind.ACQUIRE_FAILED, probe.owner, flags=flags)
        with asked:
            result = await bare(self)
        probe.owner = steps.id
        count_in(resource, steps.id)
        probe.recorded = bool(asked.asked_ns or flags) or resource.may_record()
        if probe.recorded:
            record(Kind.ACQUIRED, resource, asked.waited(), resource.n_in, getframe().f_back, flags)
        return result

    return acquire


def _make_lock_release(bare: Any) -> Any:
    def release(self: Any) -> None:
        bare(self)
        probe = probe_of(self, LockProbe)
        if probe is None:
            return
        resource = probe.resource
        probe.owner = 0
        count_out(resource, 0)
        flags = _flags(aio_steps.current())
        if probe.recorded or flags or self._waiters:
            record(Kind.RELEASE, resource, 1, resource.n_in, getframe().f_back, flags)
        else:
            drop(resource)

    return release


def _make_semaphore_acquire(bare: Any) -> Any:
    async def acquire(self: Any) -> Any:
        both = asker(self, Plain)
        if both is None:
            return await bare(self)
        resource = both[0].resource
        asked = Asked(both[1], Kind.ACQUIRE, resource.id, Kind.ACQUIRE_FAILED)
        with asked:
            result = await bare(self)
        count_in(resource, self._value)
        if asked.asked_ns or resource.may_record():
            record(Kind.ACQUIRED, resource, asked.waited(), self._value, getframe().f_back)
        return result

    return acquire


def _make_semaphore_release(bare: Any) -> Any:
    def release(self: Any) -> None:
        bare(self)
        probe = probe_of(self, Plain)
        if probe is None:
            return
        count_out(probe.resource, self._value)
        if self._waiters or probe.resource.may_record():
            record(Kind.RELEASE, probe.resource, 1, self._value, getframe().f_back)

    return release


def install() -> None:
    wrap(locks.Lock, "__init__", making(declare_lock))
    wrap(locks.Lock, "acquire", _make_lock_acquire)
    wrap(locks.Lock, "release", _make_lock_release)
    wrap(locks.Semaphore, "__init__", making(_declare_semaphore))
    wrap(locks.Semaphore, "acquire", _make_semaphore_acquire)
    wrap(locks.Semaphore, "release", _make_semaphore_release)


frames.step_over(globals(), ours=True)

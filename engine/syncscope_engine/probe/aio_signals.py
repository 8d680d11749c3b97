"""asyncio's Condition, Event and Barrier."""

import sys
from asyncio import locks
from types import FrameType
from typing import Any

from ..events import Kind
from . import aio_steps, frames, recorder
from .aio_locks import LockProbe, declare_lock
from .aio_resources import AioProbe, asker, declare, making, probe_of
from .aio_steps import Asked
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap

NOTIFIED, CANCELLED = 1, 2


class ConditionProbe(AioProbe):
    __slots__ = ("lock",)
    lock: AioProbe


def _declare_condition(condition: Any, frame: "FrameType | None") -> None:
    lock, id_ = condition._lock, recorder.new_id()
    probe = lock.__dict__.get(PROBE)
    if probe is None:  # made by the condition for itself
        probe = declare_lock(lock, frame, part_of=id_)
    lock_id = probe.id if type(probe) is LockProbe else 0
    declare("condition", condition, frame, id_, ConditionProbe, lock=lock_id).lock = probe


def _declare_event(event: Any, frame: "FrameType | None") -> None:
    declare("event", event, frame)


def _declare_barrier(barrier: Any, frame: "FrameType | None") -> None:
    declare("barrier", barrier, frame, capacity=int(barrier.parties))


def _make_condition_wait(bare: Any) -> Any:
    async def wait(self: Any) -> Any:
        both = asker(self)
        if both is None or not self.locked():
            return await bare(self)
        probe = both[0]
        asked = Asked(both[1], Kind.WAIT, probe.id, a=-1)
        asked.asked_ns = perf_counter_ns()
        probe.record(Kind.WAIT, -1, 0, getframe().f_back)
        how = CANCELLED
        probe.lock.n_asking += 1
        try:
            with asked:
                result = await bare(self)
            how = NOTIFIED
            return result
        except GeneratorExit:
            how = 0
            raise
        finally:
            probe.lock.n_asking -= 1
            if how:
                probe.count_in(0)
                probe.record(Kind.WOKE, asked.waited(), how, getframe().f_back)

    return wait


def _make_notify(bare: Any) -> Any:
    def notify(self: Any, n: int = 1) -> None:
        probe = probe_of(self)
        asleep = [f for f in self._waiters if not f.done()][: max(n, 0)] if probe is not None else []
        first = _waiter_on(asleep)
        bare(self, n)
        if probe is not None:
            probe.count_out(0)
            probe.record(Kind.NOTIFY, len(asleep), first, getframe().f_back)

    return notify


def _waiter_on(futures: "list[Any]") -> int:
    """Id of the task that waits for the first of `futures`."""
    try:
        for callback, _ in futures[0]._callbacks or () if futures else ():
            steps = aio_steps.known.get(id(callback.__self__))
            if steps is not None:
                return steps.id
    except AttributeError:
        pass
    return 0


def _make_event_wait(bare: Any) -> Any:
    async def wait(self: Any) -> Any:
        both = asker(self)
        if both is None:
            return await bare(self)
        probe = both[0]
        asked = Asked(both[1], Kind.WAIT, probe.id, a=-1)
        how = CANCELLED
        try:
            with asked:
                result = await bare(self)
            how = NOTIFIED
            return result
        except GeneratorExit:
            how = 0
            raise
        finally:
            if how and (asked.asked_ns or probe.may_record()):
                probe.record(Kind.WOKE, asked.waited(), how, getframe().f_back)

    return wait


def _make_set(bare: Any) -> Any:
    def set_(self: Any) -> None:
        awaited = bool(self._waiters)
        bare(self)
        probe = probe_of(self)
        if probe is not None:
            probe.count_in(1)
            if awaited or probe.may_record():
                probe.record(Kind.SET, 0, 0, getframe().f_back)

    return set_


def _make_clear(bare: Any) -> Any:
    def clear(self: Any) -> None:
        bare(self)
        probe = probe_of(self)
        if probe is not None:
            probe.count_out(0)
            if probe.may_record():
                probe.record(Kind.CLEAR, 0, 0, getframe().f_back)

    return clear


def _make_barrier_wait(bare: Any) -> Any:
    async def wait(self: Any) -> Any:
        both = asker(self)
        if both is None:
            return await bare(self)
        probe = both[0]
        asked = Asked(both[1], Kind.WAIT, probe.id, a=-1)
        asked.asked_ns = perf_counter_ns()
        probe.record(Kind.WAIT, -1, self.n_waiting, getframe().f_back)
        kind, how = int(Kind.WOKE), CANCELLED
        try:
            with asked:
                result = await bare(self)
            how = NOTIFIED
            return result
        except GeneratorExit:
            how = -1
            raise
        except BaseException as error:
            if type(error).__name__ == "BrokenBarrierError":
                kind, how = int(Kind.BROKEN), 0
            raise
        finally:
            if how >= 0:
                probe.count_in(self.n_waiting)
                probe.record(kind, asked.waited(), how, getframe().f_back)

    return wait


def install() -> None:
    wrap(locks.Condition, "__init__", making(_declare_condition))
    wrap(locks.Condition, "wait", _make_condition_wait)
    wrap(locks.Condition, "notify", _make_notify)
    wrap(locks.Event, "__init__", making(_declare_event))
    wrap(locks.Event, "wait", _make_event_wait)
    wrap(locks.Event, "set", _make_set)
    wrap(locks.Event, "clear", _make_clear)
    if sys.version_info >= (3, 11):
        wrap(locks.Barrier, "__init__", making(_declare_barrier))
        wrap(locks.Barrier, "wait", _make_barrier_wait)


frames.step_over(globals(), ours=True)

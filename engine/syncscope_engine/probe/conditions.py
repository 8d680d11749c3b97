"""threading.Condition: who waits, who is notified; the lock goes with it.

Its methods are wrapped in place.  All of them run under the condition's lock, so what is written here is in
the true order.
"""

import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Kind
from . import frames, gate, locks, recorder
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT, W_GATE

WAIT, WOKE, NOTIFY = int(Kind.WAIT), int(Kind.WOKE), int(Kind.NOTIFY)
TIMED_OUT, NOTIFIED, INTERRUPTED = 0, 1, 2

emit = recorder.emit


class ConditionProbe(recorder.Resource):
    """`waiters`: the threads that wait, in the order in which they will be notified."""

    __slots__ = ("waiters",)

    def __init__(self, id_: int, slot: int) -> None:
        super().__init__(id_, slot)
        self.waiters: list[int] = []


def _init(original: "Callable[..., None]") -> "Callable[..., None]":
    def init(self: Any, lock: Any = None) -> None:
        frame = getframe().f_back
        if not frames.made_by_program(frame):
            original(self, lock)
            return
        id_ = recorder.new_id()
        original(self, locks.part_of_condition(id_, frame) if lock is None else lock)
        _declare(self, id_, frame)

    return init


def _declare(condition: Any, id_: int, frame: "FrameType | None") -> None:
    try:
        resource = recorder.declare_resource(
            "condition", type(condition).__name__, frame, id_, lock=locks.id_of(condition._lock)
        )
        setattr(condition, PROBE, ConditionProbe(resource.id, resource.slot))
        condition._is_owned = locks.ownership_of(condition._lock) or condition._is_owned
    except Exception as error:
        recorder.fault("Condition", error)


def _wait(original: "Callable[..., bool]") -> "Callable[..., bool]":
    def wait(self: Any, timeout: Any = None) -> bool:
        probe: ConditionProbe | None = self._syncscope
        if probe is None or not self._is_owned():
            return original(self, timeout)
        frame = frames.acting(getframe().f_back)
        me = recorder.thread_id()
        start = perf_counter_ns()
        emit(WAIT, probe.id, recorder.to_ns(timeout), 0, frame, probe.take_flags(), start)
        probe.waiters.append(me)
        how = INTERRUPTED
        try:
            notified = original(self, timeout)
            how = NOTIFIED if notified else TIMED_OUT
        finally:
            if me in probe.waiters:  # not notified
                probe.waiters.remove(me)
            probe.n_in += 1
            recorder.words[probe.word + S_IN] = probe.n_in
            emit(WOKE, probe.id, perf_counter_ns() - start, how, frame)
        if recorder.words[W_GATE]:
            gate.stand(getframe().f_back)
        return notified

    return wait


def _notify(original: "Callable[..., None]") -> "Callable[..., None]":
    def notify(self: Any, n: Any = 1) -> None:
        probe: ConditionProbe | None = self._syncscope
        if probe is None or not self._is_owned():
            original(self, n)
            return
        probe.n_out += 1
        recorder.words[probe.word + S_OUT] = probe.n_out
        woken = probe.waiters[: _whole(n)] if probe.waiters else probe.waiters
        if woken or probe.may_record():
            frame = frames.acting(getframe().f_back)
            first = woken[0] if woken else 0
            emit(NOTIFY, probe.id, len(woken), first, frame, probe.take_flags())
        original(self, n)
        if woken:
            del probe.waiters[: len(woken)]
        if recorder.words[W_GATE]:
            gate.stand(getframe().f_back)

    return notify


def _whole(n: Any) -> int:
    """How many the original would wake for `n`: it counts down from it while it is positive."""
    try:
        return max(0, int(-(-n // 1)))
    except (TypeError, ValueError, OverflowError):
        return 0


def install() -> None:
    frames.step_over(threading.__dict__)
    condition = threading.Condition
    setattr(condition, PROBE, None)
    wrap(condition, "__init__", _init)
    wrap(condition, "wait", _wait)
    wrap(condition, "notify", _notify)


frames.step_over(globals(), ours=True)

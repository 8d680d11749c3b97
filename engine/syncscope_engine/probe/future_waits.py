"""`wait` and `as_completed`: they block on an event of their own; what is shown is the futures they wait for."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from . import frames, recorder
from .futures import READY, RESULT, RESULT_WAIT, TIMED_OUT, FutureProbe, emit, probe_of
from .originals import getframe, perf_counter_ns

_original_wait: "Callable[..., bool]"


class WaiterEvent(threading.Event):
    """`_awaited`: the futures that are not finished, in the order in which they were submitted."""

    _awaited: "deque[FutureProbe]"

    def wait(self, timeout: "float | None" = None) -> bool:
        patient = not (isinstance(timeout, (int, float)) and timeout <= 0)
        awaited = self._awaited
        while awaited and awaited[0].stage >= 0:
            awaited.popleft()
        if self._flag or not patient or not awaited:  # type: ignore[attr-defined]
            return _original_wait(self, timeout)
        caller = getframe().f_back
        first = awaited[0]
        first.declare()
        frame = frames.acting(caller)
        start = perf_counter_ns()
        emit(RESULT_WAIT, first.id, recorder.to_ns(timeout), _n_pending(caller) - 1, frame, 0, start)
        got = TIMED_OUT
        try:
            is_set = _original_wait(self, timeout)
            got = READY if is_set else TIMED_OUT
            return is_set
        finally:
            emit(RESULT, first.id, max(perf_counter_ns() - start, 1), got, frame)


def _n_pending(frame: "FrameType | None") -> int:
    """The function that waits knows how many are not finished."""
    names = frame.f_locals if frame is not None else {}
    pending = names.get("pending", names.get("not_done"))
    return max(len(pending), 1) if pending is not None else 1


def _watch(waiter: Any, futures: "Iterable[Any]") -> None:
    probes = [probe for probe in map(probe_of, futures) if probe is not None and probe.stage < 0]
    probes.sort(key=lambda probe: probe.serial)
    if type(waiter.event) is threading.Event:
        waiter.event.__class__ = WaiterEvent
        setattr(waiter.event, "_awaited", deque(probes))  # noqa: B010


def install(base: Any) -> None:
    global _original_wait
    _original_wait = getattr(threading.Event.wait, "__wrapped__", threading.Event.wait)
    create = base._create_and_install_waiters

    def _create_and_install_waiters(fs: Any, return_when: Any) -> Any:
        waiter = create(fs, return_when)
        try:
            _watch(waiter, fs)
        except Exception as error:
            recorder.fault("futures.wait", error)
        return waiter

    base._create_and_install_waiters = _create_and_install_waiters


WaiterEvent.__name__ = WaiterEvent.__qualname__ = "Event"
WaiterEvent.__module__ = "threading"
frames.step_over(globals(), ours=True)

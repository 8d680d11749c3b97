"""threading.Event: who waits for it, who sets it.

`wait`, `set` and `clear` are written anew in place, not wrapped: only inside of the event's own lock is it
certain whether somebody really waits, and in which order a wait, a set and a clear came.
"""

import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Kind
from . import frames, gate, recorder
from .originals import get_ident, getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT, S_VALUE, W_GATE
from .reentry import Interruptible

WAIT, WOKE, SET, CLEAR = int(Kind.WAIT), int(Kind.WOKE), int(Kind.SET), int(Kind.CLEAR)
TIMED_OUT, IS_SET, INTERRUPTED = 0, 1, 2


def _init(original: "Callable[..., None]") -> "Callable[..., None]":
    def init(self: Any) -> None:
        original(self)
        frame = getframe().f_back
        if frames.made_by_program(frame):
            try:
                resource = recorder.declare_resource("event", type(self).__name__, frame)
                setattr(self, PROBE, Interruptible(resource.id, resource.slot))
            except Exception as error:
                recorder.fault("Event", error)

    return init


def _wait(original: "Callable[..., bool]") -> "Callable[..., bool]":
    def wait(self: Any, timeout: Any = None) -> bool:
        probe: Interruptible | None = self._syncscope
        if probe is None:
            return original(self, timeout)
        if recorder.words[W_GATE]:
            gate.stand(getframe().f_back)
        me = get_ident()
        with self._cond._lock:
            probe.inside = me
            try:
                if self._flag or (isinstance(timeout, (int, float)) and timeout <= 0):
                    if probe.may_record():
                        how = IS_SET if self._flag else TIMED_OUT
                        probe.write(WOKE, 0, how, frames.acting(getframe().f_back))
                    return bool(self._flag or _wait_outside(self, probe, timeout))
                frame = frames.acting(getframe().f_back)
                start = perf_counter_ns()
                probe.write(WAIT, recorder.to_ns(timeout), 0, frame, t_ns=start)
                how = INTERRUPTED
                try:
                    signaled = bool(self._flag or _wait_outside(self, probe, timeout))
                    how = IS_SET if signaled else TIMED_OUT
                    return signaled
                finally:
                    probe.write(WOKE, perf_counter_ns() - start, how, frame)
            finally:
                probe.inside = 0

    return wait


def _wait_outside(event: Any, probe: Interruptible, timeout: Any) -> bool:
    """While it waits, the lock is given up."""
    me, probe.inside = probe.inside, 0
    signaled: bool = event._cond.wait(timeout)
    probe.inside = me
    return signaled


def _set(original: "Callable[..., None]") -> "Callable[..., None]":
    def set(self: Any) -> None:  # noqa: A001
        probe: Interruptible | None = self._syncscope
        if probe is None:
            original(self)
        else:
            _change(self, probe, True, getframe().f_back)

    return set


def _clear(original: "Callable[..., None]") -> "Callable[..., None]":
    def clear(self: Any) -> None:
        probe: Interruptible | None = self._syncscope
        if probe is None:
            original(self)
        else:
            _change(self, probe, False, getframe().f_back)

    return clear


def _change(event: Any, probe: Interruptible, value: bool, frame: "FrameType | None") -> None:
    if recorder.words[W_GATE]:
        gate.stand(frame)
    me = get_ident()
    if probe.inside == me:
        _change_inside(event, probe, value, frame)
        return
    with event._cond._lock:
        probe.inside = me
        try:
            _change_inside(event, probe, value, frame)
        finally:
            probe.inside = 0


def _change_inside(event: Any, probe: Interruptible, value: bool, frame: "FrameType | None") -> None:
    event._flag = value
    recorder.words[probe.word + S_VALUE] = 1 if value else 0
    if value:
        probe.n_in += 1
        recorder.words[probe.word + S_IN] = probe.n_in
    else:
        probe.n_out += 1
        recorder.words[probe.word + S_OUT] = probe.n_out
    if (value and event._cond._waiters) or probe.may_record():
        probe.write(SET if value else CLEAR, 0, 0, frames.acting(frame))
    if value:
        event._cond.notify_all()


def install() -> None:
    event = threading.Event
    sample = vars(event())
    if not {"_flag", "_cond"} <= sample.keys() or not {"_waiters", "_lock"} <= vars(sample["_cond"]).keys():
        raise NotImplementedError("threading.Event is not built as in Python 3.10 to 3.14")
    setattr(event, PROBE, None)
    wrap(event, "__init__", _init)
    wrap(event, "wait", _wait)
    wrap(event, "set", _set)
    wrap(event, "clear", _clear)


frames.step_over(globals(), ours=True)

"""threading.Event: who waits for it, who sets it.

`wait`, `set` and `clear` are written anew in place, not wrapped: only inside of the event's own lock is it
certain whether somebody really waits, and in which order a wait, a set and a clear came.
"""

import threading
from collections.abc import Callable
from typing import Any

from ..events import Kind
from . import frames, recorder
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT, S_VALUE

WAIT, WOKE, SET, CLEAR = int(Kind.WAIT), int(Kind.WOKE), int(Kind.SET), int(Kind.CLEAR)
TIMED_OUT, IS_SET, INTERRUPTED = 0, 1, 2

emit = recorder.emit


def _init(original: "Callable[..., None]") -> "Callable[..., None]":
    def init(self: Any) -> None:
        original(self)
        frame = getframe().f_back
        if frames.made_by_program(frame):
            try:
                setattr(self, PROBE, recorder.declare_resource("event", type(self).__name__, frame))
            except Exception as error:
                recorder.fault("Event", error)

    return init


def _wait(original: "Callable[..., bool]") -> "Callable[..., bool]":
    def wait(self: Any, timeout: Any = None) -> bool:
        probe: recorder.Resource | None = self._syncscope
        if probe is None:
            return original(self, timeout)
        with self._cond:
            if self._flag or (isinstance(timeout, (int, float)) and timeout <= 0):
                if probe.may_record():
                    how = IS_SET if self._flag else TIMED_OUT
                    emit(WOKE, probe.id, 0, how, frames.acting(getframe().f_back), probe.take_flags())
                return bool(self._flag or self._cond.wait(timeout))
            frame = frames.acting(getframe().f_back)
            start = perf_counter_ns()
            emit(WAIT, probe.id, recorder.to_ns(timeout), 0, frame, probe.take_flags(), start)
            how = INTERRUPTED
            try:
                signaled: bool = self._cond.wait(timeout)
                how = IS_SET if signaled else TIMED_OUT
                return signaled
            finally:
                emit(WOKE, probe.id, perf_counter_ns() - start, how, frame)

    return wait


def _set(original: "Callable[..., None]") -> "Callable[..., None]":
    def set(self: Any) -> None:  # noqa: A001
        probe: recorder.Resource | None = self._syncscope
        if probe is None:
            original(self)
            return
        with self._cond:
            self._flag = True
            probe.n_in += 1
            recorder.words[probe.word + S_VALUE] = 1
            recorder.words[probe.word + S_IN] = probe.n_in
            if self._cond._waiters or probe.may_record():
                emit(SET, probe.id, 0, 0, frames.acting(getframe().f_back), probe.take_flags())
            self._cond.notify_all()

    return set


def _clear(original: "Callable[..., None]") -> "Callable[..., None]":
    def clear(self: Any) -> None:
        probe: recorder.Resource | None = self._syncscope
        if probe is None:
            original(self)
            return
        with self._cond:
            self._flag = False
            probe.n_out += 1
            recorder.words[probe.word + S_VALUE] = 0
            recorder.words[probe.word + S_OUT] = probe.n_out
            if probe.may_record():
                emit(CLEAR, probe.id, 0, 0, frames.acting(getframe().f_back), probe.take_flags())

    return clear


def install() -> None:
    event = threading.Event
    sample = vars(event())
    if not {"_flag", "_cond"} <= sample.keys() or not hasattr(sample["_cond"], "_waiters"):
        raise NotImplementedError("threading.Event is not built as in Python 3.10 to 3.14")
    setattr(event, PROBE, None)
    wrap(event, "__init__", _init)
    wrap(event, "wait", _wait)
    wrap(event, "set", _set)
    wrap(event, "clear", _clear)


frames.step_over(globals(), ours=True)

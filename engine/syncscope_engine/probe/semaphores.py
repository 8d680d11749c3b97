"""threading.Semaphore and BoundedSemaphore: permits, who waits for one, who gives them back.

`acquire` and `release` are written anew in place, not wrapped: only inside of the semaphore's own lock are
the permits exact, and the order of two tasks certain.  What raises, raises what the original raises.
"""

import threading
from collections.abc import Callable
from time import monotonic
from types import FrameType
from typing import Any

from ..events import Failure, Flag, Kind
from . import frames, recorder
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT, S_VALUE

ACQUIRE, ACQUIRED, ACQUIRE_FAILED = int(Kind.ACQUIRE), int(Kind.ACQUIRED), int(Kind.ACQUIRE_FAILED)
RELEASE = int(Kind.RELEASE)
TIMED = int(Flag.TIMED)

emit = recorder.emit
Method = Callable[..., Any]


def _init(original: Method) -> Method:
    def init(self: Any, value: Any = 1) -> None:
        original(self, value)
        frame = getframe().f_back
        bounded = isinstance(self, threading.BoundedSemaphore)
        if bounded and frame is not None and frame.f_code is _bounded_init:
            frame = frame.f_back
        if frames.made_by_program(frame):
            _declare(self, value, bounded, frame)

    return init


def _declare(semaphore: Any, value: Any, bounded: bool, frame: "FrameType | None") -> None:
    try:
        resource = recorder.declare_resource(
            "semaphore", type(semaphore).__name__, frame, capacity=int(value), bounded=bounded
        )
        recorder.words[resource.word + S_VALUE] = int(value)
        setattr(semaphore, PROBE, resource)
    except Exception as error:
        recorder.fault("Semaphore", error)


def _acquire(original: Method) -> Method:
    def acquire(self: Any, blocking: Any = True, timeout: Any = None) -> bool:
        probe: recorder.Resource | None = self._syncscope
        if probe is None or (not blocking and timeout is not None):
            return bool(original(self, blocking, timeout))
        with self._cond._lock:
            if self._value != 0:
                _took(self, probe)
                if probe.may_record():
                    frame = frames.acting(getframe().f_back)
                    emit(ACQUIRED, probe.id, 0, self._value, frame, probe.take_flags())
                return True
            if not blocking or (isinstance(timeout, (int, float)) and timeout <= 0):
                if probe.may_record():
                    frame = frames.acting(getframe().f_back)
                    emit(ACQUIRE_FAILED, probe.id, 0, int(Failure.BUSY), frame, probe.take_flags())
                return False
            return _acquire_later(self, probe, timeout, frames.acting(getframe().f_back))

    return acquire


def _acquire_later(semaphore: Any, probe: recorder.Resource, timeout: Any, frame: "FrameType | None") -> bool:
    """There is no permit: wait for one, under the semaphore's lock."""
    start = perf_counter_ns()
    flags = probe.take_flags() | (0 if timeout is None else TIMED)
    emit(ACQUIRE, probe.id, 0, 0, frame, flags, start)
    failure = Failure.CANCELLED
    try:
        end = None if timeout is None else monotonic() + timeout
        left = timeout
        while semaphore._value == 0:
            semaphore._cond.wait(left)
            if end is not None and semaphore._value == 0:
                left = end - monotonic()
                if left <= 0:
                    failure = Failure.TIMED_OUT
                    return False
        failure = Failure.BUSY
        _took(semaphore, probe)
        return True
    finally:
        waited = max(perf_counter_ns() - start, 1)
        if failure is Failure.BUSY:
            emit(ACQUIRED, probe.id, waited, semaphore._value, frame)
        else:
            emit(ACQUIRE_FAILED, probe.id, waited, int(failure), frame)


def _took(semaphore: Any, probe: recorder.Resource) -> None:
    semaphore._value -= 1
    probe.n_in += 1
    recorder.words[probe.word + S_VALUE] = max(semaphore._value, 0)
    recorder.words[probe.word + S_IN] = probe.n_in


def _release(original: Method) -> Method:
    def release(self: Any, n: Any = 1) -> None:
        probe: recorder.Resource | None = self._syncscope
        if probe is None or type(n) is not int or n < 1:
            original(self, n)
            return
        with self._cond._lock:
            if original is not _bounded_release or self._value + n <= self._initial_value:
                self._value += n
                _given_back(self, probe, n, getframe().f_back)
                self._cond.notify(n)
                return
        original(self, n)  # raises, unless another task has just taken a permit
        _given_back(self, probe, n, getframe().f_back)

    return release


def _given_back(semaphore: Any, probe: recorder.Resource, n: int, frame: "FrameType | None") -> None:
    probe.n_out += n
    recorder.words[probe.word + S_VALUE] = semaphore._value
    recorder.words[probe.word + S_OUT] = probe.n_out
    if semaphore._cond._waiters or probe.may_record():
        emit(RELEASE, probe.id, n, semaphore._value, frames.acting(frame), probe.take_flags())


_bounded_init = threading.BoundedSemaphore.__init__.__code__
_bounded_release: Any = threading.BoundedSemaphore.release


def install() -> None:
    semaphore, bounded = threading.Semaphore, threading.BoundedSemaphore
    sample = vars(bounded())
    if not {"_value", "_cond", "_initial_value"} <= sample.keys() or not hasattr(sample["_cond"], "_lock"):
        raise NotImplementedError("threading.Semaphore is not built as in Python 3.10 to 3.14")
    setattr(semaphore, PROBE, None)
    wrap(semaphore, "__init__", _init)
    wrap(semaphore, "acquire", _acquire)
    semaphore.__enter__ = semaphore.acquire  # type: ignore[method-assign]  # an alias of the original so far
    wrap(semaphore, "release", _release)
    wrap(bounded, "release", _release)


frames.step_over(globals(), ours=True)

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
from . import frames, gate, recorder
from .originals import get_ident, getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT, S_VALUE, W_GATE
from .reentry import Interruptible

ACQUIRE, ACQUIRED, ACQUIRE_FAILED = int(Kind.ACQUIRE), int(Kind.ACQUIRED), int(Kind.ACQUIRE_FAILED)
RELEASE = int(Kind.RELEASE)
TIMED = int(Flag.TIMED)

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
        setattr(semaphore, PROBE, Interruptible(resource.id, resource.slot))
    except Exception as error:
        recorder.fault("Semaphore", error)


def _acquire(original: Method) -> Method:
    def acquire(self: Any, blocking: Any = True, timeout: Any = None) -> bool:
        probe: Interruptible | None = self._syncscope
        if probe is None or (not blocking and timeout is not None):
            return bool(original(self, blocking, timeout))
        me = get_ident()
        if probe.inside == me and self._value != 0:
            return _acquire_inside(self, probe, blocking, timeout, getframe().f_back)
        with self._cond._lock:
            probe.inside = me
            try:
                got = _acquire_inside(self, probe, blocking, timeout, getframe().f_back)
            finally:
                probe.inside = 0
        if recorder.words[W_GATE]:
            _stand(self, probe, got, getframe().f_back)
        return got

    return acquire


def _stand(semaphore: Any, probe: Interruptible, got: bool, frame: "FrameType | None") -> None:
    """The program is slowed; a permit of which it will not hear, because of an exception, is given back."""
    try:
        gate.stand(frame)
    except BaseException:
        if got:
            with semaphore._cond._lock:
                _give_back(semaphore, probe, 1, None, frame)
        raise


def _acquire_inside(
    semaphore: Any, probe: Interruptible, blocking: Any, timeout: Any, frame: "FrameType | None"
) -> bool:
    if semaphore._value != 0:
        _took(semaphore, probe)
        if probe.may_record():
            probe.write(ACQUIRED, 0, semaphore._value, frames.acting(frame))
        return True
    if blocking and not (isinstance(timeout, (int, float)) and timeout <= 0):
        return _acquire_later(semaphore, probe, timeout, frames.acting(frame))
    if probe.may_record():
        probe.write(ACQUIRE_FAILED, 0, int(Failure.BUSY), frames.acting(frame))
    return False


def _acquire_later(semaphore: Any, probe: Interruptible, timeout: Any, frame: "FrameType | None") -> bool:
    """There is no permit: wait for one."""
    start = perf_counter_ns()
    probe.write(ACQUIRE, 0, 0, frame, 0 if timeout is None else TIMED, start)
    failure: Failure | None = Failure.CANCELLED
    try:
        end = None if timeout is None else monotonic() + timeout
        left = timeout
        while semaphore._value == 0:
            me, probe.inside = probe.inside, 0
            semaphore._cond.wait(left)
            probe.inside = me
            if end is not None and semaphore._value == 0:
                left = end - monotonic()
                if left <= 0:
                    failure = Failure.TIMED_OUT
                    return False
        failure = None
        _took(semaphore, probe)
        return True
    finally:
        waited = max(perf_counter_ns() - start, 1)
        if failure is None:
            probe.write(ACQUIRED, waited, semaphore._value, frame)
        else:
            probe.write(ACQUIRE_FAILED, waited, int(failure), frame)


def _took(semaphore: Any, probe: Interruptible) -> None:
    semaphore._value -= 1
    probe.n_in += 1
    recorder.words[probe.word + S_VALUE] = max(semaphore._value, 0)
    recorder.words[probe.word + S_IN] = probe.n_in


def _release(original: Method) -> Method:
    def release(self: Any, n: Any = 1) -> None:
        probe: Interruptible | None = self._syncscope
        if probe is None or type(n) is not int or n < 1:
            original(self, n)
            return
        me = get_ident()
        if probe.inside == me:
            done = _give_back(self, probe, n, original, getframe().f_back)
        else:
            with self._cond._lock:
                probe.inside = me
                try:
                    done = _give_back(self, probe, n, original, getframe().f_back)
                finally:
                    probe.inside = 0
        if not done:
            original(self, n)  # raises, unless another task has just taken a permit
            _gave_back(self, probe, n, getframe().f_back)
        if recorder.words[W_GATE]:
            gate.stand(getframe().f_back)

    return release


def _give_back(
    semaphore: Any, probe: Interruptible, n: int, original: "Method | None", frame: "FrameType | None"
) -> bool:
    if original is _bounded_release and semaphore._value + n > semaphore._initial_value:
        return False
    semaphore._value += n
    _gave_back(semaphore, probe, n, frame)
    semaphore._cond.notify(n)
    return True


def _gave_back(semaphore: Any, probe: Interruptible, n: int, frame: "FrameType | None") -> None:
    probe.n_out += n
    recorder.words[probe.word + S_VALUE] = semaphore._value
    recorder.words[probe.word + S_OUT] = probe.n_out
    if semaphore._cond._waiters or probe.may_record():
        probe.write(RELEASE, n, semaphore._value, frames.acting(frame))


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

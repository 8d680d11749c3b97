"""multiprocessing.Condition, Event and Barrier.

A condition's `wait` is written anew, as it has been since Python 3.3: only so is it certain that its lock is
given up and taken back by the wait.  An event works under its own lock; what is written there is in order.
"""

import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Kind
from . import frames, mp_locks, mp_shared, recorder
from .mp_locks import ARRIVED
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT

WAIT, WOKE, NOTIFY = int(Kind.WAIT), int(Kind.WOKE), int(Kind.NOTIFY)
SET, CLEAR = int(Kind.SET), int(Kind.CLEAR)
TIMED_OUT, DONE, INTERRUPTED = 0, 1, 2

Method = Callable[..., Any]


class SignalProbe(recorder.Resource):
    """`home`: see `mp_shared`."""

    __slots__ = ("home",)

    def __init__(self, id_: int, slot: int, home: "memoryview[int]") -> None:
        super().__init__(id_, slot)
        self.home = home
        mp_shared.count_own(self)

    def write(self, kind: int, a: int, b: int, frame: "FrameType | None", t_ns: int = 0) -> None:
        recorder.emit(kind, self.id, a, b, frames.acting(frame), self.take_flags(), t_ns)

    def count(self, word: int) -> None:
        if word == S_IN:
            self.n_in += 1
            recorder.words[self.word + S_IN] = self.n_in
        else:
            self.n_out += 1
            recorder.words[self.word + S_OUT] = self.n_out


def _declare(thing: Any, kind: str, part: Any, frame: "FrameType | None", **more: Any) -> None:
    """Tell of a thing made of semaphores, one of which, `part`, is its identity."""
    identity = mp_locks.identity_of(part)
    if not identity:
        return
    try:
        home = mp_shared.home_of(identity, thing)
        resource = recorder.declare_resource(kind, type(thing).__name__, frame, shared=identity, **more)
        setattr(thing, PROBE, SignalProbe(resource.id, resource.slot, home))
    except Exception as error:
        recorder.fault(kind, error)


# -- Condition --------------------------------------------------------------------------------------------


def _condition_init(original: Method) -> Method:
    def init(self: Any, lock: Any = None, *args: Any, **kwargs: Any) -> None:
        original(self, lock, *args, **kwargs)
        frame = getframe().f_back
        if mp_shared.made_by_program(frame) and not mp_shared.is_part(frame):
            _declare_condition(self, mp_shared.maker(frame))

    return init


def _declare_condition(condition: Any, frame: "FrameType | None") -> None:
    """The lock of its own is a part of it, and is declared after it."""
    lock = condition._lock
    id_ = mp_locks.id_of(lock)
    own = not id_
    lock_id = id_ or recorder.new_id()
    _declare(condition, "condition", condition._wait_semaphore, frame, lock=lock_id)
    probe: SignalProbe | None = getattr(condition, PROBE)
    if own and probe is not None:
        mp_locks.declare(lock, frame, id_=lock_id, part_of=probe.id)
        condition.acquire, condition.release = lock.acquire, lock.release


def _condition_setstate(original: Method) -> Method:
    def setstate(self: Any, state: Any) -> None:
        original(self, state)
        for part in self._sleeping_count, self._woken_count, self._wait_semaphore:
            mp_locks.silence(part)
        setattr(self, ARRIVED, True)

    return setstate


def _probe_of(condition: Any, frame: "FrameType | None") -> "SignalProbe | None":
    """Of a condition that came from another process it is made now, if nothing has said that it is a part."""
    probe: SignalProbe | None = getattr(condition, PROBE)
    if probe is None and getattr(condition, ARRIVED, False):
        setattr(condition, ARRIVED, False)
        if getattr(condition._lock, PROBE) is None:
            mp_locks.declare_now(condition._lock, frame)
        condition.acquire, condition.release = condition._lock.acquire, condition._lock.release
        _declare(
            condition, "condition", condition._wait_semaphore, frame, lock=mp_locks.id_of(condition._lock)
        )
        probe = getattr(condition, PROBE)
    return probe


def _wait(original: Method) -> Method:
    def wait(self: Any, timeout: Any = None) -> Any:
        probe = _probe_of(self, getframe().f_back)
        lock_probe = getattr(self._lock, PROBE)
        if probe is None or lock_probe is None or not self._lock._semlock._is_mine():
            return original(self, timeout)
        frame = frames.acting(getframe().f_back)
        start = perf_counter_ns()
        probe.write(WAIT, recorder.to_ns(timeout), 0, frame, start)
        self._sleeping_count.release()
        depth = self._lock._semlock._count()
        lock_probe.give_up(depth, frame)
        how = INTERRUPTED
        try:
            notified = self._wait_semaphore.acquire(True, timeout)
            how = DONE if notified else TIMED_OUT
            return notified
        finally:
            self._woken_count.release()
            lock_probe.take_back(depth, frame)
            probe.count(S_IN)
            probe.write(WOKE, perf_counter_ns() - start, how, frame)

    return wait


def _notify(original: Method) -> Method:
    def notify(self: Any, n: Any = 1) -> None:
        probe = _probe_of(self, getframe().f_back)
        if probe is None or not self._lock._semlock._is_mine():
            original(self, n)
            return
        probe.count(S_OUT)
        try:
            waiting = self._sleeping_count._semlock._get_value() - self._woken_count._semlock._get_value()
            woken = max(0, min(waiting, n))
        except (OSError, NotImplementedError, TypeError):
            woken = 0
        if woken or probe.may_record():
            probe.write(NOTIFY, woken, 0, getframe().f_back)
        original(self, n)

    return notify


# -- Event ------------------------------------------------------------------------------------------------


def _event_init(original: Method) -> Method:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        frame = getframe().f_back
        if mp_shared.made_by_program(frame) and not mp_shared.is_part(frame):
            _declare(self, "event", self._flag, mp_shared.maker(frame))

    return init


def _event_probe(event: Any, frame: "FrameType | None") -> "SignalProbe | None":
    probe: SignalProbe | None = getattr(event, PROBE)
    if probe is None and not hasattr(event, ARRIVED):
        setattr(event, ARRIVED, True)
        mp_locks.silence(event._flag)
        if getattr(event._cond._lock, PROBE) is None:
            mp_locks.silence_condition(event._cond)
        if event._flag._semlock.name:  # from another process, not inherited
            _declare(event, "event", event._flag, frames.acting(frame))
        probe = getattr(event, PROBE)
    return probe


def _event_is_set(original: Method) -> Method:
    def is_set(self: Any) -> Any:
        _event_probe(self, getframe().f_back)
        return original(self)

    return is_set


def _event_getstate(event: Any) -> "dict[str, Any]":
    """An event is pickled as the dictionary that it has."""
    return {name: value for name, value in vars(event).items() if name not in (PROBE, ARRIVED)}


def _event_wait(original: Method) -> Method:
    def wait(self: Any, timeout: Any = None) -> Any:
        frame = getframe().f_back
        probe = _event_probe(self, frame)
        if probe is None:
            return original(self, timeout)
        start = 0
        with self._cond:
            is_set = self._flag.acquire(False)
            if is_set:
                self._flag.release()
            else:
                start = perf_counter_ns()
                probe.write(WAIT, recorder.to_ns(timeout), 0, frame, start)
                try:
                    self._cond.wait(timeout)
                except BaseException:
                    probe.write(WOKE, perf_counter_ns() - start, INTERRUPTED, frame)
                    raise
                is_set = self._flag.acquire(False)
                if is_set:
                    self._flag.release()
            if start or probe.may_record():
                probe.write(WOKE, perf_counter_ns() - start if start else 0, int(is_set), frame)
            return is_set

    return wait


def _event_set(original: Method) -> Method:
    def set(self: Any) -> None:  # noqa: A001
        probe = _event_probe(self, getframe().f_back)
        if probe is None:
            original(self)
            return
        with self._cond:
            self._flag.acquire(False)
            self._flag.release()
            probe.home[0] = 1
            probe.home[1] += 1
            if _sleepers(self._cond) or probe.may_record():
                probe.write(SET, 0, 0, getframe().f_back)
            self._cond.notify_all()

    return set


def _sleepers(condition: Any) -> bool:
    return not condition._sleeping_count._semlock._is_zero()


def _event_clear(original: Method) -> Method:
    def clear(self: Any) -> None:
        probe = _event_probe(self, getframe().f_back)
        if probe is None:
            original(self)
            return
        with self._cond:
            self._flag.acquire(False)
            probe.home[0] = 0
            if probe.may_record():
                probe.write(CLEAR, 0, 0, getframe().f_back)

    return clear


# -- Barrier ----------------------------------------------------------------------------------------------


def _barrier_init(original: Method) -> Method:
    """What a barrier does is seen by the probe of threading.Barrier, of which it is a subclass."""

    def init(self: Any, parties: Any, *args: Any, **kwargs: Any) -> None:
        original(self, parties, *args, **kwargs)
        frame = getframe().f_back
        if mp_shared.made_by_program(frame):
            _declare(self, "barrier", self._cond._wait_semaphore, mp_shared.maker(frame), capacity=parties)

    return init


def _barrier_setstate(original: Method) -> Method:
    def setstate(self: Any, state: Any) -> None:
        original(self, state)
        condition = self._cond
        mp_locks.silence_condition(condition)
        if condition._wait_semaphore._semlock.name and not _is_being_made(getframe().f_back):
            _declare(self, "barrier", condition._wait_semaphore, None, capacity=self._parties)

    return setstate


def _is_being_made(frame: "FrameType | None") -> bool:
    return frame is not None and frame.f_code.co_name == "__init__"


def install() -> None:
    from multiprocessing import synchronize

    condition: Any = synchronize.Condition
    setattr(condition, PROBE, None)
    wrap(condition, "__init__", _condition_init)
    wrap(condition, "__setstate__", _condition_setstate)
    wrap(condition, "wait", _wait)
    wrap(condition, "notify", _notify)
    event: Any = synchronize.Event
    setattr(event, PROBE, None)
    wrap(event, "__init__", _event_init)
    event.__getstate__ = _event_getstate
    wrap(event, "is_set", _event_is_set)
    wrap(event, "wait", _event_wait)
    wrap(event, "set", _event_set)
    wrap(event, "clear", _event_clear)
    barrier: Any = synchronize.Barrier
    if issubclass(barrier, threading.Barrier):
        wrap(barrier, "__init__", _barrier_init)
        wrap(barrier, "__setstate__", _barrier_setstate)


frames.step_over(globals(), ours=True)

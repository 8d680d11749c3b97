"""multiprocessing.synchronize: which semaphores are the program's, and what takes their methods' place.

A semaphore that is a part of something (a queue, a condition, a value) stays silent until that something says
what it is: `declare` it, or leave it silent.  In a process that got a semaphore by its name, nobody has said
anything yet when it arrives: it declares itself at its first use.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from . import frames, mp_shared, recorder
from .mp_lock_probe import SemLockProbe, of_lock, of_rlock
from .mp_semaphore_probe import PermitsProbe, of_semaphore
from .originals import getframe
from .patching import PROBE, wrap

IDENTITY = "_syncscope_identity"
ARRIVED = "_syncscope_arrived"
"""Attribute of what came from another process: True as long as nobody has said what it is."""

Method = Callable[..., Any]


def identity_of(lock: Any) -> str:
    """The same text in all processes, for a semaphore that belongs to the program; else empty."""
    name = lock._semlock.name
    if name:
        return f"s{name.strip('/')}" if name.endswith(mp_shared.MARK) else ""
    return str(getattr(lock, IDENTITY, ""))


def silence(lock: Any) -> None:
    """Nobody is told of this semaphore."""
    setattr(lock, PROBE, None)
    lock.acquire, lock.release = lock._semlock.acquire, lock._semlock.release


def silence_condition(condition: Any) -> None:
    """The same of a condition and its lock."""
    setattr(condition, ARRIVED, False)
    silence(condition._lock)
    condition.acquire, condition.release = condition._lock.acquire, condition._lock.release


def id_of(lock: Any) -> int:
    probe = getattr(lock, PROBE, None)
    return int(probe.id) if probe is not None else 0


def declare(lock: Any, frame: "FrameType | None", **more: Any) -> None:
    """Tell of the semaphore from now on."""
    kind = _kind_of(lock)
    identity = identity_of(lock)
    if not kind or not identity or getattr(lock, PROBE) is not None:
        return
    try:
        raw = lock._semlock
        home = mp_shared.home_of(identity, lock)
        if kind == "semaphore":
            more["capacity"] = int(raw._get_value()) if sys.platform != "darwin" else raw.maxvalue
            more["bounded"] = type(lock).__name__ == "BoundedSemaphore"
        resource = recorder.declare_resource(kind, type(lock).__name__, frame, shared=identity, **more)
        if kind == "semaphore":
            permits = PermitsProbe(resource.id, resource.slot, raw, home)
            methods = of_semaphore(permits)
            setattr(lock, PROBE, permits)
        else:
            probe = SemLockProbe(resource.id, resource.slot, raw, home)
            methods = of_rlock(probe) if kind == "rlock" else of_lock(probe)
            setattr(lock, PROBE, probe)
        lock.acquire, lock.release = methods
    except Exception as error:
        recorder.fault(kind, error)


def _kind_of(lock: Any) -> str:
    from multiprocessing import synchronize

    for cls, kind in (
        (synchronize.Lock, "lock"),
        (synchronize.RLock, "rlock"),
        (synchronize.Semaphore, "semaphore"),
    ):
        if isinstance(lock, cls):
            return kind
    return ""


def _init(original: Method) -> Method:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        frame = getframe().f_back
        if not mp_shared.made_by_program(frame):
            return
        if self._semlock.name is None:
            setattr(self, IDENTITY, mp_shared.new_identity())
        if not mp_shared.is_part(frame):
            declare(self, mp_shared.maker(frame))

    return init


def _setstate(original: Method) -> Method:
    def setstate(self: Any, state: Any) -> None:
        original(self, state)
        if identity_of(self):
            _declare_at_first_use(self)

    return setstate


def _declare_at_first_use(lock: Any) -> None:

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        declare_now(lock, getframe().f_back)
        return bool(lock.acquire(block, timeout))

    def release() -> None:
        declare_now(lock, getframe().f_back)
        lock.release()

    lock.acquire, lock.release = acquire, release


def declare_now(lock: Any, frame: "FrameType | None") -> None:
    silence(lock)  # in case of a fault
    declare(lock, frames.acting(frame))


def _make_name(original: Any) -> Any:
    bare = original.__func__ if isinstance(original, staticmethod) else original

    def make_name() -> str:
        name = str(bare())
        return name + mp_shared.MARK if mp_shared.made_by_program(getframe().f_back) else name

    return make_name


def install() -> None:
    from multiprocessing import synchronize

    from . import mp_signals

    frames.step_over(vars(synchronize))
    cls: Any = synchronize.SemLock
    setattr(cls, PROBE, None)
    wrap(cls, "__init__", _init)
    wrap(cls, "__setstate__", _setstate)
    original = cls.__dict__["_make_name"]
    cls._make_name = staticmethod(_make_name(original))
    wrap(cls, "__enter__", lambda _: lambda self: self.acquire())
    wrap(cls, "__exit__", lambda _: lambda self, *error: self.release())
    mp_signals.install()


frames.step_over(globals(), ours=True)

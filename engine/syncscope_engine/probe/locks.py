"""Replacement types for threading.Lock and threading.RLock.  The standard library gets the real ones."""

import _thread
import atexit
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

from . import frames, originals, recorder
from .lock_paths import Enter, Exit, of_lock, of_rlock
from .lock_probe import LockProbe, settle_all
from .originals import getframe
from .rlock_probe import RLockProbe

_make_lock: Any = threading.Lock
_make_rlock: Any = threading.RLock
_raw_types = (type(originals.allocate_lock()), type(originals.RLock()))


class _LockType(type):
    """Lets raw locks count as instances, and hands out `__enter__` and `__exit__` as functions of a lock to
    who asks the class for them (contextlib.ExitStack does): the class itself has descriptors there."""

    def __instancecheck__(cls, instance: object) -> bool:
        return super().__instancecheck__(instance) or type(instance) is cls._raw_type

    @property
    def _raw_type(cls) -> type:
        return _raw_types[issubclass(cls, RLock)]

    @property
    def __enter__(cls) -> "Callable[[Any], bool]":
        return _enter

    @property
    def __exit__(cls) -> "Callable[..., None]":
        return _exit


def _enter(lock: Any) -> bool:
    return bool(lock.__enter__())


def _exit(lock: Any, *error: Any) -> None:
    lock.__exit__(*error)


class Lock(metaclass=_LockType):
    """Stands in for threading.Lock and _thread.allocate_lock."""

    __slots__ = ("__enter__", "__exit__", "__weakref__", "_probe")
    __module__ = "threading"

    __enter__: Enter
    __exit__: Exit
    _probe: LockProbe

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        raw = _make_lock(*args, **kwargs)
        frame = getframe().f_back
        if not frames.made_by_program(frame):
            return raw
        return cls._around(raw, frame)

    def __init_subclass__(cls, **kwargs: Any) -> NoReturn:
        raise TypeError("type '_thread.lock' is not an acceptable base type")

    @classmethod
    def _around(cls, raw: Any, frame: "FrameType | None") -> Any:
        try:
            resource = recorder.declare_resource("lock", "Lock", frame)
            self = object.__new__(cls)
            self._probe = probe = LockProbe(resource.id, resource.slot, raw)
            self.__enter__, self.__exit__ = of_lock(probe)
            return self
        except Exception as error:
            recorder.fault("Lock", error)
            return raw

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if blocking is True and timeout == -1:
            return self.__enter__(3)
        return self._probe.acquire(blocking, timeout, getframe().f_back)

    def release(self) -> None:
        self.__exit__(None, None, None, 3)

    def locked(self) -> bool:
        return bool(self._probe.raw.locked())

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked

    def _is_owned(self) -> bool:
        """For Condition, which would otherwise try to acquire."""
        return bool(self._probe.raw.locked())

    def _release_save(self) -> Any:
        return self._probe.give_up(getframe().f_back)

    def _acquire_restore(self, state: Any) -> None:
        self._probe.take_back(state, getframe().f_back)

    def _at_fork_reinit(self) -> None:
        self._probe.reset()

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("cannot pickle '_thread.lock' object")

    def __repr__(self) -> str:
        return repr(self._probe.raw)


class RLock(metaclass=_LockType):
    """Stands in for threading.RLock and _thread.RLock."""

    __slots__ = ("__enter__", "__exit__", "__weakref__", "_probe")
    __module__ = "threading"

    __enter__: Enter
    __exit__: Exit
    _probe: RLockProbe

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        raw = _make_rlock(*args, **kwargs)
        frame = getframe().f_back
        if not frames.made_by_program(frame):
            return raw
        return cls._around(raw, frame)

    @classmethod
    def _around(cls, raw: Any, frame: "FrameType | None", part_of: int = 0) -> Any:
        try:
            more = {"part_of": part_of} if part_of else {}
            resource = recorder.declare_resource("rlock", "RLock", frame, **more)
            self = object.__new__(cls)
            self._probe = probe = RLockProbe(resource.id, resource.slot, raw)
            self.__enter__, self.__exit__ = of_rlock(probe)
            return self
        except Exception as error:
            recorder.fault("RLock", error)
            return raw

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if blocking is True and timeout == -1:
            return self.__enter__(3)
        return self._probe.acquire(blocking, timeout, getframe().f_back)

    def release(self) -> None:
        self.__exit__(None, None, None, 3)

    def _is_owned(self) -> bool:
        return bool(self._probe.raw._is_owned())

    def _release_save(self) -> Any:
        return self._probe.give_up(getframe().f_back)

    def _acquire_restore(self, state: Any) -> None:
        self._probe.take_back(state, getframe().f_back)

    def _at_fork_reinit(self) -> None:
        self._probe.reset()

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("cannot pickle '_thread.RLock' object")

    def __repr__(self) -> str:
        return repr(self._probe.raw)


def part_of_condition(condition: int, frame: "FrameType | None") -> Any:
    """The lock that a condition makes for itself."""
    return RLock._around(_make_rlock(), frame, condition)


def ownership_of(lock: object) -> "Callable[[], bool] | None":
    """What `lock._is_owned` finds out, for an instrumented lock, without a detour."""
    probe = getattr(lock, "_probe", None)
    if isinstance(probe, RLockProbe):
        return probe.raw._is_owned  # type: ignore[no-any-return]
    return probe.raw.locked if isinstance(probe, LockProbe) else None


def id_of(lock: object) -> int:
    """Resource id of an instrumented lock; 0 for any other."""
    probe = getattr(lock, "_probe", None)
    return probe.id if isinstance(probe, LockProbe) else 0


def _offer_what_the_original_offers() -> None:
    """Methods that only some versions of the interpreter have."""
    if hasattr(_raw_types[1], "_recursion_count"):
        RLock._recursion_count = lambda self: self._probe.raw._recursion_count()  # type: ignore[attr-defined]
    if hasattr(_raw_types[1], "locked"):
        RLock.locked = lambda self: self._probe.raw.locked()  # type: ignore[attr-defined]


def install() -> None:
    _offer_what_the_original_offers()
    module: Any = threading
    module.Lock, module.RLock = Lock, RLock
    module = _thread
    module.allocate_lock = module.allocate = module.LockType = Lock
    if hasattr(module, "lock"):
        module.lock = Lock
    module.RLock = RLock
    atexit.register(settle_all)


frames.step_over(globals(), ours=True)

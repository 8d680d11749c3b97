"""concurrent.futures.Future: who is asked for a result, who gives it, who reads it.

Nothing is wrapped: an exception that comes out of `result()` would show our frame in the program's tracebacks.
What happens is seen from inside.  Each future's condition gets a class of ours; every method of a future enters
its condition first, and which method it is tells what is about to happen.  So all of it is known under the
future's own lock, in the true order.
"""

import itertools
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from ..events import Got, Kind, Outcome
from . import frames, recorder
from .calls import Call, text_of
from .importing import when_imported
from .originals import RLock, getframe, perf_counter_ns
from .patching import PROBE, wrap
from .rationing import Ration

if TYPE_CHECKING:
    from .executors import ExecutorProbe

PICKED, RESOLVED = int(Kind.PICKED), int(Kind.RESOLVED)
RESULT_WAIT, RESULT = int(Kind.RESULT_WAIT), int(Kind.RESULT)
DONE, FAILED, CANCELLED = int(Outcome.DONE), int(Outcome.FAILED), int(Outcome.CANCELLED)
PENDING, RUNNING = -2, -1
GOT = {DONE: int(Got.RESULT), FAILED: int(Got.ERROR), CANCELLED: int(Got.CANCELLED)}
TIMED_OUT, READY = int(Got.TIMED_OUT), int(Got.READY)

emit = recorder.emit
_next_serial = itertools.count(1).__next__
_failures = Ration(share=4)
_bare = Ration(share=2)
"""Futures that no executor of the standard library made."""


class FutureProbe:
    """What the probe knows of one future; never the future itself, which shall end when the program drops it.

    `stage` is PENDING, RUNNING or its `Outcome`.  `id` is 0 as long as it is not declared.
    """

    type = "Future"
    id = 0
    stage = PENDING
    since = 0
    shared = ""
    call: "Call | None" = None
    site = (0, 0)

    def __init__(self, lock: Any, pool: "ExecutorProbe | None" = None) -> None:
        self.lock = lock
        self.pool = pool
        self.serial = _next_serial()

    @property
    def pool_id(self) -> int:
        return self.pool.id if self.pool is not None else 0

    def declare(self) -> None:
        """Describe it, once."""
        with self.lock:
            if not self.id:
                id_ = recorder.new_id()
                code, lasti = self.site
                more = {"shared": self.shared} if self.shared else {}
                recorder.meta(
                    k="resource", id=id_, kind="future", type=self.type, slot=0, code=code, lasti=lasti, up=[],
                    store=None, holder=None, part_of=self.pool_id,
                    callee=text_of(self.call) if self.call is not None else "", t_ns=perf_counter_ns(), **more,
                )  # fmt: skip
                self.id = id_

    def may_record(self) -> bool:
        """What concerns a future that is declared is recorded; of another one, it is counted."""
        if self.id:
            return True
        if self.pool is not None:
            self.pool.drop(1)
        return False

    def must_record(self) -> bool:
        """A failure: it is declared now, unless there are hundreds in a moment."""
        if not self.id and _failures.may_record():
            self.declare()
        return self.may_record()

    def picked(self) -> None:
        self.stage = RUNNING
        pool, id_ = self.pool, self.id
        if pool is not None:
            pool.picked(id_ != 0)
        if id_:
            emit(PICKED, id_, self.pool_id, perf_counter_ns() - self.since if self.since else 0)

    def resolved(self, outcome: int, frame: "FrameType | None" = None, told: bool = False) -> None:
        """`told`: somebody else, the worker's own process, has recorded it."""
        was_pending = self.stage == PENDING
        if outcome == FAILED and not told and not self.id and _failures.may_record():
            self.declare()
        self.stage = outcome
        pool, id_ = self.pool, self.id
        if pool is not None:
            pool.resolved(was_pending, told or id_ != 0)
        if id_ and not told:
            emit(RESOLVED, id_, outcome, self.pool_id, frame)

    def read(self, waited: int, frame: "FrameType | None") -> None:
        """Somebody reads what has come out."""
        if self.stage == FAILED:
            self.must_record()
        if self.may_record():
            emit(RESULT, self.id, waited, GOT[self.stage], frames.acting(frame))


# -- what the methods of a future do ----------------------------------------------------------------------


def _begins(future: FutureProbe, frame: FrameType) -> None:
    if future.stage != PENDING:
        return
    if future.pool is None or future.pool.runs_here:
        future.picked()
    else:
        future.stage = RUNNING  # on its way to a worker process, which tells when it takes the call


def _succeeds(future: FutureProbe, frame: FrameType) -> None:
    _ends(future, DONE, frame)


def _fails(future: FutureProbe, frame: FrameType) -> None:
    _ends(future, FAILED, frame)
    error = frame.f_locals.get("exception")
    if future.id and isinstance(error, BaseException):
        recorder.exception(future.id, error, "future")


def _ends(future: FutureProbe, outcome: int, frame: FrameType) -> None:
    if future.stage < 0:
        pool = future.pool
        told = pool is not None and pool.is_told_elsewhere(frame)
        future.resolved(outcome, None if pool is not None else frames.acting(frame.f_back), told)


def _is_cancelled(future: FutureProbe, frame: FrameType) -> None:
    if future.stage == PENDING:
        future.resolved(CANCELLED, frames.acting(frame.f_back))


def _is_read(future: FutureProbe, frame: FrameType) -> None:
    if future.stage >= 0 and not _only_looks(frame):
        if not future.id and future.stage != FAILED and future.pool is not None:
            future.pool.drop(1)
            return
        future.read(0, frame.f_back)


def _only_looks(frame: FrameType) -> bool:
    """wait(FIRST_EXCEPTION) asks its futures for their exceptions, and tells nobody."""
    asker = frame.f_back
    return (
        id(frame.f_code) == _exception and asker is not None and asker.f_globals.get("__name__") == _base_name
    )


_acts: "dict[int, Callable[[FutureProbe, FrameType], None]]" = {}
"""id of the code of a method -> what it is about to do."""
_reading: "set[int]" = set()
_exception = 0
_base_name = "concurrent.futures._base"
_original_wait: "Callable[..., bool]"
_original_init: "Callable[..., None]"
_Future: type
_ATTRIBUTES = {"_condition", "_state", "_result", "_exception", "_waiters", "_done_callbacks"}


class FutureCondition(threading.Condition):
    _of: FutureProbe

    def __init__(self, lock: Any) -> None:
        _original_init(self, lock)

    def __enter__(self) -> bool:
        entered: bool = self._lock.__enter__()  # type: ignore[attr-defined]
        frame = getframe(1)
        act = _acts.get(id(frame.f_code))
        if act is not None:
            try:
                act(self._of, frame)
            except Exception as error:
                recorder.fault("Future", error)
            except BaseException:
                self._lock.__exit__(None, None, None)  # type: ignore[attr-defined]
                raise
        return entered

    def wait(self, timeout: "float | None" = None) -> bool:
        frame = getframe(1)
        if id(frame.f_code) not in _reading:
            return _original_wait(self, timeout)
        future = self._of
        asker = frames.acting(frame.f_back)
        patient = not (isinstance(timeout, (int, float)) and timeout <= 0)
        start = perf_counter_ns()
        if patient:
            future.declare()
            emit(RESULT_WAIT, future.id, recorder.to_ns(timeout), 0, asker, 0, start)
        try:
            return _original_wait(self, timeout)
        finally:
            if patient:
                waited = max(perf_counter_ns() - start, 1)
                emit(RESULT, future.id, waited, GOT.get(future.stage, TIMED_OUT), asker)
            elif future.may_record():
                emit(RESULT, future.id, 0, TIMED_OUT, asker)


# -- how a future begins ----------------------------------------------------------------------------------

submitters: "dict[int, Callable[[FutureProbe, FrameType], None]]" = {}
"""id of the code of an executor's `submit` -> what it does with the future that it has just made."""


def _init(original: Callable[..., None]) -> Callable[..., None]:
    """Written anew: a condition of ours from the beginning costs less than one that becomes ours."""

    def init(self: Any) -> None:
        self._condition = condition = FutureCondition(RLock())
        self._state = "PENDING"
        self._result = None
        self._exception = None
        self._waiters = []
        self._done_callbacks = []
        try:
            _watch(self, condition, getframe(1))
        except Exception as error:
            recorder.fault("Future", error)

    return init


def _watch(future: Any, condition: Any, frame: "FrameType | None") -> None:
    probe = condition._of = FutureProbe(condition._lock)
    if type(future) is not _Future:
        probe.type = type(future).__name__
    submitted = submitters.get(id(frame.f_code)) if frame is not None else None
    if submitted is not None and frame is not None:
        submitted(probe, frame)
    elif _bare.may_record():
        while (
            frame is not None and frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is future
        ):
            frame = frame.f_back  # of a subclass
        probe.site = recorder.position(frames.acting(frame))
        if frames.made_by_program(frame):
            probe.declare()


def probe_of(future: Any) -> "FutureProbe | None":
    found = getattr(getattr(future, "_condition", None), "_of", None)
    return found if isinstance(found, FutureProbe) else None


def future_id(future: Any) -> int:
    """Resource id of a future of concurrent.futures, which is declared if it was not; 0 = not observed."""
    probe = probe_of(future)
    if probe is None:
        return 0
    probe.declare()
    return probe.id


def _install() -> None:
    from concurrent.futures import _base

    from . import future_waits

    global _exception, _original_wait, _original_init, _Future
    future: Any = _base.Future
    condition = threading.Condition()
    if vars(future()).keys() != _ATTRIBUTES or _base.PENDING != "PENDING" or not hasattr(condition, "_lock"):
        raise NotImplementedError("concurrent.futures.Future is not built as in Python 3.10 to 3.14")
    frames.step_over(vars(_base))
    _original_wait = getattr(threading.Condition.wait, "__wrapped__", threading.Condition.wait)
    _original_init = getattr(threading.Condition.__init__, "__wrapped__", threading.Condition.__init__)
    _Future = future
    _exception = id(future.exception.__code__)
    _reading.update((id(future.result.__code__), _exception))
    _acts.update(
        {
            id(future.result.__code__): _is_read,
            _exception: _is_read,
            id(future.cancel.__code__): _is_cancelled,
            id(future.set_running_or_notify_cancel.__code__): _begins,
            id(future.set_result.__code__): _succeeds,
            id(future.set_exception.__code__): _fails,
        }
    )
    if hasattr(future, "_get_snapshot"):  # asyncio reads through it from 3.14 on
        _acts[id(future._get_snapshot.__code__)] = _is_read
    setattr(future, PROBE, None)
    wrap(future, "__init__", _init)
    future_waits.install(_base)


def _install_threads() -> None:
    from . import thread_pools

    thread_pools.install()


def _install_processes() -> None:
    from . import process_pools

    process_pools.install()


def _install_mp_pools() -> None:
    from . import mp_pools

    mp_pools.install()


def install() -> None:
    when_imported("multiprocessing.pool", _install_mp_pools)
    when_imported("concurrent.futures.process", _install_processes)
    when_imported("concurrent.futures._base", _install)
    when_imported("concurrent.futures.thread", _install_threads)


FutureCondition.__name__ = FutureCondition.__qualname__ = "Condition"
FutureCondition.__module__ = "threading"
frames.step_over(globals(), ours=True)

"""Futures that the program makes with `loop.create_future()`: who waits for one, and who resolves it.

Methods of a C type cannot be replaced, so the program gets a subclass of the same name.  A future is described
when somebody has to wait for it, no sooner: most never are waited for.  What asyncio and installed packages
make for themselves stays as it was.
"""

from asyncio import base_events, futures
from types import FrameType
from typing import Any

from ..events import Kind, Outcome
from . import frames, recorder
from .aio_awaits import program_frame
from .originals import getframe, perf_counter_ns
from .patching import wrap
from .rationing import Ration

MOST = 10_000
"""So many futures of one process are described."""

_Bare: Any = futures.Future
_bare_set_result = _Bare.set_result
_bare_set_exception = _Bare.set_exception
_bare_cancel = _Bare.cancel
_ration = Ration()
_n_declared = 0


class Future(_Bare):  # type: ignore[misc]
    """`_syncscope`: where it was made; then its id."""

    __slots__ = ("_syncscope",)
    __doc__ = _Bare.__doc__
    __module__ = _Bare.__module__
    _syncscope: "int | Origin"

    def set_result(self, result: Any, /) -> None:
        _bare_set_result(self, result)
        if type(self._syncscope) is int:
            _resolved(self._syncscope, Outcome.DONE, getframe().f_back)

    def set_exception(self, exception: Any, /) -> None:
        _bare_set_exception(self, exception)
        if type(self._syncscope) is int:
            _resolved(self._syncscope, Outcome.FAILED, getframe().f_back)

    def cancel(self, *args: Any, **kwargs: Any) -> bool:
        done = bool(_bare_cancel(self, *args, **kwargs))
        if done and type(self._syncscope) is int:
            _resolved(self._syncscope, Outcome.CANCELLED, getframe().f_back)
        return done


for _name in ("set_result", "set_exception", "cancel"):
    Future.__dict__[_name].__doc__ = getattr(_Bare, _name).__doc__
Future.__qualname__ = _Bare.__qualname__


class Origin:
    """Where a future was made: (code id, lasti) of the line and of its callers, and whose method it is in."""

    __slots__ = ("at", "code", "holder", "up")

    def __init__(self, frame: FrameType) -> None:
        self.code = frame.f_code
        self.at = recorder.position(frame)
        self.holder: "str | None" = None
        if frame.f_code.co_name == "__init__" and frame.f_code.co_varnames:
            me = frame.f_locals.get(frame.f_code.co_varnames[0])
            self.holder = type(me).__name__ if me is not None else None
        outer = frame.f_back
        self.up = [recorder.position(outer)] if outer is not None else []


def _make_create_future(bare: Any) -> Any:
    def create_future(self: Any) -> Any:
        frame = getframe().f_back
        if frame is None or frames.owner(frame.f_code.co_filename) != frames.USER:
            return bare(self)
        future = Future(loop=self)
        future._syncscope = Origin(frame)
        return future

    return create_future


def id_of(future: Any) -> int:
    """Id of a future of the program, described now if it was not; 0: of somebody else, or too many."""
    if type(future) is not Future:
        return 0
    known = future._syncscope
    return known if type(known) is int else _declare(future, known)


def _declare(future: Future, origin: Any) -> int:
    global _n_declared
    if _n_declared >= MOST or not _ration.may_record():
        return 0
    _n_declared += 1
    future._syncscope = id_ = recorder.new_id()
    recorder.meta(
        k="resource", id=id_, kind="future", type="Future", slot=0, code=origin.at[0], lasti=origin.at[1],
        up=origin.up, store=recorder.store_name(origin.code, origin.at[1]), holder=origin.holder, loop=True,
        t_ns=perf_counter_ns(),
    )  # fmt: skip
    return id_


def _resolved(id_: int, outcome: Outcome, frame: "FrameType | None") -> None:
    try:
        recorder.emit(Kind.RESOLVED, id_, outcome, 0, program_frame(frame))
    except Exception as error:
        recorder.fault("future", error)


def install() -> None:
    wrap(base_events.BaseEventLoop, "create_future", _make_create_future)


frames.step_over(globals(), ours=True)

"""Futures that the program makes with `loop.create_future()`: who waits for one, and who resolves it.

Methods of a C type cannot be replaced, so the program gets a subclass of the same name.  A future is described
when somebody has to wait for it, no sooner: most never are waited for.  What asyncio and installed packages
make for themselves stays as it was, and so does the rest when a program makes them by the thousand.
"""

from asyncio import base_events, futures
from types import CodeType, FrameType
from typing import Any

from ..events import Kind, Outcome
from . import frames, recorder
from .aio_awaits import program_frame
from .originals import getframe, perf_counter_ns
from .patching import wrap
from .rationing import NEVER, Ration
from .recorder import W_FRAME

MOST = 10_000
"""So many futures of one process are described."""

Origin = tuple[CodeType, int, "tuple[CodeType, int] | None", "str | None"]
"""Where a future was made: code and lasti of the line, those of its caller, and whose `__init__` it was in."""

_Bare: Any = futures.Future
_bare_set_result = _Bare.set_result
_bare_set_exception = _Bare.set_exception
_bare_cancel = _Bare.cancel
_ration = Ration()
_made = Ration(share=4)
_quiet = NEVER
"""The frame in which so many were made that the rest are left as they are."""
_n_declared = 0
words: "memoryview[int]"


def _opened() -> None:
    global words
    words = recorder.words


recorder.when_opened(_opened)


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


def _make_create_future(bare: Any) -> Any:
    owner, owner_of, user = frames.owner, frames.owner_of_file.get, frames.USER

    def create_future(self: Any) -> Any:
        global _quiet
        frame = getframe().f_back
        if words[W_FRAME] == _quiet or frame is None:
            return bare(self)
        code = frame.f_code
        if (owner_of(code.co_filename) or owner(code.co_filename)) != user:
            return bare(self)
        if not _made.may_record():
            _quiet = words[W_FRAME]
            return bare(self)
        future = Future(loop=self)
        back = frame.f_back
        outer = (back.f_code, back.f_lasti) if back is not None else None
        future._syncscope = (
            code,
            frame.f_lasti,
            outer,
            _holder(frame) if code.co_name == "__init__" else None,
        )
        return future

    return create_future


def _holder(frame: FrameType) -> "str | None":
    """Class of the object whose `__init__` makes the future."""
    names = frame.f_code.co_varnames
    me = frame.f_locals.get(names[0]) if names else None
    return type(me).__name__ if me is not None else None


def id_of(future: Any) -> int:
    """Id of a future of the program, described now if it was not; 0: of somebody else, or too many."""
    if type(future) is not Future:
        return 0
    known = future._syncscope
    return _declare(future, known) if type(known) is tuple else int(known)  # type: ignore[arg-type]


def _declare(future: Future, origin: "Origin") -> int:
    global _n_declared
    if _n_declared >= MOST or not _ration.may_record():
        return 0
    _n_declared += 1
    code, lasti, outer, holder = origin
    recorder.see_once(code)
    if outer is not None:
        recorder.see_once(outer[0])
    future._syncscope = id_ = recorder.new_id()
    recorder.meta(
        k="resource", id=id_, kind="future", type="Future", slot=0, code=id(code), lasti=lasti,
        up=[[id(outer[0]), outer[1]]] if outer is not None else [], store=recorder.store_name(code, lasti),
        holder=holder, loop=True, t_ns=perf_counter_ns(),
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

"""Tasks that are destroyed while they wait, coroutines that nobody awaits, exceptions that nobody looks at.

asyncio reports the first and the last of these itself, when an object is destroyed; what it reports is
recorded.  What `gather` drops it does not report: see `Dropped`.
"""

import dis
import warnings
from asyncio import base_events, futures, tasks
from types import CodeType, CoroutineType, FrameType, FunctionType
from typing import Any

from ..events import Kind, Unread
from . import aio_awaits, aio_futures, frames, recorder
from .aio_graph import known, variable_of
from .aio_tasks import Task
from .originals import get_ident, getframe, perf_counter_ns
from .patching import wrap
from .rationing import Ration

_DESTROYED = "Task was destroyed but it is pending!"
_UNREAD = "exception was never retrieved"
_GATHERED: CodeType = next(
    constant
    for constant in tasks.gather.__code__.co_consts
    if isinstance(constant, CodeType) and constant.co_name == "_done_callback"
)
_ration = Ration()


# -- what asyncio reports ---------------------------------------------------------------------------------


def _make_call_exception_handler(bare: Any) -> Any:
    def call_exception_handler(self: Any, context: Any) -> None:
        try:
            _reported(context)
        except Exception as error:
            recorder.fault("reported", error)
        bare(self, context)

    return call_exception_handler


def _reported(context: Any) -> None:
    message = context.get("message")
    if message == _DESTROYED:
        task = context.get("task")
        id_ = _id_of_task(task)
        if id_:
            recorder.emit(Kind.LEAKED, id_, frame=aio_awaits.site(task)[0])
    elif isinstance(message, str) and message.endswith(_UNREAD):
        future, error = context.get("future"), context.get("exception")
        if isinstance(future, tasks.Task):
            id_ = _id_of_task(future)
        elif isinstance(future, futures.Future) and isinstance(error, BaseException):
            id_ = (
                aio_futures.id_of(future) or recorder.declare_resource("future", "Future", None, loop=True).id
            )
            recorder.exception(id_, error, "asyncio")
        else:
            return
        if id_:
            recorder.emit(Kind.UNREAD, id_, 0, Unread.FORGOTTEN)


def _id_of_task(task: Any) -> int:
    steps = known.get(id(task)) or getattr(task, "_syncscope", None)
    return int(steps.id) if steps is not None else 0


# -- what gather drops ------------------------------------------------------------------------------------


class Dropped(Task):
    """A task whose exception `gather` has dropped, until somebody looks at it after all."""

    __slots__ = ()
    __module__ = Task.__module__

    def result(self) -> Any:
        self.__class__ = Task
        return self.result()

    def exception(self) -> Any:
        self.__class__ = Task
        return self.exception()

    def __await__(self) -> Any:
        self.__class__ = Task
        return self.__await__()

    __iter__ = __await__

    def __del__(self) -> None:
        try:
            if self._syncscope is not None:
                recorder.emit(Kind.UNREAD, self._syncscope.id, 0, Unread.GATHER)
        except Exception:  # the interpreter is being taken apart
            pass


Dropped.__name__ = Task.__name__
Dropped.__qualname__ = Task.__qualname__


def dropped_by(callback: Any, args: "tuple[Any, ...]") -> Any:
    """The task whose exception `gather` is about to throw away in `callback`, unseen by anybody; else None."""
    if callback.__code__ is not _GATHERED or not args or type(args[0]) is not Task:
        return None
    outer = variable_of(callback, "outer")
    if outer is None or not outer.done() or args[0].cancelled():
        return None
    return args[0] if args[0]._log_traceback else None  # False: somebody has seen it


def drop(task: Any) -> None:
    try:
        task.__class__ = Dropped
    except TypeError as error:
        recorder.fault("gather", error)


# -- coroutines that nobody awaits ------------------------------------------------------------------------


def _warn(message: Any, category: Any, stacklevel: int, source: Any) -> None:
    """Called in the place of `warnings.warn` when a coroutine is destroyed that was never awaited."""
    try:
        if _ration.may_record():
            _never_awaited(source, getframe(2))
    except Exception as error:
        recorder.fault("coroutine", error)
    warnings.warn(message, category, stacklevel + 1, source)


def _never_awaited(coroutine: Any, frame: "FrameType | None") -> None:
    if not isinstance(coroutine, CoroutineType):
        return
    if frame is not None and _made_it(frame, coroutine.__name__):
        recorder.emit(Kind.LEAKED, frame=frame)
        return
    code = coroutine.cr_code
    if frames.owner(code.co_filename) == frames.STD:
        recorder.emit(Kind.LEAKED)
        return
    recorder.see_once(code)
    recorder.emit_at(
        Kind.LEAKED, 0, 0, 1, 0, perf_counter_ns(), recorder.thread_id(), recorder.running.get(get_ident(), 0),
        id(code), frames.entry(code),
    )  # fmt: skip


def _made_it(frame: FrameType, name: str) -> bool:
    """Is `frame` in a statement that calls the coroutine's function by its name and throws the result away?"""
    code = frame.f_code
    if frames.owner(code.co_filename) == frames.STD:
        return False
    before, named = "", False
    for instruction in dis.get_instructions(code):
        if instruction.offset == frame.f_lasti:
            return named and instruction.opname == "POP_TOP" and before.startswith("CALL")
        if instruction.opname == "CACHE":
            continue
        if before == "POP_TOP":
            named = False
        named = named or (instruction.opname.startswith("LOAD_") and name == instruction.argval)
        before = instruction.opname
    return False


def install() -> None:
    wrap(base_events.BaseEventLoop, "call_exception_handler", _make_call_exception_handler)
    module = vars(warnings)
    bare = module.get("_warn_unawaited_coroutine")
    if isinstance(bare, FunctionType):
        names = {**module, "warn": _warn}  # so that the text and its place stay the library's own
        module["_warn_unawaited_coroutine"] = FunctionType(bare.__code__, names, bare.__name__)


frames.step_over(globals(), ours=True)

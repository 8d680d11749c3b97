"""The type of asyncio's tasks, observed where a subclass can see more than their steps: made, cancelled, renamed.

Methods of a C type cannot be replaced, so `asyncio.Task` itself becomes a subclass of the same name, before
the program sees the module.  Custom task factories and the program's own subclasses are served with it.
"""

import asyncio
import inspect
import sys
from asyncio import base_events, tasks
from types import CodeType, CoroutineType, FrameType
from typing import Any

from ..events import Kind
from . import aio_awaits, aio_steps, frames, recorder
from .aio_awaits import program_frame
from .aio_steps import Steps
from .originals import get_ident, getframe, perf_counter_ns

_Bare: Any = tasks.Task
_bare_init = _Bare.__init__
_timeout_code: "CodeType | None" = None
_group_code: "CodeType | None" = None
_DEEPEST = 8
foreign: "set[type]" = set()
"""Types of event loops that are not observed."""


class Task(_Bare):  # type: ignore[misc]
    __slots__ = ("_syncscope",)
    __doc__ = _Bare.__doc__
    __module__ = _Bare.__module__
    _syncscope: "Steps | None"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._syncscope = None
        if kwargs.get("eager_start") and _init_eagerly(self, getframe().f_back, args, kwargs):
            return
        _bare_init(self, *args, **kwargs)
        _made(self, getframe().f_back)

    def cancel(self, *args: Any, **kwargs: Any) -> bool:
        if self._syncscope is not None and not self.done():
            _cancelled(self, self._syncscope, getframe().f_back)
        return bool(_Bare.cancel(self, *args, **kwargs))

    if sys.version_info >= (3, 11):

        def uncancel(self) -> int:
            if self._syncscope is not None and self.cancelling():
                recorder.emit(Kind.UNCANCEL, self._syncscope.id, frame=program_frame(getframe().f_back))
            return int(_Bare.uncancel(self))

    def set_name(self, value: object) -> None:
        _Bare.set_name(self, value)
        if self._syncscope is not None:
            recorder.meta(k="rename", id=self._syncscope.id, name=self.get_name())


for _name in ("__init__", "cancel", "uncancel", "set_name"):
    if _name in Task.__dict__:
        Task.__dict__[_name].__doc__ = getattr(_Bare, _name).__doc__
Task.__qualname__ = _Bare.__qualname__
_CANCEL: CodeType = Task.__dict__["cancel"].__code__


def _made(task: Task, frame: "FrameType | None") -> None:
    try:
        loop = task.get_loop()
        if is_observed(loop):
            task._syncscope = aio_steps.declare(
                task, loop, task.get_coro(), task.get_name(), program_frame(frame)
            )
    except Exception as error:
        recorder.fault("task", error)


def is_observed(loop: Any) -> bool:
    """Does `loop` run its callbacks by `Handle._run`?"""
    if isinstance(loop, base_events.BaseEventLoop):
        return True
    if type(loop) not in foreign:
        foreign.add(type(loop))
        module = type(loop).__module__.partition(".")[0]
        recorder.note(f"The event loop of {module} is not observed: tasks that run on it are not shown.")
    return False


def foreign_loop_runs() -> bool:
    """Does code run now on a loop that is not observed?  Then no task is known that could act."""
    return bool(foreign) and type(asyncio._get_running_loop()) in foreign


def _init_eagerly(
    task: Task, frame: "FrameType | None", args: "tuple[Any, ...]", kwargs: "dict[str, Any]"
) -> bool:
    """The first step is taken before `__init__` returns.  False: it will be taken by the loop, as usual."""
    coro: Any = args[0] if args else kwargs.get("coro")
    loop = kwargs.get("loop") or asyncio._get_running_loop()
    if loop is None or not loop.is_running() or type(coro) is not CoroutineType or not is_observed(loop):
        return False
    name = kwargs.get("name")
    steps = aio_steps.declare(task, loop, coro, str(name or coro.__qualname__), program_frame(frame))
    ident = get_ident()
    before = recorder.running.get(ident, 0)
    recorder.running[ident] = steps.id
    start = perf_counter_ns()
    aio_steps.begin(steps, start)
    try:
        _bare_init(task, *args, **kwargs)
        task._syncscope = steps
    finally:
        if task._syncscope is None:
            aio_steps.never_was(task, steps)
        else:
            if not name:
                recorder.meta(k="rename", id=steps.id, name=task.get_name())
            aio_steps.finish(task, steps, start, True, eager=True)
        recorder.running[ident] = before
    return True


def _cancelled(task: Task, steps: Steps, frame: "FrameType | None") -> None:
    """Record who asks for the task's end.  When the loop asks, the place is where the request meets the task."""
    try:
        place = program_frame(frame)
        if place is None:
            place = aio_awaits.site(task)[0]
        ident = get_ident()
        before = recorder.running.get(ident, 0)
        recorder.running[ident] = _requester(frame) or before
        recorder.emit(Kind.CANCEL, steps.id, frame=place)
        recorder.running[ident] = before
    except Exception as error:
        recorder.fault("cancel", error)


def _requester(frame: "FrameType | None") -> int:
    """Id of the task in whose name the standard library asks; 0: in that of who runs.

    A task that is cancelled passes it on to what it waits for; its own time limit counts as the task itself;
    a task group cancels because one of its tasks has failed.
    """
    for _ in range(_DEEPEST):
        if frame is None:
            break
        code = frame.f_code
        if code is _CANCEL:
            return _id_of(frame.f_locals.get("self"))
        if code is _timeout_code:
            return _id_of(getattr(frame.f_locals.get("self"), "_task", None))
        if code is _group_code:
            return _id_of(frame.f_locals.get("task"))
        if frames.owner(code.co_filename) != frames.STD:
            break
        frame = frame.f_back
    return 0


def _id_of(task: Any) -> int:
    steps = getattr(task, "_syncscope", None)
    return steps.id if type(steps) is Steps else 0


def install() -> None:
    global _timeout_code, _group_code
    try:
        Task.__signature__ = inspect.signature(_Bare)
    except (TypeError, ValueError):
        pass
    for module in (asyncio, tasks):
        module.__dict__["Task"] = Task
    if sys.version_info >= (3, 11):
        from asyncio import taskgroups, timeouts

        _timeout_code = timeouts.Timeout.__dict__["_on_timeout"].__code__
        _group_code = taskgroups.TaskGroup.__dict__["_on_task_done"].__code__
    if sys.version_info >= (3, 12):
        asyncio.eager_task_factory = tasks.eager_task_factory = tasks.create_eager_task_factory(Task)


frames.step_over(globals(), ours=True)

"""Steps of asyncio tasks.

A step is one call of `Handle._run` whose callback belongs to a task: the only place of the standard library
that every step of every task passes, whether the task is of C or of Python.  All else is read from the task
before and after the step; no coroutine is wrapped.

Rationing: a task that only yields (`sleep(0)`) records `budget` steps per display frame, all tasks together
SHARE times that.  A step that ends in a real wait is always recorded, and so is the step after it: a task
never seems to run while it waits, nor to wait while it runs.
"""

import json.encoder
import re
import sys
import weakref
from asyncio import CancelledError, events, format_helpers, tasks
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Awaited, Failure, Flag, Kind, Outcome
from . import aio_awaits, aio_calls, aio_graph, aio_held, frames, gate, recorder
from .aio_awaits import program_frame
from .originals import get_ident, getframe, perf_counter_ns
from .patching import wrap
from .rationing import SAMPLED, Ration
from .recorder import W_GATE

SHARE = 4
QUIET_NS = 2_000_000
"""A task without budget left looks for a new frame this often only."""
LONG_STEP_NS = 1_000_000
"""A step that was not recorded but took longer than this is recorded when it ends."""

TIMED = int(Flag.TIMED)

SPAWN, START, STEP, EXIT = int(Kind.SPAWN), int(Kind.START), int(Kind.STEP), int(Kind.EXIT)

emit, emit_at = recorder.emit, recorder.emit_at
running, threads = recorder.running, recorder.threads
to_json = json.encoder.encode_basestring_ascii
words: "memoryview[int]"

known: "dict[int, Steps]" = aio_graph.known
"""id(task) -> Steps, as long as the task lives."""

_OF_THE_LOOP = frozenset({"BaseEventLoop.shutdown_asyncgens", "BaseEventLoop.shutdown_default_executor"})
_OF_A_TRANSPORT = re.compile(r"Base(SelectorEventLoop|SubprocessTransport)\._\w+$").match
"""It accepts a connection, or connects the pipes of a child."""
_TASK_TYPES = tuple({tasks.Task, getattr(tasks, "_PyTask", tasks.Task)})
_STEP_TYPE = "TaskStepMethWrapper"
_STEP_NAMES = frozenset({"task_wakeup", "__step", "__wakeup"})
_yields = Ration(SHARE)
_starts = Ration(SHARE)


def _opened() -> None:
    global words
    words = recorder.words


recorder.when_opened(_opened)


class Asked:
    """While it is entered, the task asks an observed resource for something.

    Recorded as `kind` when the task's step ends inside of it: when it really has to wait.  Thrown out of
    that, the task has failed: recorded as `failed`, if that is not 0.
    """

    __slots__ = ("a", "asked_ns", "b", "failed", "flags", "kind", "obj", "outer", "steps")

    def __init__(
        self, steps: "Steps", kind: int, obj: int, failed: int = 0, a: int = 0, b: int = 0, flags: int = 0
    ) -> None:
        self.steps, self.kind, self.obj, self.failed = steps, kind, obj, failed
        self.a, self.b, self.flags = a, b, flags
        self.asked_ns = 0
        self.outer: "Asked | None" = None

    def waited(self) -> int:
        """0: did not have to wait."""
        return perf_counter_ns() - self.asked_ns if self.asked_ns else 0

    def __enter__(self) -> None:
        self.outer, self.steps.asked = self.steps.asked, self

    def __exit__(self, kind: "type[BaseException] | None", *_: object) -> None:
        self.steps.asked = self.outer
        if kind is not None and self.failed and self.asked_ns and kind is not GeneratorExit:
            cancelled = issubclass(kind, CancelledError)
            why = Failure.CANCELLED if cancelled else Failure.REFUSED
            emit(self.failed, self.obj, self.waited(), why, program_frame(getframe().f_back), self.flags)


class _Ref(weakref.ref):  # type: ignore[type-arg]
    __slots__ = ("key",)
    key: int


class Steps:
    """The probe's side of one task."""

    __slots__ = ("asked", "frame", "id", "left", "n_dropped", "quiet_ns", "ref", "started", "waiting")

    def __init__(self, task: Any, id_: int) -> None:
        self.id = id_
        self.started = False
        self.waiting = True  # the newest record says that it does not run, nor is about to
        self.frame = -1
        self.left = 0
        self.quiet_ns = 0  # until then, yields are not recorded
        self.n_dropped = 0
        self.asked: "Asked | None" = None
        self.ref = _Ref(task, _destroyed)
        self.ref.key = id(task)

    def take_flags(self) -> int:
        """SAMPLED when steps were dropped since the newest record; they are counted now."""
        if not self.n_dropped:
            return 0
        words[recorder.W_DROPPED] += 2 * self.n_dropped
        self.n_dropped = 0
        return SAMPLED


def _destroyed(ref: _Ref) -> None:
    """The task was thrown away without having ended."""
    try:
        steps = known.pop(ref.key, None)
        if steps is not None:
            _exit(steps, Outcome.CANCELLED)
    except Exception:  # the interpreter is being taken apart
        pass


# -- looking ----------------------------------------------------------------------------------------------


def current() -> "Steps | None":
    """The task that runs now in this thread, if it is observed."""
    try:
        return known.get(id(tasks.current_task()))
    except RuntimeError:  # no loop runs here
        return None


# -- recording --------------------------------------------------------------------------------------------


def declare(task: Any, loop: Any, coro: Any, name: str, frame: "FrameType | None") -> Steps:
    """`frame`: of the program, or None.  Programs make tasks by the thousand: the line is formatted by hand."""
    ident = get_ident()
    me = recorder.threads.get(ident) or recorder.thread_id()
    on_it = running.get(ident, 0)
    thread = recorder.threads.get(getattr(loop, "_thread_id", None) or 0) or me
    callee = getattr(coro, "__qualname__", None) or type(coro).__qualname__
    internal = callee.startswith("Base") and _is_internal(callee, coro)
    spawner = (aio_calls.on_behalf.get(ident, 0) if aio_calls.on_behalf else 0) or on_it or me
    code, lasti = recorder.position(frame)
    id_, now = recorder.new_id(), perf_counter_ns()
    recorder.meta_line(
        f'{{"k": "task", "id": {id_}, "kind": "asyncio", "name": {to_json(name)}, "spawner": {spawner}, '
        f'"thread": {thread}, "code": {code}, "lasti": {lasti}, "callee": {to_json(callee)}, '
        f'"internal": {"true" if internal else "false"}, "t_ns": {now}}}\n'
    )
    steps = known[id(task)] = Steps(task, id_)
    emit_at(SPAWN, id_, 0, 0, 0, now, me, on_it, code, lasti)
    return steps


def _is_internal(callee: str, coro: Any) -> bool:
    of_asyncio = callee in _OF_THE_LOOP or _OF_A_TRANSPORT(callee)
    return bool(of_asyncio) and frames.owner(coro.cr_code.co_filename) == frames.STD


def begin(steps: Steps, t_ns: int) -> None:
    """A step begins; `running` says so already.  In a crowd the start has to do for the first step."""
    me = threads.get(get_ident()) or recorder.thread_id()
    id_ = steps.id
    steps.waiting = False
    if not steps.started:
        steps.started = True
        emit_at(START, id_, 0, 0, 0, t_ns, me, id_, 0, 0)
        if not _starts.may_record():
            return
    emit_at(STEP, id_, 0, 0, steps.take_flags(), t_ns, me, id_, 0, 0)


def finish(task: Any, steps: Steps, start_ns: int, recorded: bool, eager: bool = False) -> None:
    """A step is over; `recorded`: so was its beginning; `eager`: it was taken inside of another one's."""
    try:
        t_ns = perf_counter_ns()
        if t_ns - start_ns > LONG_STEP_NS:
            if not recorded:
                begin(steps, start_ns)
            if t_ns - start_ns > aio_held.HELD_NS and not eager:
                aio_held.tell(start_ns, t_ns, task, None)
        if task.done():
            _ended(task, steps, t_ns)
        else:
            _suspended(task, steps, t_ns, t_ns - start_ns)
    except Exception as error:
        recorder.fault("step", error)


def _suspended(task: Any, steps: Steps, t_ns: int, step_ns: int) -> None:
    frame, inside = aio_awaits.site(task)
    waiter, asked, obj, flags = task._fut_waiter, steps.asked, 0, 0
    if asked is not None:
        awaited, obj = Awaited.RESOURCE, asked.obj
        if inside and aio_awaits.limit(inside)[1]:
            flags = TIMED
        if not asked.asked_ns:
            asked.asked_ns = t_ns
            emit(asked.kind, obj, asked.a, asked.b, frame, asked.flags, t_ns)
    elif waiter is None:
        awaited = Awaited.YIELD
    else:
        other = known.get(id(waiter))
        if other is not None:
            awaited, obj = Awaited.TASK, other.id
            if inside and aio_awaits.limit(inside)[1]:
                flags = TIMED
        else:
            target = aio_graph.look(waiter, frame, inside)
            awaited, obj = target.awaited, target.obj
            flags = TIMED if target.timed else 0
            for one in target.others:
                emit(Kind.AWAITS, one, int(target.needs_all), target.n, t_ns=t_ns)
    emit(Kind.SUSPEND, obj, step_ns, awaited, frame, steps.take_flags() | flags, t_ns)
    steps.waiting = awaited is not Awaited.YIELD
    if steps.waiting:
        steps.quiet_ns = 0


def _ended(task: Any, steps: Steps, t_ns: int) -> None:
    known.pop(id(task), None)
    outcome = Outcome.CANCELLED if task.cancelled() else Outcome.DONE
    error = None if task.cancelled() else task._exception  # unlike exception(), does not count as retrieved
    if isinstance(error, SystemExit):
        outcome = Outcome.FAILED if error.code else Outcome.DONE
    elif error is not None:
        outcome = Outcome.FAILED
        recorder.exception(steps.id, error, "asyncio")
        emit(Kind.RAISED, steps.id, t_ns=t_ns)
    _exit(steps, outcome, task.cancelling() if sys.version_info >= (3, 11) else 0, t_ns)


def never_was(task: Any, steps: Steps) -> None:
    """The task was declared, and then could not be made."""
    known.pop(id(task), None)
    _exit(steps, Outcome.FAILED)


def _exit(steps: Steps, outcome: Outcome, cancelling: int = 0, t_ns: int = 0) -> None:
    me = threads.get(get_ident()) or recorder.thread_id()
    emit_at(
        EXIT,
        steps.id,
        int(outcome),
        cancelling,
        steps.take_flags(),
        t_ns or perf_counter_ns(),
        me,
        steps.id,
        0,
        0,
    )


def _may_record(steps: Steps, now_ns: int) -> bool:
    frame = words[recorder.W_FRAME]
    if frame != steps.frame:
        steps.frame = frame
        steps.left = recorder.budget
    if steps.waiting:
        return True
    if steps.left > 0 and _yields.may_record():
        steps.left -= 1
        return True
    if words[W_GATE]:
        return True
    steps.left = 0
    steps.quiet_ns = now_ns + QUIET_NS
    return False


# -- the loop's side --------------------------------------------------------------------------------------


def _stepping(callback: Any) -> Any:
    """The task whose step or wake-up `callback` is; None for all else, like `task.cancel` called by a timer."""
    if getattr(callback, "__name__", "") in _STEP_NAMES or type(callback).__name__ == _STEP_TYPE:
        task = getattr(callback, "__self__", None)
        return task if isinstance(task, _TASK_TYPES) else None
    return None


def _make_run(bare_run: Any, task_type: Any, run_other: Any) -> Any:
    """`Handle._run`, observing.  The hottest path of the probe: what a rationed step passes is kept short."""
    find, thread_ident, now, due = known.get, get_ident, perf_counter_ns, aio_held.due.get
    step_type: Any = None

    def _run(self: Any) -> None:
        nonlocal step_type
        callback = self._callback
        if type(callback) is step_type:
            task = callback.__self__
        else:
            task = _stepping(callback)
            if task is None:
                try:
                    run_other(self, callback, bare_run)
                finally:
                    self = callback = None
                return
            if type(callback).__name__ == _STEP_TYPE:
                step_type = type(callback)
        steps = task._syncscope if type(task) is task_type else find(id(task))
        if steps is None:
            steps = _find_late(task)
            if steps is None:
                bare_run(self)
                return
        ident = thread_ident()
        before = running.get(ident, 0)
        running[ident] = steps.id
        start = now()
        if start > due(ident, 0):
            aio_held.look(ident, start)
        recorded = start > steps.quiet_ns and _may_record(steps, start)
        if recorded:
            begin(steps, start)
        try:
            self._context.run(callback, *self._args)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            _report(self, error)
        finally:
            if recorded or task._fut_waiter is not None or task.done() or now() - start > LONG_STEP_NS:
                finish(task, steps, start, recorded)
            else:
                steps.n_dropped += 1
            running[ident] = before
            self = callback = task = None  # an exception's traceback may keep this frame
        if recorded and words[W_GATE]:
            gate.stand(getframe(), True)  # the step is over: no task is left behind by an exception now

    return _run


def _find_late(task: Any) -> "Steps | None":
    """A task that was not made by our type: of Python, or by an old reference to the one of C."""
    if task.done():
        return None
    try:
        return declare(task, task.get_loop(), task.get_coro(), task.get_name(), None)
    except Exception as error:
        recorder.fault("task", error)
        return None


def _report(handle: Any, error: BaseException) -> None:
    """As `Handle._run` does with what a callback lets out, and a task's step hardly ever does."""
    source = format_helpers._format_callback_source(handle._callback, handle._args)
    context = {"message": f"Exception in callback {source}", "exception": error, "handle": handle}
    if handle._source_traceback:
        context["source_traceback"] = handle._source_traceback
    handle._loop.call_exception_handler(context)


def install(task_type: type, run_other: "Callable[[Any, Any, Any], None]") -> None:
    """`task_type`: the type of the tasks that carry their Steps in `_syncscope`.  `run_other`: runs a handle
    that is no task's step; gets the handle, its callback, and the original `Handle._run`."""
    wrap(events.Handle, "_run", lambda bare_run: _make_run(bare_run, task_type, run_other))


frames.step_over(globals(), ours=True)

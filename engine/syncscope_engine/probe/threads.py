"""threading.Thread and its subclasses, Timer among them.

Methods are wrapped in place: replacing the name `threading.Thread` would break `_DummyThread`, and what has
been subclassed already.  A thread is declared by who starts it, so its lane exists before its first step.
"""

import sys
import threading
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from ..events import Kind, Outcome
from ..wire import MAIN_THREAD_ID
from . import bare_threads, frames, gate, recorder, runs, serving, shutdown
from .originals import get_ident, getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import W_GATE
from .sleeping import Countdown

SPAWN, EXIT = int(Kind.SPAWN), int(Kind.EXIT)
JOIN, JOINED, CANCEL = int(Kind.JOIN), int(Kind.JOINED), int(Kind.CANCEL)
FAILED = int(Outcome.FAILED)

emit = recorder.emit
name_of = runs.name_of
Method = Callable[..., Any]

_RUN_THE_PROGRAM = frozenset(
    {
        ("concurrent.futures.thread", "_worker"),
        ("concurrent.futures.interpreter", "_worker"),
        ("multiprocessing.pool", "worker"),
        ("socketserver", "process_request_thread"),
    }
)
"""Functions of the standard library that run the program's code in a thread of theirs."""


# -- start ------------------------------------------------------------------------------------------------


def _start(original: Method) -> Method:
    def start(self: Any) -> None:
        task = 0
        if recorder.words[W_GATE]:
            gate.stand(getframe().f_back)
        if getattr(self, "_initialized", False) and not self._started.is_set():
            task = _announce(self, getframe().f_back)
        try:
            original(self)
        except BaseException:
            if task and not self._started.is_set():
                emit(EXIT, task, FAILED, 0, thread=task)
                setattr(self, PROBE, 0)
            raise

    return start


def _announce(thread: Any, frame: "FrameType | None") -> int:
    """Declare the thread that is about to start; 0 when that fails."""
    try:
        work = _work_of(thread)
        task = recorder.declare_task(
            "thread", thread._name, frames.acting(frame), name_of(work), thread._daemonic,
            internal=_is_internal(work, frames.beyond_probe(frame)), serves=serving.of_thread(thread, work),
        )  # fmt: skip
        setattr(thread, PROBE, task)
        _watch_exceptions(thread, task)
        emit(SPAWN, task, 0, 0, frames.acting(frame))
        return task
    except Exception as error:
        recorder.fault("Thread.start", error)
        return 0


def _work_of(thread: Any) -> Any:
    """What the thread will run: its target, its timer's function, or its own `run`."""
    if type(thread).run is threading.Thread.run:
        return getattr(thread, "_target", None)
    if type(thread).run is threading.Timer.run:
        return getattr(thread, "function", None)
    return type(thread).run


def _is_internal(work: Any, spawner: "FrameType | None") -> bool:
    """Does the standard library start this thread, to run code of its own?"""
    if spawner is None or frames.owner(spawner.f_code.co_filename) != frames.STD:
        return False
    code = getattr(getattr(work, "__func__", work), "__code__", None)
    if not isinstance(code, CodeType) or frames.owner(code.co_filename) != frames.STD:
        return False
    return (work.__module__, code.co_name) not in _RUN_THE_PROGRAM


# -- run --------------------------------------------------------------------------------------------------


def _bootstrap_inner(original: Method) -> Method:
    def _bootstrap_inner(self: Any) -> None:
        task = getattr(self, PROBE)
        if not task:
            original(self)
            return
        runs.began(task)
        try:
            original(self)
        finally:
            runs.ended(task)

    return _bootstrap_inner


def _watch_exceptions(thread: Any, task: int) -> None:
    """An exception that leaves `run` comes to the thread's own hook, which we precede."""
    hook = thread._invoke_excepthook

    def invoke_excepthook(thread: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, SystemExit):
            runs.raised(task, error)
        hook(thread)

    thread._invoke_excepthook = invoke_excepthook


# -- join, name, cancel -----------------------------------------------------------------------------------


def _join(original: Method) -> Method:
    def join(self: Any, timeout: Any = None) -> None:
        task = getattr(self, PROBE)
        if not task or task == recorder.thread_id():
            original(self, timeout)  # not started, or itself: the original raises
            return
        frame = frames.acting(getframe().f_back)
        start = 0
        if recorder.words[W_GATE]:
            gate.stand(frame)
        if self.is_alive() and not (isinstance(timeout, (int, float)) and timeout <= 0):
            start = perf_counter_ns()
            emit(JOIN, task, recorder.to_ns(timeout), 0, frame, 0, start)
        try:
            original(self, timeout)
        finally:
            over = not self.is_alive()
            if start or over:
                emit(JOINED, task, max(perf_counter_ns() - start, 1) if start else 0, int(over), frame)

    return join


def _renamed(prop: Any) -> property:
    def set_name(self: Any, name: Any) -> None:
        prop.fset(self, name)
        if getattr(self, PROBE):
            recorder.meta(k="rename", id=getattr(self, PROBE), name=self._name)

    return property(prop.fget, set_name, prop.fdel, prop.__doc__)


def _cancel(original: Method) -> Method:
    def cancel(self: Any) -> None:
        if getattr(self, PROBE) and self.is_alive():
            emit(CANCEL, getattr(self, PROBE), 0, 0, frames.acting(getframe().f_back))
        original(self)

    return cancel


def _timer_init(original: Method) -> Method:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if type(self.finished) is threading.Event:
            self.finished.__class__ = Countdown

    return init


# -- the main thread --------------------------------------------------------------------------------------


def _opened() -> None:
    """In a forked child the thread that forked is the main thread."""
    thread: Any = getattr(threading, "_active", {}).get(get_ident())
    if thread is not None:
        setattr(thread, PROBE, MAIN_THREAD_ID)
    runs.forget_all()


def install() -> None:
    thread = threading.Thread
    setattr(thread, PROBE, 0)
    wrap(thread, "start", _start)
    wrap(thread, "_bootstrap_inner", _bootstrap_inner)
    wrap(thread, "join", _join)
    thread.name = _renamed(thread.name)  # type: ignore[assignment]
    wrap(threading.Timer, "__init__", _timer_init)
    wrap(threading.Timer, "cancel", _cancel)
    recorder.when_opened(_opened)
    shutdown.install()
    bare_threads.install()


frames.step_over(globals(), ours=True)

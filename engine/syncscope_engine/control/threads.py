"""Threads: the methods of the real class are replaced, so that subclasses and Timer are covered."""

import threading
from contextlib import suppress
from typing import Any

from . import originals
from .flags import Event
from .operation import STARTING
from .run import Run, current, now
from .tasks import Task

_start = threading.Thread.start
_join = threading.Thread.join
_is_alive = threading.Thread.is_alive


def get_ident() -> int:
    """Stable: the number of the task."""
    run = current()
    return run.current.number if run is not None else originals.get_ident()  # type: ignore[union-attr]


def _task_of(thread: threading.Thread) -> "Task | None":
    run = now.run
    known: Any = thread.__dict__.get("_syncscope_task")
    if run is None or known is None or run.tasks.get(known.number) is not known:
        return None
    return known


def start(thread: threading.Thread) -> None:
    run = current()
    if run is None:
        _start(thread)
        return
    if not getattr(thread, "_initialized", False):
        raise RuntimeError("thread.__init__() not called")
    if run.ending:
        run.leave()
    if "_syncscope_task" in thread.__dict__:
        raise RuntimeError("threads can only be started once")
    run.point("start", STARTING, True, thread.name)
    task = run.spawn(thread.name, lambda: _body(run, thread), thread.daemon, thread)
    thread.__dict__["_syncscope_task"] = task
    thread.__dict__["_ident"] = thread.__dict__["_native_id"] = task.number
    started: Any = thread.__dict__["_started"]
    if isinstance(started, Event):
        started.begun_in(run)
    _active()[task.number] = thread


def _body(run: Run, thread: threading.Thread) -> None:
    try:
        thread.run()
    except SystemExit:
        pass
    except Exception as error:
        run.fail(error)
        if threading.excepthook is not threading.__excepthook__:
            thread._invoke_excepthook(thread)  # type: ignore[attr-defined]
    finally:
        _active().pop(thread.ident, None)
        if "_is_stopped" in thread.__dict__:
            thread.__dict__["_is_stopped"] = True


def join(thread: threading.Thread, timeout: "float | None" = None) -> None:
    run = current()
    if run is None:
        _join(thread, timeout)
        return
    if run.ending:
        run.leave()
    task = _task_of(thread)
    if task is None:
        if thread is run.main_thread:
            task = run.tasks[1]
        else:
            raise RuntimeError("cannot join thread before it is started")
    if task is run.current:
        raise RuntimeError("cannot join current thread")
    run.point("join", run.key(task), False, task.name, lambda: task not in run.living, run.after(timeout))


def is_alive(thread: threading.Thread) -> bool:
    run = current()
    task = _task_of(thread)
    if run is None:
        return task in now.run.living if task is not None and now.run is not None else _is_alive(thread)
    if task is None:
        return thread is run.main_thread and run.tasks[1] in run.living
    run.point("is_alive", run.key(task), False, task.name)
    return task in run.living


def start_new_thread(function: Any, args: Any, kwargs: "dict[str, Any] | None" = None) -> int:
    run = current()
    if run is None:
        return originals.start_new_thread(function, args, kwargs or {})
    run.point("start", STARTING, True, getattr(function, "__name__", "thread"))

    def body() -> None:
        with suppress(SystemExit):
            function(*args, **(kwargs or {}))

    return run.spawn(f"Thread-{len(run.tasks)}", body, True, None).number


def _active() -> "dict[Any, Any]":
    return threading._active  # type: ignore[attr-defined,no-any-return]

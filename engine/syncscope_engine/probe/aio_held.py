"""Steps and callbacks that keep the thread of their event loop for long, and who has to wait meanwhile.

Looked at only when one has taken long, at its end.  The loop runs what was ready in rounds: what is still to
come in the round was ready before the long step began, and timers that are due say so themselves.
"""

import os
from itertools import islice
from types import CodeType, FrameType
from typing import Any

from ..events import Flag, Kind
from . import aio_awaits, frames, recorder
from .aio_graph import known
from .originals import get_ident, getframe, thread_time_ns

HELD_NS = 100_000_000
BUSY_SHARE = 4
_MOST_TIMERS = 5_000
_NOBODY = frozenset({"_read_from_self"})
"""Callbacks of the loop itself, for which nobody waits."""

LOOK_NS = 20_000_000
"""The system is asked so often at most what a loop's thread has used."""

due: "dict[int, int]" = {}
"""Thread ident -> when to call `look` again."""
_looked: "dict[int, tuple[int, int, int]]" = {}
"""Thread ident -> when that was; processor time then; time in the queue for a processor."""


def look(ident: int, now_ns: int) -> None:
    """A step or callback begins on the thread `ident`, the calling one."""
    due[ident] = now_ns + LOOK_NS
    _looked[ident] = now_ns, thread_time_ns(), _queued_ns()


def _queued_ns() -> int:
    """How long the calling thread could have run and had no processor; -1: the system does not say."""
    try:
        fd = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        try:
            return int(os.read(fd, 100).split()[1])
        finally:
            os.close(fd)
    except (OSError, ValueError, IndexError):
        return -1


def _spent(ident: int, start_ns: int, length: int) -> int:
    """Flags: what is certain of how the thread spent the time since `start_ns`."""
    looked_ns, cpu, queued = _looked.pop(ident, (0, 0, 0))
    due.pop(ident, None)
    if not looked_ns:
        return 0
    used = thread_time_ns() - cpu
    if (used - (start_ns - looked_ns)) * BUSY_SHARE >= length:
        return int(Flag.BUSY)
    now_queued = _queued_ns()
    if queued < 0 or now_queued < 0:
        return 0
    return int(Flag.STOOD) if (length - used - (now_queued - queued)) * 2 >= length else 0


def tell(start_ns: int, end_ns: int, task: Any, callback: Any) -> None:
    """A step of `task`, or else a `callback`, took so long."""
    try:
        ident, length = get_ident(), end_ns - start_ns
        flags = _spent(ident, start_ns, length)
        waiting, n = _kept_waiting(_round(getframe()), length, task)
        code = _code_of(callback) if task is None else None
        if code is not None:
            recorder.see_once(code)
        recorder.emit_at(
            Kind.HELD, waiting, length, n, flags, end_ns, recorder.thread_id(), recorder.running.get(ident, 0),
            *((id(code), frames.entry(code)) if code is not None else (0, 0)),
        )  # fmt: skip
    except Exception as error:
        recorder.fault("held", error)


def _code_of(callback: Any) -> "CodeType | None":
    while hasattr(callback, "func"):
        callback = callback.func
    code = getattr(getattr(callback, "__func__", callback), "__code__", None)
    return code if isinstance(code, CodeType) and frames.owner(code.co_filename) != frames.STD else None


def _round(frame: "FrameType | None") -> "FrameType | None":
    """The frame of the loop that runs the calling step."""
    while frame is not None and frame.f_code is not aio_awaits.RUN_ONCE:
        frame = frame.f_back
    return frame


def _kept_waiting(frame: "FrameType | None", length: int, task: Any) -> "tuple[int, int]":
    """(id of a task that was ready all the time, 0 = none; how many calls were ready or due all the time)"""
    if frame is None:
        return 0, 0
    names = frame.f_locals
    loop, left = names["self"], names["ntodo"] - names["i"] - 1
    first = n = 0
    for handle in islice(loop._ready, left):
        if not handle._cancelled and getattr(handle._callback, "__name__", "") not in _NOBODY:
            n += 1
            first = first or _task_of(handle)
    end_s = loop.time()
    due_s = end_s - HELD_NS / 1e9
    for timer in islice(loop._scheduled, _MOST_TIMERS):
        if timer._when > due_s or timer._cancelled or _is_limit_of(timer, task) or _is_library_s(timer):
            continue
        n += 1
        first = first or _task_of(timer)
    return first, n


def _task_of(handle: Any) -> int:
    """The task that goes on, directly or by a future, when `handle` runs."""
    steps = known.get(id(getattr(handle._callback, "__self__", None)))
    if steps is None and handle._args:
        for entry in getattr(handle._args[0], "_callbacks", None) or ():
            callback = entry[0] if type(entry) is tuple else entry
            steps = known.get(id(getattr(callback, "__self__", None)))
            if steps is not None:
                break
    return int(steps.id) if steps is not None else 0


def _is_limit_of(timer: Any, task: Any) -> bool:
    """A time limit of the long step's own task keeps nobody else waiting."""
    limit = getattr(timer._callback, "__self__", None)
    return task is not None and getattr(limit, "_task", None) is task


def _is_library_s(timer: Any) -> bool:
    """Housekeeping of an installed package."""
    code = getattr(getattr(timer._callback, "__func__", timer._callback), "__code__", None)
    return isinstance(code, CodeType) and frames.owner(code.co_filename) == frames.LIB


frames.step_over(globals(), ours=True)

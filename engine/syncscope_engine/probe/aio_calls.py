"""Calls that other threads ask an event loop to make: `call_soon_threadsafe`, and all that is built on it.

The call is numbered when it is asked for, and known again, by its callback, when the loop makes it.  From then
until it is over, what it starts was asked for by that other thread: `on_behalf`.
"""

import itertools
import weakref
from asyncio import base_events
from typing import Any

from ..events import Kind
from . import frames, recorder
from .aio_awaits import program_frame
from .originals import get_ident, getframe, perf_counter_ns
from .patching import wrap
from .rationing import Ration

_MANY = 1000

pending: "dict[int, list[Asked]]" = {}
"""id(callback) -> the calls that were asked for and not made yet, oldest first."""
on_behalf: "dict[int, int]" = {}
"""Thread ident -> id of the task that asked for the call that the thread makes at this moment."""

_number = itertools.count(1).__next__
_ration = Ration(4)


class Asked:
    __slots__ = ("by", "callback", "handle", "number", "t_ns")

    def __init__(self, callback: Any, by: int) -> None:
        self.callback = callback  # kept alive, so that its id stays its own
        self.by = by
        self.number = _number()
        self.t_ns = perf_counter_ns()
        self.handle: Any = None

    def is_off(self) -> bool:
        """The call will not be made: cancelled, or its loop is gone."""
        handle = self.handle() if self.handle is not None else None
        return self.handle is not None and (handle is None or handle._cancelled)


def _make_call_soon_threadsafe(bare: Any) -> Any:
    def call_soon_threadsafe(self: Any, callback: Any, *args: Any, **kwargs: Any) -> Any:
        ident = self._thread_id
        loop = recorder.threads.get(ident, 0) if ident != get_ident() and not self._closed else 0
        if not loop or not _ration.may_record():
            return bare(self, callback, *args, **kwargs)
        asked = Asked(callback, recorder.task_id())
        frame = program_frame(getframe().f_back)
        recorder.emit(Kind.CALL, loop, asked.number, frame=frame, t_ns=asked.t_ns)
        pending.setdefault(id(callback), []).append(asked)
        try:
            handle = bare(self, callback, *args, **kwargs)
        except BaseException:
            _forget(asked)
            raise
        asked.handle = weakref.ref(handle)
        if len(pending) > _MANY:
            _tidy()
        return handle

    return call_soon_threadsafe


def _forget(asked: Asked) -> None:
    try:
        pending[id(asked.callback)].remove(asked)
    except (KeyError, ValueError):
        pass


def _tidy() -> None:
    for key, calls in list(pending.items()):
        calls[:] = [asked for asked in calls if not asked.is_off()]
        if not calls:
            pending.pop(key, None)


def begin(callback: Any) -> int:
    """The loop is about to make a call; the id of who asked for it, 0 = not one of ours."""
    for asked in pending.get(id(callback), ()):
        if asked.callback is callback and not asked.is_off():
            _forget(asked)
            now = perf_counter_ns()
            recorder.emit(Kind.CALLED, 0, asked.number, now - asked.t_ns, t_ns=now)
            return asked.by
    return 0


def install() -> None:
    wrap(base_events.BaseEventLoop, "call_soon_threadsafe", _make_call_soon_threadsafe)


frames.step_over(globals(), ours=True)

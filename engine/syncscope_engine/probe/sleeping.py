"""time.sleep, and the countdown of a threading.Timer."""

import threading
import time
from types import FrameType
from typing import Any

from ..events import Kind
from . import frames, recorder
from .originals import getframe, perf_counter_ns, sleep
from .rationing import Ration

SLEEP, SLEPT = int(Kind.SLEEP), int(Kind.SLEPT)

emit = recorder.emit
_yields = Ration()
"""`sleep(0)` in a loop is a spin: rationed.  Every real sleep is recorded."""


class Sleep:
    """Stands in for time.sleep.  An object, not a function: it must not bind as a method, and must pickle."""

    __slots__ = ()  # what it replaces has no __dict__ that could be pickled, or marshalled, or written to
    __module__ = "time"
    __name__ = "sleep"
    __qualname__ = "sleep"
    __doc__ = time.sleep.__doc__

    def __call__(self, seconds: Any, /) -> None:
        frame = getframe().f_back
        if not isinstance(seconds, (int, float)) or not seconds >= 0 or not frames.is_user(frame):
            sleep(seconds)
        elif seconds or _yields.may_record():
            _sleep(seconds, frames.acting(frame))
        else:
            sleep(0)

    def __reduce__(self) -> str:
        return "sleep"

    def __repr__(self) -> str:
        return repr(sleep)


def _sleep(seconds: float, frame: "FrameType | None") -> None:
    start = perf_counter_ns()
    emit(SLEEP, 0, recorder.to_ns(seconds), 0, frame, 0, start)
    try:
        sleep(seconds)
    finally:
        emit(SLEPT, 0, perf_counter_ns() - start, 0, frame)


class Countdown(threading.Event):
    """The event inside of a Timer: who waits for it with a time limit sleeps until then, or is cancelled."""

    __module__ = "threading"

    def wait(self, timeout: "float | None" = None) -> bool:
        if timeout is None or self.is_set():
            return super().wait(timeout)
        frame = frames.acting(getframe().f_back)
        start = perf_counter_ns()
        emit(SLEEP, 0, recorder.to_ns(timeout), 0, frame, 0, start)
        try:
            return super().wait(timeout)
        finally:
            emit(SLEPT, 0, perf_counter_ns() - start, 0, frame)


Countdown.__name__ = Countdown.__qualname__ = "Event"


def install() -> None:
    module: Any = time
    module.sleep = Sleep()


frames.step_over(globals(), ours=True)

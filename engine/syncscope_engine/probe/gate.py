"""Slows the program: its threads stand still for a moment at each operation, as long as the observer wants.

Where a gate stands is chosen so that a signal handler may raise while a thread is in it: outside of every lock
that is not the program's own, before something is put or got, and after something is given back.  Who has just
taken a lock stands with it in hand, so that it can be seen, and gives it back when an exception comes.

A gate is a matter of real time: no time limit and no sleep of the program is stretched.
"""

import _signal  # type: ignore[import-not-found]
import sys
from types import FrameType
from typing import Any

from . import frames, recorder
from .originals import get_ident, getframe, perf_counter_ns, sleep
from .patching import wrap
from .recorder import W_GATE

SLICE_S = 0.02
"""After so long at most a thread notices that it is to go on, and the main thread runs signal handlers."""

_MAIN = get_ident()
_standing: "set[int]" = set()
"""Idents of the threads in a gate: what a signal handler does meanwhile is not held up."""


def stand(frame: "FrameType | None", of_program: bool = False) -> None:
    """Hold the calling thread up for the present delay, if the program acts.  `frame`: where to look for that."""
    ident = get_ident()
    if ident in _standing or not _may_stand(frame, of_program):
        return
    _standing.add(ident)
    try:
        start = perf_counter_ns()
        while True:
            left = recorder.words[W_GATE] - (perf_counter_ns() - start)
            if left <= 0:
                return
            sleep(min(left / 1e9, SLICE_S))
    finally:
        _standing.discard(ident)


def before(cls: type, name: str) -> None:
    """Put a gate before a method that is not called often."""

    def make(original: Any) -> Any:
        def method(*args: Any, **kwargs: Any) -> Any:
            if recorder.words[W_GATE]:
                stand(getframe().f_back)
            return original(*args, **kwargs)

        return method

    wrap(cls, name, make)


def _may_stand(frame: "FrameType | None", of_program: bool) -> bool:
    """Not where the standard library works for itself, nor where others would have to wait for no reason of
    the program's: in signal handlers, destructors, logging, nor while the interpreter is taken apart."""
    if sys.is_finalizing():
        return False
    handlers = _signal_handlers()
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or code in handlers or frame.f_globals.get("__name__") == "logging":
            return False
        of_program = of_program or frames.owner(code.co_filename) != frames.STD
        frame = frame.f_back
    return of_program


def _signal_handlers() -> "list[Any]":
    """Code of the program's signal handlers, which run in the main thread alone."""
    if get_ident() != _MAIN:
        return []
    handlers = (_signal.getsignal(number) for number in range(1, _signal.NSIG))
    return [
        code for h in handlers if (code := getattr(getattr(h, "__func__", h), "__code__", None)) is not None
    ]


def _opened() -> None:
    """In a forked child the thread that forked is the main thread."""
    global _MAIN
    _MAIN = get_ident()
    _standing.clear()


recorder.when_opened(_opened)
frames.step_over(globals(), ours=True)

"""A tracer or profiler of the program's own, written in Python, is not shown our frames.

Those written in C are left alone: they replace themselves in the interpreter, and ask for their own identity.
"""

import sys
from types import FrameType, FunctionType, MethodType
from typing import Any

from . import frames, recorder


class _Discreet:
    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function

    def __call__(self, frame: Any, event: str, argument: Any) -> Any:
        if id(frame.f_globals) in frames.probe_globals or _works_for_us(frame):
            return None
        return self.function(frame, event, argument)


def _works_for_us(frame: "FrameType | None") -> bool:
    """Is it the standard library, called to write a record?"""
    while frame is not None and frames.owner(frame.f_code.co_filename) == frames.STD:
        if frame.f_globals is vars(recorder):
            return True
        if id(frame.f_globals) in frames.probe_globals:
            return False
        frame = frame.f_back
    return False


def _setter(bare: Any) -> Any:
    def setter(function: Any, /) -> None:
        bare(_Discreet(function) if isinstance(function, (FunctionType, MethodType)) else function)

    return _named(setter, bare)


def _getter(bare: Any) -> Any:
    def getter() -> Any:
        function = bare()
        return function.function if type(function) is _Discreet else function

    return _named(getter, bare)


def _named(new: Any, bare: Any) -> Any:
    new.__name__ = new.__qualname__ = bare.__name__
    new.__doc__, new.__module__ = bare.__doc__, bare.__module__
    return new


def install() -> None:
    module: Any = sys
    for name in ("trace", "profile"):
        setattr(module, f"set{name}", _setter(getattr(sys, f"set{name}")))
        setattr(module, f"get{name}", _getter(getattr(sys, f"get{name}")))


frames.step_over(globals(), ours=True)

"""Calls that look, to what asks who has called, as if our frame were not there.

A warning names the line that it is blamed on by a frame's globals, file and line.  Ours would be named, and the
default filters, which show a DeprecationWarning of `__main__` alone, would drop what the user should see.
"""

import sys
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType
from typing import Any

from . import frames


def call_from(frame: "FrameType | None", function: "Callable[[], Any]") -> Any:
    """`function()`, called from a frame with the globals and the line of `frame`."""
    if frame is None:
        return function()
    code = _call.__code__.replace(
        co_filename=frame.f_code.co_filename, co_firstlineno=frame.f_lineno or 1, co_name=frame.f_code.co_name
    )
    return FunctionType(code, frame.f_globals)(function)


def beneath_the_program(code: CodeType, module: "dict[str, Any]") -> None:
    """Execute the program's main module: beneath it there is nobody.  `warnings` calls nobody "sys"."""
    name, line = ("<sys>", 0) if sys.version_info >= (3, 13) else ("sys", 1)
    below = _execute.__code__.replace(co_filename=name, co_firstlineno=line)
    FunctionType(below, vars(sys))(exec, code, module)


_call = eval("lambda function: function()")
_execute = eval("lambda execute, code, module: execute(code, module)")

frames.probe_globals.add(id(vars(sys)))
frames.step_over(globals(), ours=True)

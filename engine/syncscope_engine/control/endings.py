"""How a program ends: what Python does after the last line of `__main__`."""

import atexit
from typing import Any

from . import thread_pools
from .run import Run, current


def exit_status(leaving: SystemExit) -> "tuple[int, str]":
    code = leaving.code
    if code is None:
        return 0, ""
    if isinstance(code, int):
        return code & 0xFF, ""
    return 1, str(code)


def shut_down(run: Run) -> None:
    """The main thread is through with its own lines."""
    if run.ending:
        return
    thread_pools.shut_down()
    while run.at_exit:
        function, arguments, named = run.at_exit.pop()
        function(*arguments, **named)


def register(function: Any, /, *arguments: Any, **named: Any) -> Any:
    run = current()
    if run is None:
        return _register(function, *arguments, **named)
    run.at_exit.append((function, arguments, named))
    return function


def unregister(function: Any) -> None:
    run = current()
    if run is None:
        _unregister(function)
    else:
        run.at_exit[:] = [each for each in run.at_exit if each[0] != function]


_register, _unregister = atexit.register, atexit.unregister
REPLACEMENTS: "list[tuple[Any, str, Any]]" = [
    (atexit, "register", register),
    (atexit, "unregister", unregister),
]

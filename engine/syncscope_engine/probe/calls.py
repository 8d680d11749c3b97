"""A call as text, `prime(7)`, without running any code of the program: only plain, short values are shown."""

from types import BuiltinFunctionType, FunctionType
from typing import Any

from . import frames
from .runs import name_of

_SHOWN = frozenset({int, float, bool, str, type(None)})
_LONGEST = 24
_MOST = 3

Call = tuple[Any, "tuple[Any, ...]", bool]
"""Function's name, arguments that may be shown, does it have more of them?  Keeps nothing of the program alive
but short plain values."""


def call_of(function: Any, args: "tuple[Any, ...]", more: bool = False) -> Call:
    function, args, more = _unwrapped(function, args, more)
    shown = []
    for value in args[:_MOST]:
        kind = type(value)
        if kind not in _SHOWN or (kind is str and len(value) > _LONGEST):
            return name_of(function), (), True
        shown.append(value)
    return name_of(function), tuple(shown), more or len(args) > _MOST


def quick_call_of(function: Any, args: "tuple[Any, ...]", keywords: "dict[str, Any]") -> Call:
    """As `call_of`; of a plain function of one number, which there may be thousands of, without a detour."""
    if type(function) is FunctionType and not keywords and len(args) == 1 and type(args[0]) is int:
        return function.__qualname__, args, False
    return call_of(function, args, bool(keywords))


def _unwrapped(function: Any, args: "tuple[Any, ...]", more: bool) -> "tuple[Any, tuple[Any, ...], bool]":
    """What a partial calls, and what is called in a context (asyncio.to_thread does both)."""
    for _ in range(4):
        kind = type(function)
        if kind.__module__ == "functools" and kind.__name__ == "partial":
            function, args, more = function.func, function.args + args, more or bool(function.keywords)
        elif (
            kind is BuiltinFunctionType
            and function.__name__ == "run"
            and type(function.__self__).__name__ == "Context"
            and args
        ):
            function, args = args[0], args[1:]
        else:
            break
    return function, args, more


def chunk_of(function: Any, chunk: Any) -> Call:
    """Several calls of `function` that are done as one; `chunk` holds the arguments of each."""
    if len(chunk) == 1 and isinstance(chunk[0], tuple):
        return call_of(function, chunk[0])
    return f"{name_of(function)} \N{MULTIPLICATION SIGN} {len(chunk)}", (), False


def text_of(call: Call) -> str:
    name, args, more = call
    if "\N{MULTIPLICATION SIGN}" in name:
        return str(name)
    shown = [_number(value) if type(value) is int else repr(value) for value in args]
    return f"{name}({', '.join([*shown, '…'] if more else shown)})"


def _number(value: int) -> str:
    return str(value) if -(10**18) < value < 10**18 else "…"  # many digits take long


frames.step_over(globals(), ours=True)

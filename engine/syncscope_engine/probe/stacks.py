"""Takes our own frames out of stacks that the program asks for, to print them."""

from collections.abc import Iterator
from types import FrameType
from typing import Any

from . import frames
from .importing import when_imported


def _install_traceback() -> None:
    import traceback

    bare: Any = traceback.walk_stack

    def walk_stack(f: "FrameType | None") -> "Iterator[tuple[FrameType, int]]":
        """Walk a stack yielding the frame and line number for each frame."""
        if f is None:  # who asks is left out, and whoever asks for him in `traceback` itself
            return bare(f)  # type: ignore[no-any-return]
        return ((each, line) for each, line in bare(f) if id(each.f_globals) not in frames.probe_globals)

    walk_stack.__module__ = "traceback"
    traceback.walk_stack = walk_stack


def _install_inspect() -> None:
    import inspect

    bare: Any = inspect.getouterframes

    def getouterframes(frame: Any, context: int = 1) -> "list[Any]":
        return [each for each in bare(frame, context) if id(each[0].f_globals) not in frames.probe_globals]

    getouterframes.__doc__, getouterframes.__module__ = bare.__doc__, "inspect"
    inspect.getouterframes = getouterframes


def install() -> None:
    when_imported("traceback", _install_traceback)
    when_imported("inspect", _install_inspect)


frames.step_over(globals(), ours=True)

"""Whom a thread or process works for, when the standard library starts it for an executor or a queue."""

from collections.abc import Callable
from typing import Any

from . import frames
from .originals import get_ident

finders: "dict[tuple[str, str], Callable[[Any], int]]" = {}
"""(module, function) that a thread runs -> finds the resource that the thread works for."""

now: "dict[int, tuple[int, str]]" = {}
"""Thread ident -> (resource, its identity between processes) that the processes which this thread starts at
this moment work for."""


def of_thread(thread: Any, work: Any) -> int:
    """Resource that the thread, about to start with `work`, is for; 0 = none."""
    find = finders.get((getattr(work, "__module__", ""), getattr(work, "__name__", "")))
    return find(thread) if find is not None else 0


def of_process() -> "tuple[int, str]":
    return now.get(get_ident(), (0, ""))


frames.step_over(globals(), ours=True)

"""Whom a thread or process works for, when the standard library starts it for an executor or a queue."""

from collections.abc import Callable
from typing import Any

from . import frames, recorder
from .originals import get_ident

CARRIED = "_syncscope_serves"
"""Attribute of a process object that takes the identity of a pool to its worker."""

finders: "dict[tuple[str, str], Callable[[Any], int]]" = {}
"""(module, function) that a thread runs -> finds the resource that the thread works for."""

now: "dict[int, int]" = {}
"""Thread ident -> resource that the processes which this thread starts at this moment work for."""

identities: "dict[int, tuple[str, str, str]]" = {}
"""Pool -> its identity between processes, its type, the type of its futures."""

mine: "tuple[str, str, str] | None" = None
"""In a worker process that has not begun yet: the identity of its pool."""


def of_thread(thread: Any, work: Any) -> int:
    """Resource that the thread, about to start with `work`, is for; 0 = none."""
    find = finders.get((getattr(work, "__module__", ""), getattr(work, "__name__", "")))
    return find(thread) if find is not None else 0


def of_process(process: Any) -> int:
    """Resource that the process, about to be started by this thread, is for; 0 = none."""
    resource = now.get(get_ident(), 0)
    if resource in identities:
        process.__dict__[CARRIED] = identities[resource]
    return resource


def begin(process: Any) -> None:
    """This is the process."""
    global mine
    mine = process.__dict__.pop(CARRIED, None)


recorder.on_reopen.append(now.clear)
frames.step_over(globals(), ours=True)

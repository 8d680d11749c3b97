"""Joins the two probes that see an update of a value in shared memory.

The rewritten code of the program (`watching`) knows which write has its value from which read; the value's own
methods (`mp_values`) know which version was read and which one is replaced.  Both act on the same thread, one
right after the other: a read leaves its mark here, a write finds the read that it comes from.
"""

from types import CodeType
from typing import Any, NamedTuple

from . import frames
from .originals import local

types: "set[type]" = set()
"""Of the objects whose accesses leave marks."""


class Mark(NamedTuple):
    """One read."""

    owner: Any
    item: Any
    version: int
    number: int
    t_ns: int
    recorded: bool
    code: "CodeType | None"
    lasti: "int | None"


class _Marks(local):
    read: "Mark | None" = None
    """The newest read of this thread."""
    source: "Mark | None" = None
    """Where the value comes from that is about to be written."""


marks = _Marks()


def of_read(owner: Any) -> "Mark | None":
    """The read of `owner` that has just been done."""
    mark = marks.read
    return mark if mark is not None and mark.owner is owner else None


frames.step_over(globals(), ours=True)

"""What a task is about to do, and which two such operations may not be exchanged."""

from typing import NamedTuple

STARTING = 1
"""The key of every start of a thread: threads are numbered in the order in which they are started."""
FIRST_KEY = 2


class Operation(NamedTuple):
    kind: str
    """acquire, release, wait, wake, notify, set, clear, is_set, put, get, read, write, start, join, exit, sleep …"""
    key: int
    """What it acts on, numbered in the order of first use within one execution; 0: nothing that is shared."""
    writes: bool
    line: int
    file: str
    what: str
    """For people: the name of the lock, of the variable, of the thread."""


def dependent(a: Operation, b: Operation) -> bool:
    """Whether the order of the two can make a difference."""
    return a.key == b.key and a.key != 0 and (a.writes or b.writes)

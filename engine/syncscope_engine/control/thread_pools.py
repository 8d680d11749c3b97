"""`concurrent.futures.thread` runs on the replaced primitives; what it keeps for itself is made to begin anew."""

import itertools
import sys
from collections.abc import Iterator
from typing import Any

from .locks import Lock


class _InOrder:
    """A set of threads, in the order in which they came: that of addresses differs from time to time."""

    def __init__(self) -> None:
        self._held: "dict[Any, None]" = {}

    def add(self, thread: Any) -> None:
        self._held[thread] = None

    def discard(self, thread: Any) -> None:
        self._held.pop(thread, None)

    def __iter__(self) -> "Iterator[Any]":
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, thread: object) -> bool:
        return thread in self._held


def replacements() -> "list[tuple[Any, str, Any]]":
    pools: Any = sys.modules.get("concurrent.futures.thread")
    if pools is None:
        return []
    make = pools.ThreadPoolExecutor.__init__

    def initialise(self: Any, *arguments: Any, **named: Any) -> None:
        make(self, *arguments, **named)
        self._threads = _InOrder()

    forget(pools)
    return [
        (pools, "_global_shutdown_lock", Lock()),
        (pools.ThreadPoolExecutor, "_counter", itertools.count().__next__),
        (pools.ThreadPoolExecutor, "__init__", initialise),
    ]


def shut_down() -> None:
    """As at the end of a program: executors that nobody has shut down come to an end."""
    pools: Any = sys.modules.get("concurrent.futures.thread")
    if pools is not None and pools._threads_queues:
        try:
            pools._python_exit()
        finally:
            forget(pools)


def forget(pools: Any) -> None:
    """The workers of an execution that was cut are gone."""
    pools._shutdown = False
    pools._threads_queues.clear()

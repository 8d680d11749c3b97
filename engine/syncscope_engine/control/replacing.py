"""The primitives are replaced while an execution lasts, and are the real ones again after it."""

import _thread
import itertools
import queue
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import endings, outside, queues, random_sources, thread_pools, threads
from .barriers import Barrier
from .conditions import Condition
from .flags import Event
from .locks import Lock, RLock
from .run import Run, now
from .semaphores import BoundedSemaphore, Semaphore
from .sleeping import CLOCKS, monotonic, sleep

Replacement = tuple[Any, str, Any]


_known: "dict[int, list[Replacement]]" = {}


def _replacements() -> "list[Replacement]":
    """Made once for as many modules as there are: there are a thousand executions in a second."""
    known = _known.get(len(sys.modules))
    if known is None:
        _known.clear()
        known = _known[len(sys.modules)] = _all()
    return [*known, (threading, "excepthook", threading.__excepthook__), *thread_pools.replacements()]


def _all() -> "list[Replacement]":
    thread = threading.Thread
    found: list[Replacement] = [
        (threading, "Lock", Lock),
        (threading, "RLock", RLock),
        (threading, "Condition", Condition),
        (threading, "Semaphore", Semaphore),
        (threading, "BoundedSemaphore", BoundedSemaphore),
        (threading, "Event", Event),
        (threading, "Barrier", Barrier),
        (threading, "_allocate_lock", Lock),
        (threading, "_time", monotonic),
        (threading, "get_ident", threads.get_ident),
        (_thread, "get_ident", threads.get_ident),
        (_thread, "start_new_thread", threads.start_new_thread),
        (thread, "start", threads.start),
        (thread, "join", threads.join),
        (thread, "is_alive", threads.is_alive),
        (time, "sleep", sleep),
    ]
    found += queues.REPLACEMENTS
    found += endings.REPLACEMENTS
    found += random_sources.REPLACEMENTS
    found.append((queue, "time", monotonic))
    found += outside.replacements()
    if "asyncio" in sys.modules:
        from .asyncio_loop import REPLACEMENTS

        found += REPLACEMENTS
    found += [(time, name, stand_in) for name, stand_in in CLOCKS.items()]
    return found


_INHERITED = object()


@contextmanager
def primitives() -> "Iterator[None]":
    """Whatever is imported meanwhile is made of ours: outside of executions they act as the real ones."""
    replacements = _replacements()
    saved = [(owner, name, owner.__dict__.get(name, _INHERITED)) for owner, name, _ in replacements]
    for owner, name, value in replacements:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in saved:
            if value is _INHERITED:
                delattr(owner, name)
            else:
                setattr(owner, name, value)


@contextmanager
def replaced(run: Run) -> "Iterator[None]":
    """`run` is the execution of the present."""
    main: Any = threading.main_thread()
    active: Any = threading._active  # type: ignore[attr-defined]
    counter = threading._counter  # type: ignore[attr-defined]
    before, ident = dict(active), main._ident
    with primitives():
        threading._counter = itertools.count(1).__next__  # type: ignore[attr-defined]
        active.clear()
        active[1] = main
        main._ident = 1
        run.main_thread = main
        now.run = run
        try:
            yield
        finally:
            now.run = None
            main._ident = ident
            active.clear()
            active.update(before)
            threading._counter = counter  # type: ignore[attr-defined]

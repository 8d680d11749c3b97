"""Callbacks of an event loop that are no steps of tasks: asked for by other threads, `gather`'s, or simply long."""

from types import FunctionType
from typing import Any

from . import aio_calls, aio_held, aio_lost, frames
from .originals import get_ident, perf_counter_ns


def run(handle: Any, callback: Any, bare_run: Any) -> None:
    """In the place of `handle._run()`; `bare_run`: the original."""
    ident = get_ident()
    by = aio_calls.begin(callback) if aio_calls.pending else 0
    if by:
        aio_calls.on_behalf[ident] = by
    dropped = aio_lost.dropped_by(callback, handle._args) if type(callback) is FunctionType else None
    start = perf_counter_ns()
    if start > aio_held.due.get(ident, 0):
        aio_held.look(ident, start)
    try:
        bare_run(handle)
    finally:
        end = perf_counter_ns()
        if by:
            aio_calls.on_behalf.pop(ident, None)
        if dropped is not None:
            aio_lost.drop(dropped)
        if end - start > aio_held.HELD_NS:
            aio_held.tell(start, end, None, callback)
        handle = callback = dropped = None  # an exception's traceback may keep this frame


frames.step_over(globals(), ours=True)

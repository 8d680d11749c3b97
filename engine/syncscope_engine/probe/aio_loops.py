"""The thread of an event loop sleeps while the loop has nothing to do.

A loop waits in its selector.  With a timer due it sleeps until then; without one, for as long as nothing
happens.  Whether anything outside the program could happen at all is told apart: a loop that watches no file
but its own wake-up pipe, and no signal, can only be woken by the program itself.
"""

import selectors
from typing import Any

from ..events import Kind
from . import frames, recorder
from .aio_awaits import RUN_ONCE
from .originals import getframe, perf_counter_ns
from .patching import wrap

SOMEDAY_NS = 1 << 62
NEVER_NS = -1


def _make_select(bare: Any) -> Any:
    def select(self: Any, timeout: "float | None" = None) -> Any:
        if timeout is not None and timeout <= 0:
            return bare(self, timeout)
        frame = getframe().f_back
        if frame is None or frame.f_code is not RUN_ONCE:
            return bare(self, timeout)
        start = perf_counter_ns()
        asked_ns, n_files = _asked(self, frame.f_locals.get("self"), timeout)
        recorder.emit(Kind.SLEEP, 0, asked_ns, n_files, t_ns=start)
        try:
            return bare(self, timeout)
        finally:
            end = perf_counter_ns()
            recorder.emit(Kind.SLEPT, 0, end - start, t_ns=end)

    return select


def _asked(selector: Any, loop: Any, timeout: "float | None") -> "tuple[int, int]":
    """For how long it sleeps at most; how many files can wake it before."""
    n_files = 0
    try:
        n_own = 1 if getattr(loop, "_csock", None) is not None else 0
        n_files = max(len(selector.get_map()) - n_own, 0)
        if timeout is None and not n_files and not getattr(loop, "_signal_handlers", None):
            return NEVER_NS, 0
    except Exception as error:
        recorder.fault("select", error)
    return SOMEDAY_NS if timeout is None else recorder.to_ns(timeout), n_files


def install() -> None:
    for name in ("SelectSelector", "_PollLikeSelector", "EpollSelector", "KqueueSelector"):
        selector = getattr(selectors, name, None)
        if selector is not None and "select" in selector.__dict__:
            wrap(selector, "select", _make_select)


frames.step_over(globals(), ours=True)

"""threading.Barrier: who waits at it, who comes last, who finds it broken.

The inner methods are wrapped, not `wait`: they run under the barrier's lock, and tell who really waits.
"""

import threading
from collections.abc import Callable
from typing import Any

from ..events import Kind
from . import frames, gate, recorder
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_VALUE

WAIT, WOKE, BROKEN = int(Kind.WAIT), int(Kind.WOKE), int(Kind.BROKEN)

emit = recorder.emit
Method = Callable[..., Any]


def _init(original: Method) -> Method:
    def init(self: Any, parties: Any, action: Any = None, timeout: Any = None) -> None:
        original(self, parties, action, timeout)
        frame = getframe().f_back
        if frames.made_by_program(frame):
            try:
                resource = recorder.declare_resource("barrier", type(self).__name__, frame, capacity=parties)
                setattr(self, PROBE, resource)
            except Exception as error:
                recorder.fault("Barrier", error)

    return init


def _wait(original: Method) -> Method:
    def _wait(self: Any, timeout: Any) -> None:
        """Not the last: stands still until the last has come."""
        probe: recorder.Resource | None = self._syncscope
        if probe is None:
            original(self, timeout)
            return
        frame = frames.acting(getframe().f_back)
        start = perf_counter_ns()
        recorder.words[probe.word + S_VALUE] = self._count
        emit(WAIT, probe.id, recorder.to_ns(timeout), self._count - 1, frame, t_ns=start)
        _passes(self, probe, start, frame, original, timeout)

    return _wait


def _release(original: Method) -> Method:
    def _release(self: Any) -> None:
        """The last: lets the others go on."""
        probe: recorder.Resource | None = self._syncscope
        if probe is None:
            original(self)
            return
        _passes(self, probe, 0, frames.acting(getframe().f_back), original)

    return _release


def _passes(
    barrier: Any, probe: recorder.Resource, start: int, frame: Any, original: Method, *timeout: Any
) -> None:
    kind = BROKEN
    try:
        original(barrier, *timeout)
        kind = WOKE
        probe.n_in += 1
        recorder.words[probe.word + S_IN] = probe.n_in
    finally:
        recorder.words[probe.word + S_VALUE] = barrier.n_waiting
        emit(kind, probe.id, perf_counter_ns() - start if start else 0, int(kind == WOKE), frame)


def _enter(original: Method) -> Method:
    def _enter(self: Any) -> None:
        """Comes to the barrier; raises when it is broken."""
        probe: recorder.Resource | None = self._syncscope
        if probe is None:
            original(self)
            return
        try:
            original(self)
        except threading.BrokenBarrierError:
            emit(BROKEN, probe.id, 0, 0, frames.acting(getframe().f_back))
            raise

    return _enter


def _abort(original: Method) -> Method:
    def abort(self: Any) -> None:
        probe: recorder.Resource | None = self._syncscope
        if probe is not None:
            emit(BROKEN, probe.id, 0, 0, frames.acting(getframe().f_back))
        original(self)

    return abort


def install() -> None:
    barrier = threading.Barrier
    setattr(barrier, PROBE, None)
    wrap(barrier, "__init__", _init)
    gate.before(barrier, "wait")
    wrap(barrier, "_wait", _wait)
    wrap(barrier, "_release", _release)
    wrap(barrier, "_enter", _enter)
    wrap(barrier, "abort", _abort)


frames.step_over(globals(), ours=True)

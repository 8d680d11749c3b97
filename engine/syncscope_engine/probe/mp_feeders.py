"""The thread that writes into the pipe of a multiprocessing.Queue what was put, and the turns of who reads and writes.

When the pipe is full, or another process writes, the feeder waits for room in the pipe, a part of the queue.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Failure, Kind
from . import frames, recorder
from .mp_pipes import SHORT_MS, is_ready
from .originals import get_ident, getframe, perf_counter_ns
from .patching import PROBE

PUT_WAIT, PUT, PUT_FAILED = int(Kind.PUT_WAIT), int(Kind.PUT), int(Kind.PUT_FAILED)
GET_FAILED = int(Kind.GET_FAILED)
SLEEP, SLEPT = int(Kind.SLEEP), int(Kind.SLEPT)
SHORT_S = SHORT_MS / 1000

Method = Callable[..., Any]


class Feeder:
    """The writing end of a queue's pipe: told of when its writer, the feeder, has to wait."""

    __slots__ = ("id", "identity", "queue")

    def __init__(self, queue: int, identity: str) -> None:
        self.queue = queue
        self.identity = identity
        self.id = 0

    def asks(self, kind: int, limit: int, frame: "FrameType | None", fd: int = -1) -> int:
        start = perf_counter_ns()
        if fd >= 0 and is_ready(fd, kind, SHORT_MS):
            return 0
        if not self.id:
            self.id = recorder.new_id()
            recorder.meta(
                k="resource", id=self.id, kind="pipe", type="Pipe", slot=0, code=0, lasti=0, up=[], store=None,
                holder=None, part_of=self.queue, shared=f"{self.identity}.pipe", t_ns=start,
            )  # fmt: skip
        recorder.emit(PUT_WAIT, self.id, limit, 0, None, 0, start)
        return start

    def sends(self, start: int, frame: "FrameType | None") -> None:
        if start:
            recorder.emit(PUT, self.id, max(perf_counter_ns() - start, 1))

    def failed(self, kind: int, start: int, error: "BaseException | None", frame: "FrameType | None") -> None:
        if start:
            why = Failure.REFUSED if error is not None else Failure.READY
            recorder.emit(kind, self.id, perf_counter_ns() - start, int(why))

    received = sends


def reader_turn(raw: Any, probe: Any, kind: int) -> Method:
    """One process reads at a time: who waits for its turn waits for an item."""

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        if raw.acquire(False):
            return True
        if not block:
            return False
        probe.asks(kind, -1, getframe().f_back)
        try:
            return bool(raw.acquire(True, timeout))
        except BaseException as error:
            probe.failed(GET_FAILED, 0, error, None)
            raise

    return acquire


def writer_turn(raw: Any, probe: Any) -> Method:
    """One process writes at a time: who waits for its turn waits for room."""

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        if raw.acquire(False) or (block and timeout is None and raw.acquire(True, SHORT_S)):
            return True
        if not block:
            return False
        start = probe.asks(PUT_WAIT, -1, getframe().f_back)
        try:
            got = bool(raw.acquire(True, timeout))
        except BaseException as error:
            probe.failed(PUT_FAILED, start, error, None)
            raise
        if type(probe) is Feeder:
            probe.failed(PUT_FAILED, start, None, None)
        return got

    return acquire


starting: "dict[int, int]" = {}
"""Thread ident -> the queue whose feeder it starts at this moment."""


def start_thread(original: Method) -> Method:
    def _start_thread(self: Any) -> None:
        probe = getattr(self, PROBE)
        if probe is None:
            original(self)
            return
        self._notempty.wait = _idle(type(self._notempty).wait, self._notempty, self._buffer)
        starting[get_ident()] = probe.id
        try:
            original(self)
        finally:
            starting.pop(get_ident(), None)

    return _start_thread


def _idle(bare: Method, condition: Any, buffer: Any) -> Method:
    """The feeder has nothing to write: told of when it lasts."""

    def wait(timeout: Any = None) -> Any:
        if timeout is not None:
            return bare(condition, timeout)
        # Who notifies after the time limit, and before the lock is ours again, has notified nobody.
        if bare(condition, SHORT_S) or buffer:
            return True
        start = perf_counter_ns()
        recorder.emit(SLEEP, 0, -1, 0, None, 0, start)
        try:
            return bare(condition)
        finally:
            recorder.emit(SLEPT, 0, perf_counter_ns() - start)

    return wait


frames.step_over(globals(), ours=True)

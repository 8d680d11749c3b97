"""multiprocessing.SimpleQueue: a pipe, and locks for the turns of who reads and who writes; no feeder, no limit."""

from types import FrameType
from typing import Any

from ..events import Failure, Kind
from . import frames, mp_pipes, mp_shared, recorder
from .mp_pipes import SHORT_MS, is_ready
from .originals import local, perf_counter_ns
from .recorder import S_IN, S_OUT

PUT, GET = int(Kind.PUT), int(Kind.GET)


class _Now(local):
    """What the calling thread is doing: `getting` from this queue, with a time `limit`, waiting `since`."""

    getting: "Any" = None
    limit = -1
    since = 0
    frame: "FrameType | None" = None


now = _Now()


class SimpleProbe(recorder.Resource):
    """Of a SimpleQueue, and of both ends of its pipe; the observer knows the depth."""

    __slots__ = ()

    def __init__(self, id_: int, slot: int) -> None:
        super().__init__(id_, slot)
        mp_shared.count_own(self)

    def asks(self, kind: int, limit: int, frame: "FrameType | None", fd: int = -1) -> int:
        if now.since:
            return 0
        if fd >= 0 and not self.may_record() and is_ready(fd, kind, SHORT_MS):
            return 0
        now.since = perf_counter_ns()
        recorder.emit(kind, self.id, limit, 0, frames.acting(frame), self.take_flags(), now.since)
        return now.since

    def sends(self, start: int, frame: "FrameType | None") -> None:
        self.n_in += 1
        recorder.words[self.word + S_IN] = self.n_in
        self._tell(PUT, mp_pipes.UNKNOWN, frame)

    def received(self, start: int, frame: "FrameType | None") -> None:
        self.n_out += 1
        recorder.words[self.word + S_OUT] = self.n_out
        self._tell(GET, mp_pipes.UNKNOWN, frame)

    def failed(self, kind: int, start: int, error: "BaseException | None", frame: "FrameType | None") -> None:
        if now.since:
            refused = isinstance(error, Exception)
            self._tell(kind, int(Failure.REFUSED if refused else Failure.CANCELLED), frame)

    def _tell(self, kind: int, b: int, frame: "FrameType | None") -> None:
        since, now.since = now.since, 0
        if since or self.may_record():
            waited = max(perf_counter_ns() - since, 1) if since else 0
            recorder.emit(kind, self.id, waited, b, frames.acting(frame), self.take_flags())


frames.step_over(globals(), ours=True)

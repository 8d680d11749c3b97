"""multiprocessing.managers: a call of a proxy waits for the manager's process to answer.

Calls are not told of, except those that last; what the manager's process does in between is not seen, so
nobody can tell which other call the answer is waiting for.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Failure, Kind
from . import frames, recorder
from .mp_pipes import SHORT_MS, is_ready
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap

GET_WAIT, GET, GET_FAILED = int(Kind.GET_WAIT), int(Kind.GET), int(Kind.GET_FAILED)

Method = Callable[..., Any]


class _Answers:
    """The connection of a thread to a manager, as `mp_pipes` knows probes: one resource for each manager."""

    __slots__ = ("_address", "id")

    def __init__(self, address: str) -> None:
        self._address = address
        self.id = 0

    def asks(self, kind: int, limit: int, frame: "FrameType | None", fd: int = -1) -> int:
        start = perf_counter_ns()
        if kind != GET_WAIT or (fd >= 0 and is_ready(fd, kind, SHORT_MS)):
            return 0
        if not self.id:
            self.id = recorder.new_id()
            recorder.meta(
                k="resource", id=self.id, kind="pipe", type="Manager", slot=0, code=0, lasti=0, up=[],
                store="manager", holder=None, shared=f"manager{self._address}", t_ns=start,
            )  # fmt: skip
            _say()
        recorder.emit(GET_WAIT, self.id, limit, 0, frames.acting(frame), 0, start)
        return start

    def sends(self, start: int, frame: "FrameType | None") -> None:
        """A request: no matter."""

    def received(self, start: int, frame: "FrameType | None") -> None:
        if start:
            recorder.emit(GET, self.id, max(perf_counter_ns() - start, 1), 0, frames.acting(frame))

    def failed(self, kind: int, start: int, error: "BaseException | None", frame: "FrameType | None") -> None:
        if start:
            why = Failure.REFUSED if isinstance(error, Exception) else Failure.CANCELLED
            recorder.emit(kind, self.id, perf_counter_ns() - start, int(why), frames.acting(frame))


_said = False


def _say() -> None:
    global _said
    if not _said:
        _said = True
        recorder.note(
            "Who waits for an object of a manager is shown to wait for the manager; what its process does for "
            "its callers is not observed."
        )


def _connect(original: Method) -> Method:
    def connect(self: Any) -> None:
        original(self)
        frame = frames.acting(getframe().f_back)
        if frame is not None and frames.owner(frame.f_code.co_filename) != frames.STD:
            address = "".join(c if c.isalnum() else "-" for c in str(self._token.address))
            setattr(self._tls.connection, PROBE, _Answers(address))

    return connect


def install() -> None:
    from multiprocessing import managers

    frames.step_over(vars(managers))
    wrap(managers.BaseProxy, "_connect", _connect)


frames.step_over(globals(), ours=True)

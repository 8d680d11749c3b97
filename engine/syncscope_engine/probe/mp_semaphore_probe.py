"""multiprocessing.Semaphore and BoundedSemaphore: permits, exact because the system counts them."""

from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Failure, Flag, Kind
from . import frames, gate, mp_shared, recorder
from .originals import getframe, perf_counter_ns
from .recorder import S_DROPPED, S_IN, S_OUT, SAMPLED, W_DROPPED, W_FRAME, W_GATE

ACQUIRE, ACQUIRED, ACQUIRE_FAILED = int(Kind.ACQUIRE), int(Kind.ACQUIRED), int(Kind.ACQUIRE_FAILED)
RELEASE = int(Kind.RELEASE)
TIMED = int(Flag.TIMED)

emit = recorder.emit
Method = Callable[..., Any]

words: "memoryview[int]"


def _opened() -> None:
    global words
    words = recorder.words


recorder.when_opened(_opened)


class PermitsProbe(recorder.Resource):
    """Of what is counted by a C semaphore, `raw`; its value is `top` minus or plus what is asked for.

    `home`: see `mp_shared`; its third word: somebody waits.
    """

    __slots__ = ("home", "raw", "top")

    def __init__(self, id_: int, slot: int, raw: Any, home: "memoryview[int]", top: int = 0) -> None:
        super().__init__(id_, slot)
        self.raw = raw
        self.home = home
        self.top = top
        mp_shared.count_own(self)
        self.note_value()

    def value(self) -> int:
        """Permits left; with `top`, how many have been taken: the depth of a queue."""
        try:
            now: int = self.raw._get_value()
        except (OSError, NotImplementedError):  # not on macOS
            return 0
        return self.top - now if self.top else now

    def note_value(self) -> int:
        """Write the value into the home.  Who writes last has looked last, so the newest value stays."""
        home = self.home
        value = self.value()
        for _ in range(100):
            home[0] = value & 0xFFFF_FFFF_FFFF_FFFF
            now = self.value()
            if now == value:
                break
            value = now
        return value

    def came_in(self) -> int:
        self.n_in += 1
        recorder.words[self.word + S_IN] = self.n_in
        return self.note_value()

    def went_out(self, n: int = 1) -> int:
        self.n_out += n
        recorder.words[self.word + S_OUT] = self.n_out
        return self.note_value()

    def missed(self, n: int) -> None:
        """Operations for which there was no budget."""
        words[self.word + S_DROPPED] = self.n_dropped = self.n_dropped + n
        words[W_DROPPED] += n
        self.flags = SAMPLED

    def write(
        self, kind: int, a: int, b: int, frame: "FrameType | None", flags: int = 0, t_ns: int = 0
    ) -> None:
        emit(kind, self.id, a, b, frames.acting(frame), flags | self.take_flags(), t_ns)


def of_semaphore(probe: PermitsProbe) -> "tuple[Method, Method]":
    """Written out for speed: without budget left, `came_in`, `went_out` and a comparison."""
    take, give, value, home = probe.raw.acquire, probe.raw.release, probe.raw._get_value, probe.home
    at_in, at_out = probe.word + S_IN, probe.word + S_OUT

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        waited = 0
        if not take(False):
            if not block:
                if probe.may_record():
                    probe.write(ACQUIRE_FAILED, 0, int(Failure.BUSY), getframe().f_back)
                return False
            waited = _wait(probe, timeout, getframe().f_back)
            if not waited:
                return False
        probe.n_in = words[at_in] = probe.n_in + 1
        home[0] = left = value()
        if left != value():
            left = probe.note_value()
        if probe.frame == words[W_FRAME] and not probe.left and not waited:
            probe.missed(1)
        elif waited or probe.may_record():
            probe.write(ACQUIRED, waited, left, getframe().f_back)
            if words[W_GATE]:
                _stand(probe, getframe().f_back)
        return True

    def release() -> None:
        if home[2] or probe.left or probe.frame != words[W_FRAME]:
            start = perf_counter_ns()
            before = value() if home[2] else -1
            give()
            left = probe.went_out()
            if before >= 0:
                left = before + 1  # who waits may have taken it by now
            if home[2] or probe.may_record():
                home[2] = 0
                probe.write(RELEASE, 1, left, getframe().f_back, t_ns=start)
            if words[W_GATE]:
                gate.stand(getframe().f_back)
            return
        give()
        probe.n_out = words[at_out] = probe.n_out + 1
        home[0] = left = value()
        if left != value():
            probe.note_value()
        probe.missed(1)

    return acquire, release


def _stand(probe: PermitsProbe, frame: "FrameType | None") -> None:
    """The program is slowed; a permit of which it will not hear, because of an exception, is given back."""
    try:
        gate.stand(frame)
    except BaseException:
        probe.raw.release()
        probe.write(RELEASE, 1, probe.went_out(), frame)
        raise


def _wait(probe: PermitsProbe, timeout: Any, frame: "FrameType | None") -> int:
    start = perf_counter_ns()
    probe.home[2] = 1
    probe.write(ACQUIRE, 0, 0, frame, 0 if timeout is None else TIMED, start)
    try:
        got = probe.raw.acquire(True, timeout)
    except BaseException:
        probe.write(ACQUIRE_FAILED, perf_counter_ns() - start, int(Failure.CANCELLED), frame)
        raise
    waited = max(perf_counter_ns() - start, 1)
    if not got:
        probe.write(ACQUIRE_FAILED, waited, int(Failure.TIMED_OUT), frame)
        return 0
    return waited


frames.step_over(globals(), ours=True)

"""What the probe knows of one lock, and everything that is off its hot path.

The thread that holds the raw lock may write here without further ado: the lock itself orders it.  So owner,
count and records of one lock are exact, and their order in the ring is the order in which it changed hands.
"""

import mmap
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from ..events import Failure, Flag, Kind
from . import frames, recorder
from .originals import TIMEOUT_MAX, get_ident, perf_counter_ns

ACQUIRE, ACQUIRED, ACQUIRE_FAILED = int(Kind.ACQUIRE), int(Kind.ACQUIRED), int(Kind.ACQUIRE_FAILED)
RELEASE = int(Kind.RELEASE)
SAMPLED, TIMED = int(Flag.SAMPLED), int(Flag.TIMED)
REENTRANT, IN_CONDITION = int(Flag.REENTRANT), int(Flag.IN_CONDITION)
NEVER = -1
"""As `quiet`: the frame word never has this value, so every operation is looked at."""

W_HEAD, W_FRAME, W_DROPPED = recorder.W_HEAD, recorder.W_FRAME, recorder.W_DROPPED
S_VALUE, S_IN, S_DROPPED = recorder.S_VALUE, recorder.S_IN, recorder.S_DROPPED
MASK, RING_OFFSET = recorder.MASK, recorder.RING_OFFSET
pack_words = recorder.pack_words
emit = recorder.emit
running = recorder.running
me = recorder.me

words: "memoryview[int]"
ring: mmap.mmap
next_seq: Callable[[], int]


def _opened() -> None:
    global words, ring, next_seq
    words, ring, next_seq = recorder.words, recorder.ring, recorder.next_seq


recorder.when_opened(_opened)


class LockProbe(recorder.Resource):
    """Of a plain lock.

    `k`        low byte of the number of acquisitions, `base` the rest
    `quiet`    the frame for which the budget is spent: in it the hot path only counts
    `owed`     the next release must be recorded: its acquisition was, or somebody waits for it
    `last`     number of the acquisition that the newest record tells of
    """

    __slots__ = (
        "base", "code", "code_id", "extra", "high", "k", "last", "n_dropped", "n_recorded", "owed", "quiet",
        "raw",
    )  # fmt: skip

    def __init__(self, id_: int, slot: int, raw: Any) -> None:
        super().__init__(id_, slot)
        self.raw = raw
        self.k = 0
        self.base = 0
        self.quiet = NEVER
        self.owed = False
        self.last = 0
        self.n_recorded = 0
        self.n_dropped = 0
        self.extra = 0
        self.high = id_ << 32
        self.code: CodeType | None = None
        self.code_id = 0

    # taking it

    def acquire(self, blocking: Any, timeout: Any, frame: "FrameType | None") -> bool:
        """As the original's `acquire`, with its errors: try first, and only then wait."""
        frame = frames.acting(frame)
        got = False
        waited = 0
        try:
            if _is_patient(blocking, timeout):
                got = self.raw.acquire(False)
                if not got:
                    waited = self.block(timeout, frame)
                    got = waited > 0
            else:
                got = self.raw.acquire(blocking, timeout)
                if not got and self.may_record():
                    emit(ACQUIRE_FAILED, self.id, 0, int(Failure.BUSY), frame, self._sampled())
            if got:
                self.taken(frame, waited)
        except BaseException as error:
            if not self.stands(error, got):
                raise
            got = True
        return got

    def block(
        self,
        timeout: float,
        frame: "FrameType | None",
        flags: int = 0,
        take: "Callable[[], Any] | None" = None,
    ) -> int:
        """Wait for the raw lock; the time it took, or 0 when the time limit came first."""
        start = perf_counter_ns()
        self.owed = True
        flags |= self._sampled() | (TIMED if timeout != -1 else 0)
        emit(ACQUIRE, self.id, words[self.word], 0, frame, flags, start)
        try:
            got = self.raw.acquire(True, timeout) if take is None else take()
        except BaseException:
            emit(ACQUIRE_FAILED, self.id, perf_counter_ns() - start, int(Failure.CANCELLED), frame)
            raise
        waited = max(perf_counter_ns() - start, 1)
        if not got:
            emit(ACQUIRE_FAILED, self.id, waited, int(Failure.TIMED_OUT), frame)
            return 0
        return waited

    def taken(self, frame: "FrameType | None", waited: int, flags: int = 0) -> None:
        """The calling thread has just got the raw lock."""
        words[self.word] = recorder.thread_id()
        self.k += 1
        self.acquired(frame, waited, flags)

    def acquired(self, frame: "FrameType | None", waited: int = 0, flags: int = 0) -> None:
        """Count an acquisition (it is in `k` already) and record it if the budget allows, or must be."""
        n = self.base + self.k
        words[self.word + S_IN] = n
        if self.k > 255:
            self.base = n
            self.k = 0
        now = words[W_FRAME]
        if now != self.frame:
            self.frame = now
            self.left = recorder.budget
        if self.left > 0 or waited or flags & IN_CONDITION or not self.slot:
            self.left -= 2  # its release is paid for, too
            self.n_recorded += 1
            self.quiet = NEVER
            if n - 1 != self.last:
                flags |= SAMPLED
                self._count_dropped(n)
            self.last = n
            self._promise_release(flags)
            self.write(ACQUIRED | flags << 16, frame, waited, n)
        else:
            self.quiet = now
            self._count_dropped(n)

    def stands(self, error: BaseException, got: bool) -> bool:
        """Something was raised while the lock was being taken.  Does the calling thread have it all the same?

        If not, the raw lock has been given back, if it was taken, and `error` is the program's (an interrupt,
        say).  An exception out of a signal handler may come right after the raw lock was taken and before
        `got` was set: then the lock is locked and nobody owns it.
        """
        if not got and not self._is_orphan():
            return False
        if isinstance(error, AttributeError) and not hasattr(me, "id"):
            self._adopt(error)  # a thread that we did not see start
            return True
        words[self.word] = 0
        if self.owed:
            self.released(None)
        self.raw.release()
        return False

    def _adopt(self, error: BaseException) -> None:
        trace = error.__traceback__
        self.taken(frames.acting(trace.tb_frame) if trace else None, 0)

    def _is_orphan(self) -> bool:
        return bool(self.slot) and not words[self.word] and self.raw.locked()

    def _promise_release(self, flags: int) -> None:
        self.owed = True

    # giving it back

    def released(self, frame: "FrameType | None", flags: int = 0) -> None:
        """Record that the lock is given back; the raw lock is still held."""
        self.owed = False
        n = self.base + self.k
        if n != self.last:
            flags |= SAMPLED
            self.extra += 1
            self.last = n
        self.write(RELEASE | flags << 16, frame, 1, n)

    # for Condition.wait

    def give_up(self, frame: "FrameType | None") -> Any:
        if self.raw.locked():
            words[self.word] = 0
            self.released(frames.acting(frame), IN_CONDITION)
        self.raw.release()

    def take_back(self, state: Any, frame: "FrameType | None") -> None:
        frame = frames.acting(frame)
        waited = 0 if self.raw.acquire(False) else self.block(-1, frame, IN_CONDITION)
        self.taken(frame, waited, IN_CONDITION)

    # after a fork

    def reset(self) -> None:
        self.raw._at_fork_reinit()
        words[self.word] = 0
        self.owed = False

    # records

    def write(self, kind: int, frame: "FrameType | None", a: int, b: int) -> None:
        """One record; `kind` with its flags in the upper half."""
        try:
            if frame is None:
                code = lasti = 0
            elif frame.f_code is self.code:
                code, lasti = self.code_id, frame.f_lasti
            else:
                code, lasti = self._place(frame)
            task = running.get(get_ident(), 0) if running else 0
            try:
                thread = me.id
            except AttributeError:
                thread = recorder.thread_id()
            seq = next_seq()
            pack_words(
                ring, RING_OFFSET + ((seq & MASK) << 6), seq, perf_counter_ns(), thread, code,
                lasti | self.high, kind | task << 32, a, b,
            )  # fmt: skip
            words[W_HEAD] = seq
        except Exception as error:
            if not recorder.is_own(error):
                raise
            recorder.fault("lock", error)

    def _place(self, frame: FrameType) -> "tuple[int, int]":
        """(code id, lasti) of the program's line; remembers the code of a direct use, for the next record."""
        acting = frames.acting(frame)
        code, lasti = recorder.position(acting)
        if acting is frame:
            self.code = frame.f_code
            self.code_id = code
        return code, lasti

    def _sampled(self) -> int:
        """SAMPLED if acquisitions were counted and not recorded since the newest record."""
        n = self.base + self.k
        if n == self.last:
            return self.take_flags()
        self.last = n
        self.flags = 0
        return SAMPLED

    def _count_dropped(self, n: int) -> None:
        n_dropped = 2 * (n - self.n_recorded) - self.extra
        more = n_dropped - self.n_dropped
        if more > 0:
            self.n_dropped = n_dropped
            words[self.word + S_DROPPED] += more
            words[W_DROPPED] += more


class RLockProbe(LockProbe):
    """Of a re-entrant lock.  `depth`: how often the owner has it; `inner`: recorded levels above the first."""

    __slots__ = ("depth", "inner")

    def __init__(self, id_: int, slot: int, raw: Any) -> None:
        super().__init__(id_, slot, raw)
        self.depth = 0
        self.inner: list[int] = []

    def taken(self, frame: "FrameType | None", waited: int, flags: int = 0) -> None:
        if self.depth:
            self.entered_again(frame)
            return
        self.depth = 1
        super().taken(frame, waited, flags)

    def entered_again(self, frame: "FrameType | None") -> None:
        self.depth += 1
        self.k += 1
        self.acquired(frame, 0, REENTRANT)

    def left_inner(self, frame: "FrameType | None") -> None:
        """The owner gives back one level above the first."""
        if self.inner and self.inner[-1] == self.depth:
            self.inner.pop()
            self.write(RELEASE | REENTRANT << 16, frame, 1, self.base + self.k)
        self.depth -= 1

    def give_up(self, frame: "FrameType | None") -> Any:
        levels = self.depth, self.inner
        if self.raw._is_owned():
            self.depth = 0
            self.inner = []
            words[self.word] = 0
            self.released(frames.acting(frame), IN_CONDITION)
        return self.raw._release_save(), levels

    def take_back(self, state: Any, frame: "FrameType | None") -> None:
        raw_state, (depth, inner) = state
        frame = frames.acting(frame)
        waited = 0
        if self.raw.acquire(False):
            for _ in range(depth - 1):
                self.raw.acquire()
        else:
            waited = self.block(-1, frame, IN_CONDITION, lambda: self.raw._acquire_restore(raw_state) or True)
        self.taken(frame, waited, IN_CONDITION)
        self.depth, self.inner = depth, inner

    def reset(self) -> None:
        super().reset()
        self.depth = 0
        self.inner = []

    def _adopt(self, error: BaseException) -> None:
        self.depth = 0
        super()._adopt(error)

    def _is_orphan(self) -> bool:
        return not self.depth and bool(self.raw._is_owned())

    def _promise_release(self, flags: int) -> None:
        if flags & REENTRANT:
            self.inner.append(self.depth)
        else:
            self.owed = True

    def stands(self, error: BaseException, got: bool) -> bool:
        if self.depth > 1:
            return False
        kept = super().stands(error, got)
        if not kept and not self.raw._is_owned():
            self.depth = 0
        return kept


def _is_patient(blocking: Any, timeout: Any) -> bool:
    """Do these arguments of `acquire` say to wait, and are they valid?"""
    return (
        isinstance(blocking, int)
        and isinstance(timeout, (int, float))
        and bool(blocking)
        and (timeout == -1 or 0 < timeout <= TIMEOUT_MAX)
    )


frames.step_over(globals(), ours=True)

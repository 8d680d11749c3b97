"""What the probe knows of one lock, and everything that is off its hot path.

The thread that holds the raw lock may write here without further ado: the lock itself orders it.  So owner,
count and records of one lock are exact, and their order in the ring is the order in which it changed hands.
"""

import mmap
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Failure, Flag, Kind
from . import frames, gate, recorder
from .lock_records import NEVER, LockRecords, pack_parts
from .originals import TIMEOUT_MAX, getframe, perf_counter_ns

ACQUIRE, ACQUIRED, ACQUIRE_FAILED = int(Kind.ACQUIRE), int(Kind.ACQUIRED), int(Kind.ACQUIRE_FAILED)
RELEASE = int(Kind.RELEASE)
SAMPLED, TIMED = int(Flag.SAMPLED), int(Flag.TIMED)
REENTRANT, IN_CONDITION = int(Flag.REENTRANT), int(Flag.IN_CONDITION)

W_HEAD, W_FRAME, W_GATE = recorder.W_HEAD, recorder.W_FRAME, recorder.W_GATE
S_IN = recorder.S_IN
MASK, RING_OFFSET = recorder.MASK, recorder.RING_OFFSET
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

_all: "weakref.WeakSet[LockProbe]" = weakref.WeakSet()


class LockProbe(LockRecords):
    """Of a plain lock.

    `count_one`   adds one acquisition and returns their number, `counted` returns it (the number itself
                  lives in the hot path)
    `quiet`       the frame for which the budget is spent, in which the hot path only counts; NEVER: look at
                  every operation
    `owed`        the next release must be recorded: its acquisition was, or somebody waits for it
    `last`        number of the acquisition that was recorded last
    `n_missed`    acquisitions before that one that were not recorded, `n_extra` of their releases that were,
                  `n_told` the records that the observer has been told are missing
    """

    __slots__ = (
        "count_one", "counted", "last", "n_extra", "n_missed", "n_told", "owed", "quiet", "raw", "word_in",
    )  # fmt: skip

    count_one: Callable[[], int]
    counted: Callable[[], int]

    def __init__(self, id_: int, slot: int, raw: Any) -> None:
        super().__init__(id_, slot)
        self.raw = raw
        self.quiet = NEVER
        self.owed = False
        self.last = 0
        self.n_missed = 0
        self.n_extra = 0
        self.n_told = 0
        self.word_in = self.word + S_IN
        _all.add(self)

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
                limited = not blocking or timeout != -1
                self.taken(frame, waited, TIMED if limited else 0)
                if words[W_GATE]:
                    gate.stand(frame)
        except BaseException:
            if got or self._is_orphan():
                self.give_back()
            raise
        if not got and words[W_GATE]:
            gate.stand(frame)
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
        self.acquired(self.count_one(), frame, waited, flags)

    def acquired(self, n: int, frame: "FrameType | None", waited: int = 0, flags: int = 0) -> None:
        """The `n`th acquisition: record it if the budget allows, or must be."""
        words[self.word_in] = n
        now = words[W_FRAME]
        if self.left <= 0 and now != self.frame:
            self.frame = now
            self.left = recorder.budget
        if self.left > 0 or waited or flags & IN_CONDITION or not self.slot:
            self.left -= 2  # its release is paid for, too
            self.quiet = NEVER
            if n - 1 != self.last:
                flags |= SAMPLED
                self.n_missed += n - 1 - self.last
                self._tell_dropped(self.n_missed)
            self.last = n
            self.owed = True
            self.write(ACQUIRED | flags << 16, frame, waited, n)
        else:
            self.quiet = NEVER if words[W_GATE] else now
            self._tell_dropped(self.n_missed + n - self.last)

    def entered(self, n: int, thread: int, depth: int) -> None:
        """`acquired` for the hot path, whose caller took a free lock; most often it is at the same place again."""
        try:
            frame = getframe(depth)
            if (
                self.left > 0
                and n - 1 == self.last
                and not running
                and frame.f_lasti == self.in_lasti
                and frame.f_code is self.code
            ):
                words[self.word_in] = n
                self.left -= 2
                self.last = n
                self.owed = True
                seq = next_seq()
                at = RING_OFFSET + ((seq & MASK) << 6)
                pack_parts(ring, at, seq, perf_counter_ns(), thread, self.in_part, n)
                words[W_HEAD] = seq
            else:
                self.acquired(n, frame)
                self.in_lasti, self.in_part = self.part(frame, ACQUIRED, 0)
            if words[W_GATE]:
                gate.stand(frame)
        except BaseException as error:
            if not _is_outermost(error):
                self.give_back()
                raise
            self.acquired(n, None)

    def stands(self, error: BaseException) -> bool:
        """The hot path was left by an exception.  Does the calling thread have the lock all the same?

        If not, the raw lock has been given back, if it was taken, and `error` is the program's.  An exception
        out of a signal handler may come right after the raw lock was taken: then nobody owns it.
        """
        if isinstance(error, AttributeError) and not hasattr(me, "id"):
            trace = error.__traceback__
            self.taken(trace.tb_frame if trace else None, 0)  # a thread that we did not see start
            return True
        if self._is_orphan():
            self.give_back()
        return False

    def _is_orphan(self) -> bool:
        """Is the raw lock taken, and the taking not noted yet?"""
        return bool(self.slot) and not words[self.word] and self.raw.locked()

    # giving it back

    def give_back(self) -> None:
        """Undo an acquisition that the program will never hear of."""
        words[self.word] = 0
        if self.owed:
            self.released(None)
        self.raw.release()

    def released(self, frame: "FrameType | None", flags: int = 0) -> None:
        """Record that the lock is given back; the raw lock is still held."""
        self.owed = False
        n = self.counted()
        if n != self.last:
            flags |= SAMPLED
            self.n_extra += 1
        self.write(RELEASE | flags << 16, frame, 1, n)

    def left_now(self, n: int, depth: int) -> int:
        """`released` for the hot path; not 0 when the program is slowed: then `gate` after the raw release."""
        try:
            frame = getframe(depth)
            if (
                n == self.last
                and not running
                and frame.f_lasti == self.out_lasti
                and frame.f_code is self.code
            ):
                thread = me.id
                self.owed = False
                seq = next_seq()
                at = RING_OFFSET + ((seq & MASK) << 6)
                pack_parts(ring, at, seq, perf_counter_ns(), thread, self.out_part, n)
                words[W_HEAD] = seq
            else:
                self.released(frame)
                self.out_lasti, self.out_part = self.part(frame, RELEASE, 1)
        except Exception as error:
            if hasattr(me, "id") and not _is_outermost(error):
                raise
            self.released(None)
        return words[W_GATE]

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

    # what was not recorded

    def _sampled(self) -> int:
        """SAMPLED if the newest acquisition was not recorded."""
        return SAMPLED if self.counted() != self.last else self.take_flags()

    def _tell_dropped(self, n_acquisitions: int) -> None:
        more = 2 * n_acquisitions - self.n_extra - self.n_told
        if more > 0:
            self.n_told += more
            self.drop(more)

    def settle(self) -> None:
        """Tell of what the hot path has only counted."""
        self._tell_dropped(self.n_missed + self.counted() - self.last)


def _is_outermost(error: BaseException) -> bool:
    """Did `getframe` fail, because a lock's own method is all that this thread runs?"""
    return isinstance(error, ValueError) and recorder.is_own(error)


def settle_all() -> None:
    for probe in list(_all):
        probe.settle()


def _is_patient(blocking: Any, timeout: Any) -> bool:
    """Do these arguments of `acquire` say to wait, and are they valid?"""
    return (
        isinstance(blocking, int)
        and isinstance(timeout, (int, float))
        and bool(blocking)
        and (timeout == -1 or 0 < timeout <= TIMEOUT_MAX)
    )


frames.step_over(globals(), ours=True)

"""multiprocessing.Lock and RLock: who holds one, in whatever process, and who waits.

`acquire` and `release` are attributes of each lock, so closures of ours take the place of the C methods.  Owner
and count are in the lock's home, written by its holder.  Once the budget of a frame is spent, one comparison
and one addition are all that remains of recording.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Failure, Flag, Kind
from . import frames, gate, mp_shared, recorder
from .lock_records import NEVER, LockRecords
from .originals import getframe, perf_counter_ns
from .recorder import W_DROPPED, W_FRAME, W_GATE

ACQUIRE, ACQUIRED, ACQUIRE_FAILED = int(Kind.ACQUIRE), int(Kind.ACQUIRED), int(Kind.ACQUIRE_FAILED)
RELEASE = int(Kind.RELEASE)
SAMPLED, TIMED = int(Flag.SAMPLED), int(Flag.TIMED)
REENTRANT, IN_CONDITION = int(Flag.REENTRANT), int(Flag.IN_CONDITION)
SHORT_S = 0.001
NOT_WORTH_TELLING = -1

emit = recorder.emit
me = recorder.me
Method = Callable[..., Any]

words: "memoryview[int]"


def _opened() -> None:
    global words
    words = recorder.words
    me.owner = mp_shared.pid_part | recorder.thread_id()


recorder.when_opened(_opened)


class SemLockProbe(LockRecords):
    """`raw`: the C semaphore.  `home`: see `mp_shared`; its third word: the next release is to be recorded,
    since somebody waits or the acquisition was.  `quiet`: the frame for which the budget is spent.
    `owed`: the release must be recorded, since the acquisition was.  `n_missed`: operations not recorded."""

    __slots__ = ("home", "n_missed", "owed", "quiet", "raw")

    def __init__(self, id_: int, slot: int, raw: Any, home: "memoryview[int]") -> None:
        super().__init__(id_, slot)
        self.raw = raw
        self.home = home
        self.quiet = NEVER
        self.owed = False
        self.n_missed = 0
        mp_shared.count_own(self)

    def acquire(self, block: Any, timeout: Any, frame: "FrameType | None") -> bool:
        """As the original's, when the lock was not free at once."""
        if not block:
            if self._may_record():
                self.write(ACQUIRE_FAILED | self._sampled() << 16, frame, 0, int(Failure.BUSY))
            return False
        waited = self.block(timeout, frame)
        if not waited:
            return False
        try:
            self.taken(frame, max(waited, 0), 0 if timeout is None else TIMED)
        except BaseException:
            self.give_back()
            raise
        if words[W_GATE]:
            self.stand(frame)
        return True

    def stand(self, frame: "FrameType | None") -> None:
        """The program is slowed: hold its thread up, which has just taken the lock."""
        try:
            gate.stand(frame)
        except BaseException:
            self.give_back()
            raise

    def block(self, timeout: Any, frame: "FrameType | None", flags: int = 0) -> int:
        """Wait for the raw lock; the time it took, or 0 when the time limit came first.

        Without budget left, short waits are not recorded.
        """
        start = perf_counter_ns()
        if timeout is None and not flags and self.quiet == words[W_FRAME] and self.raw.acquire(True, SHORT_S):
            return NOT_WORTH_TELLING
        frame = frames.acting(frame)
        flags |= self._sampled() | (0 if timeout is None else TIMED)
        self.home[2] = 1
        emit(ACQUIRE, self.id, self.home[0], 0, frame, flags, start)
        try:
            got = self.raw.acquire(True, timeout)
        except BaseException:
            emit(ACQUIRE_FAILED, self.id, perf_counter_ns() - start, int(Failure.CANCELLED), frame)
            raise
        waited = max(perf_counter_ns() - start, 1)
        if got:
            return waited
        emit(ACQUIRE_FAILED, self.id, waited, int(Failure.TIMED_OUT), frame)
        return 0

    def taken(self, frame: "FrameType | None", waited: int = 0, flags: int = 0) -> None:
        """The calling thread has just got the raw lock."""
        home = self.home
        home[1] = n = home[1] + 1
        home[0] = me.owner = mp_shared.pid_part | recorder.thread_id()
        self.acquired(n, frame, waited, flags)

    def acquired(self, n: int, frame: "FrameType | None", waited: int = 0, flags: int = 0) -> None:
        """The `n`th acquisition of all processes together: record it if the budget allows, or must be."""
        if waited or flags & IN_CONDITION or self._may_record():
            self.owed = True
            self.home[2] = 1
            self.write(ACQUIRED | (flags | self._sampled()) << 16, frame, waited, n)

    def deeper(self, frame: "FrameType | None") -> None:
        """The owner of an RLock has taken it once more."""
        if self.owed:
            self.write(ACQUIRED | REENTRANT << 16, frame, 0, self.home[1])

    def released(self, frame: "FrameType | None", flags: int = 0) -> None:
        """Record that the lock is given back; the raw lock is still held."""
        if not flags & REENTRANT:
            flags |= 0 if self.owed else SAMPLED
            self.owed = False
            self.home[2] = 0
        self.write(RELEASE | flags << 16, frame, 1, self.home[1])

    def give_back(self) -> None:
        """Undo an acquisition that the program will never hear of."""
        if self.home[2]:
            self.released(None)
        self.home[0] = 0
        self.raw.release()

    # for Condition.wait

    def give_up(self, depth: int, frame: "FrameType | None") -> None:
        self.released(frames.acting(frame), IN_CONDITION)
        self.home[0] = 0
        for _ in range(depth):
            self.raw.release()

    def take_back(self, depth: int, frame: "FrameType | None") -> None:
        frame = frames.acting(frame)
        waited = 0 if self.raw.acquire(False) else self.block(None, frame, IN_CONDITION)
        for _ in range(depth - 1):
            self.raw.acquire()
        self.taken(frame, waited, IN_CONDITION)

    # budget

    def _may_record(self) -> bool:
        frame = words[W_FRAME]
        if self.left <= 0 and frame != self.frame:
            self.frame = frame
            self.left = recorder.budget
        if self.left > 0 or not self.slot:
            self.left -= 2  # its release is paid for, too
            self.quiet = NEVER
            return True
        self.quiet = NEVER if words[W_GATE] else frame
        self.n_missed += 2
        self.settle()
        return False

    def _sampled(self) -> int:
        if not self.n_missed and not self.flags:
            return 0
        self.settle()
        self.flags = 0
        return SAMPLED

    def settle(self) -> None:
        """Tell of what the hot path has only counted."""
        if self.n_missed:
            self.n_dropped = words[self.word + 3] = self.n_dropped + self.n_missed
            words[W_DROPPED] += self.n_missed
            self.n_missed = 0
            self.flags = SAMPLED


def of_lock(probe: SemLockProbe) -> "tuple[Method, Method]":
    take, give, home = probe.raw.acquire, probe.raw.release, probe.home

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        if not take(False):
            return probe.acquire(block, timeout, getframe().f_back)
        try:
            owner = me.owner
            home[1] = n = home[1] + 1
            home[0] = owner
            if probe.quiet == words[W_FRAME]:
                probe.n_missed += 2
                return True
            probe.acquired(n, getframe().f_back, 0, 0 if block and timeout is None else TIMED)
        except AttributeError:  # the first lock of this thread
            probe.taken(getframe().f_back, 0, 0 if block and timeout is None else TIMED)
        except BaseException:
            probe.give_back()
            raise
        if words[W_GATE]:
            probe.stand(getframe().f_back)
        return True

    def release() -> None:
        slowed = 0
        if home[2] and home[0]:
            probe.released(getframe().f_back)
            slowed = words[W_GATE]
        home[0] = 0
        give()  # raises when nobody has the lock
        if slowed:
            gate.stand(getframe().f_back)

    return acquire, release


def of_rlock(probe: SemLockProbe) -> "tuple[Method, Method]":
    take, give, depth, home = probe.raw.acquire, probe.raw.release, probe.raw._count, probe.home

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        if not take(False):
            return probe.acquire(block, timeout, getframe().f_back)
        try:
            if depth() > 1:
                probe.deeper(getframe().f_back)
                return True
            owner = me.owner
            home[1] = n = home[1] + 1
            home[0] = owner
            if probe.quiet == words[W_FRAME]:
                probe.n_missed += 2
                return True
            probe.acquired(n, getframe().f_back, 0, 0 if block and timeout is None else TIMED)
        except AttributeError:  # the first lock of this thread
            probe.taken(getframe().f_back, 0, 0 if block and timeout is None else TIMED)
        except BaseException:
            if depth() > 1:
                give()
            else:
                probe.give_back()
            raise
        if words[W_GATE]:
            probe.stand(getframe().f_back)
        return True

    def release() -> None:
        slowed = 0
        if probe.raw._is_mine():
            if depth() > 1:
                if probe.owed:
                    probe.released(getframe().f_back, REENTRANT)
            else:
                if home[2]:
                    probe.released(getframe().f_back)
                    slowed = words[W_GATE]
                home[0] = 0
        give()  # raises when the calling thread does not have it
        if slowed:
            gate.stand(getframe().f_back)

    return acquire, release


frames.step_over(globals(), ours=True)

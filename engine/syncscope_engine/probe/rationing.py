"""Budgets of records per display frame: for steps of tasks, objects of asyncio, watched variables."""

import atexit
import weakref

from ..events import Flag
from . import frames, recorder
from .recorder import S_DROPPED, W_DROPPED, W_FRAME

SAMPLED = int(Flag.SAMPLED)
NEVER = -1


class Ration:
    """Of what has no state words."""

    __slots__ = ("flags", "frame", "left", "share")

    def __init__(self, share: int = 1) -> None:
        self.share = share
        self.frame = -1
        self.left = 0
        self.flags = 0

    def may_record(self) -> bool:
        frame = recorder.words[W_FRAME]
        if frame != self.frame:
            self.frame = frame
            self.left = recorder.budget * self.share
        if self.left > 0:
            self.left -= 1
            return True
        recorder.words[W_DROPPED] += 1
        self.flags = SAMPLED
        return False

    def take_flags(self) -> int:
        flags, self.flags = self.flags, 0
        return flags


_all: "weakref.WeakSet[Rationed]" = weakref.WeakSet()


@atexit.register
def _count_the_rest() -> None:
    for probe in list(_all):
        probe.count_missed()


class Rationed:
    """Like `recorder.Resource`, for hot paths: id, state words and budget of one object.

    Once the budget of a frame is spent (`quiet` is that frame), one comparison with the frame word and one
    addition (`n_missed`) are all that remains of recording an operation.
    """

    __slots__ = (
        "__weakref__", "frame", "id", "left", "n_in", "n_missed", "n_out", "quiet", "slot", "word",
    )  # fmt: skip

    def __init__(self, id_: int, slot: int, word: int) -> None:
        self.id = id_
        self.slot = slot
        self.word = word
        self.frame = self.quiet = NEVER
        self.left = self.n_in = self.n_out = self.n_missed = 0
        _all.add(self)

    def __del__(self) -> None:
        try:
            if self.n_missed:
                self.count_missed()
        except Exception:  # the interpreter is being taken apart
            pass

    def may_record(self) -> bool:
        """Is there budget left in this frame?  The first operation that finds none is counted at once, so that
        the observer looks at the state words; the rest with the next record."""
        frame = recorder.words[W_FRAME]
        if frame != self.frame:
            self.frame = frame
            self.left = recorder.budget
        if self.left > 0 or not self.slot:
            self.left -= 1
            return True
        self.n_missed += 1
        if self.quiet != frame:
            self.quiet = frame
            self.count_missed()
        return False

    def take_flags(self) -> int:
        """SAMPLED when operations were not recorded since the newest record; a record is being written."""
        self.quiet = NEVER
        if not self.n_missed:
            return 0
        self.count_missed()
        return SAMPLED

    def count_missed(self) -> None:
        recorder.words[self.word + S_DROPPED] += self.n_missed
        recorder.words[W_DROPPED] += self.n_missed
        self.n_missed = 0


frames.step_over(globals(), ours=True)

"""A budget of records per display frame for what has no state words: steps of tasks, watched variables."""

from ..events import Flag
from . import frames, recorder

SAMPLED = int(Flag.SAMPLED)


class Ration:
    """As `recorder.Resource` rations, without a slot: what is not recorded is counted, and said at the next."""

    __slots__ = ("flags", "frame", "left", "share")

    def __init__(self, share: int = 1) -> None:
        self.share = share
        self.frame = -1
        self.left = 0
        self.flags = 0

    def may_record(self) -> bool:
        frame = recorder.words[recorder.W_FRAME]
        if frame != self.frame:
            self.frame = frame
            self.left = recorder.budget * self.share
        if self.left > 0:
            self.left -= 1
            return True
        recorder.words[recorder.W_DROPPED] += 1
        self.flags = SAMPLED
        return False

    def take_flags(self) -> int:
        flags, self.flags = self.flags, 0
        return flags


frames.step_over(globals(), ours=True)

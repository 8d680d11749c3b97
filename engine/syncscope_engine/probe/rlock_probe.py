"""What a re-entrant lock has beyond a plain one: levels."""

from types import FrameType
from typing import Any

from . import frames, recorder
from .lock_probe import IN_CONDITION, REENTRANT, RELEASE, LockProbe


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
        owed = self.owed
        self.owed = False
        try:
            self.acquired(self.count_one(), frame, 0, REENTRANT)
        except BaseException:
            self.give_back()
            raise
        if self.owed:
            self.inner.append(self.depth)
        self.owed = owed

    def left_inner(self, frame: "FrameType | None") -> None:
        """The owner gives back one level above the first."""
        if self.inner and self.inner[-1] == self.depth:
            self.inner.pop()
            self.write(RELEASE | REENTRANT << 16, frame, 1, self.counted())
        self.depth -= 1

    def give_up(self, frame: "FrameType | None") -> Any:
        levels = self.depth, self.inner
        if self.raw._is_owned():
            self.depth = 0
            self.inner = []
            recorder.words[self.word] = 0
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

    def give_back(self) -> None:
        self.depth -= 1
        if self.depth <= 0:
            self.depth = 0
            super().give_back()
        else:
            self.raw.release()

    def _is_orphan(self) -> bool:
        return not self.depth and bool(self.raw._is_owned())


frames.step_over(globals(), ours=True)

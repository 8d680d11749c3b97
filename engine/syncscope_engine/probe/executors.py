"""What the probe knows of an executor, whoever runs its calls.

Its state words are exact: calls submitted, resolved, and waiting for a worker.  Which calls are told
one by one is a matter of budget.
"""

from types import FrameType
from typing import TYPE_CHECKING

from ..events import Kind
from . import frames, recorder
from .originals import perf_counter_ns
from .recorder import S_DROPPED, S_IN, S_OUT, S_VALUE, SAMPLED, W_DROPPED, W_FRAME

if TYPE_CHECKING:
    from .futures import FutureProbe

SUBMIT = int(Kind.SUBMIT)

emit = recorder.emit


class ExecutorProbe(recorder.Resource):
    """`n_waiting`: calls that no worker has taken yet.  `runs_here`: its workers are threads of this process."""

    __slots__ = ("n_waiting", "runs_here", "shared")

    def __init__(self, id_: int, slot: int, runs_here: bool = True, shared: str = "") -> None:
        super().__init__(id_, slot)
        self.n_waiting = 0
        self.runs_here = runs_here
        self.shared = shared

    def may_record(self) -> bool:
        """Shall the next call be told?  To describe a call costs as much as ten records: an executor may tell of
        a burst of as many as the budget says, and of a quarter of that in each frame."""
        frame = recorder.words[W_FRAME]
        if frame != self.frame:
            refill = (frame - self.frame if self.frame >= 0 else 4) * max(recorder.budget // 4, 1)
            self.frame = frame
            self.left = min(self.left + refill, recorder.budget)
        if self.left > 0 or not self.slot:
            self.left -= 1
            return True
        self.drop(1)
        self.flags = SAMPLED
        return False

    # Between counting and storing there is no call, so (with a GIL) no switch of threads: the words are exact.
    # `told`: there will be a record of it.

    def submitted(self, n: int = 1) -> None:
        words, word = recorder.words, self.word
        self.n_in += n
        waiting = self.n_waiting = self.n_waiting + n
        words[word + S_IN] = self.n_in
        words[word + S_VALUE] = (waiting if waiting > 0 else 0) | self.n_out << 32

    def picked(self, told: bool) -> None:
        words, word = recorder.words, self.word
        waiting = self.n_waiting = self.n_waiting - 1
        words[word + S_VALUE] = (waiting if waiting > 0 else 0) | self.n_out << 32
        if not told:
            self.n_dropped = words[word + S_DROPPED] = self.n_dropped + 1
            words[W_DROPPED] += 1

    def resolved(self, was_waiting: bool, told: bool) -> None:
        words, word = recorder.words, self.word
        if was_waiting:
            self.n_waiting -= 1
        waiting = self.n_waiting
        self.n_out += 1
        words[word + S_OUT] = self.n_out
        words[word + S_VALUE] = (waiting if waiting > 0 else 0) | self.n_out << 32
        if not told:
            self.n_dropped = words[word + S_DROPPED] = self.n_dropped + 1
            words[W_DROPPED] += 1

    def is_told_elsewhere(self, frame: FrameType) -> bool:
        """Has a worker process recorded the result that is being set at `frame`?"""
        return False

    def take_many(self, n: int) -> None:
        """`n` calls are submitted that are not told of."""
        self.submitted(n)
        self.drop(n)

    def take(self, future: "FutureProbe", frame: "FrameType | None") -> bool:
        """`future` is submitted at `frame`.  Is it told of?"""
        future.pool = self
        self.submitted()
        told = self.may_record()
        if told:
            frame = frames.acting(frame)
            future.site = recorder.position(frame)
            future.declare()
            future.since = start = perf_counter_ns()
            emit(SUBMIT, future.id, self.id, self.n_waiting, frame, self.take_flags(), start)
        return told


frames.step_over(globals(), ours=True)

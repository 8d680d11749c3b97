"""In a worker process of a pool: which call it takes, what comes out, and when it waits for work.

The pool is in another process.  What both call the same future is known by its identity, which is made of the
pool's own and the number that the pool has given to the call.
"""

from collections.abc import Callable
from typing import Any

from ..events import Failure, Kind, Outcome
from . import frames, recorder
from .calls import Call, text_of
from .originals import perf_counter_ns
from .rationing import SAMPLED, Ration

PICKED, RESOLVED = int(Kind.PICKED), int(Kind.RESOLVED)
GET_WAIT, GET, GET_FAILED = int(Kind.GET_WAIT), int(Kind.GET), int(Kind.GET_FAILED)
DONE, FAILED = int(Outcome.DONE), int(Outcome.FAILED)

emit = recorder.emit


def wait_for_work(executor: int, take: Callable[[], Any]) -> Any:
    """What `take`, which blocks, returns; the calling task waits for work of `executor` meanwhile."""
    start = perf_counter_ns()
    emit(GET_WAIT, executor, -1, 0, None, 0, start)
    end, b = GET_FAILED, int(Failure.CANCELLED)
    try:
        item = take()
        end, b = GET, 0
        return item
    finally:
        emit(end, executor, max(perf_counter_ns() - start, 1), b)


def guarded(tell: Callable[..., None], *args: Any) -> None:
    """A worker lives on, whatever goes wrong in telling of its calls."""
    try:
        tell(*args)
    except Exception as error:
        recorder.fault("worker of a pool", error)


class _Bursts(Ration):
    """As an executor's own budget: a burst, and a quarter of that in each frame."""

    __slots__ = ()

    def may_record(self) -> bool:
        frame = recorder.words[recorder.W_FRAME]
        if frame != self.frame:
            refill = (frame - self.frame if self.frame >= 0 else 4) * max(recorder.budget // 4, 1)
            self.frame = frame
            self.left = min(self.left + refill, recorder.budget)
        if self.left > 0:
            self.left -= 1
            return True
        recorder.words[recorder.W_DROPPED] += 2  # that it was taken, and what came out
        self.flags = SAMPLED
        return False


class RemoteWorker:
    """`identity`: the pool's identity between processes, and the type of the pool and of its futures."""

    def __init__(self, identity: "tuple[str, str, str]") -> None:
        self.shared, type_, self._type = identity
        self.executor = recorder.new_id()
        recorder.meta(
            k="resource", id=self.executor, kind="executor", type=type_, slot=0, code=0, lasti=0, up=[],
            store=None, holder=None, shared=self.shared, t_ns=perf_counter_ns(),
        )  # fmt: skip
        self._budget = _Bursts()
        self._failures = Ration(share=4)
        self._now: "tuple[str, int, Call] | None" = (
            None  # number of the call, id of its future or 0, the call
        )

    def takes(self, number: str, call: Call) -> None:
        future = self._declare(number, call) if self._budget.may_record() else 0
        self._now = number, future, call
        if future:
            emit(PICKED, future, self.executor, 0, None, self._budget.take_flags())

    def ends(self, failed: bool) -> None:
        if self._now is None:
            return
        number, future, call = self._now
        self._now = None
        if failed and not future and self._failures.may_record():
            future = self._declare(number, call)
        if future:
            emit(RESOLVED, future, FAILED if failed else DONE, self.executor)

    def _declare(self, number: str, call: Call) -> int:
        id_ = recorder.new_id()
        recorder.meta(
            k="resource", id=id_, kind="future", type=self._type, slot=0, code=0, lasti=0, up=[], store=None,
            holder=None, part_of=self.executor, callee=text_of(call), shared=f"{self.shared}.{number}",
            t_ns=perf_counter_ns(),
        )  # fmt: skip
        return id_


frames.step_over(globals(), ours=True)

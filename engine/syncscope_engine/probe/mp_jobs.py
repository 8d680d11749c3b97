"""One job of a multiprocessing.Pool (`map`, `apply_async`, `imap`): its calls, or chunks of calls, as futures."""

from collections import deque
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from . import frames, recorder
from .calls import Call
from .executors import ExecutorProbe
from .futures import DONE, FAILED, GOT, READY, RESULT, RESULT_WAIT, TIMED_OUT, FutureProbe, emit
from .originals import allocate_lock, perf_counter_ns


class Job:
    """`done[i]`: has call number i come back?  `calls`: those of them that are told of.

    `given`: how many `imap` has given out; `order`: numbers in the order of their coming, for `imap_unordered`,
    else None.
    """

    __slots__ = (
        "__weakref__",
        "calls",
        "describe",
        "done",
        "first",
        "given",
        "is_lazy",
        "number",
        "order",
        "pool",
    )

    def __init__(self, pool: ExecutorProbe, number: int, describe: "Callable[[int], Call]") -> None:
        self.pool = pool
        self.number = number
        self.describe = describe
        self.calls: "dict[int, FutureProbe]" = {}
        self.done = bytearray()
        self.first = 0
        self.given = 0
        self.is_lazy = False
        self.order: "deque[int] | None" = None

    def submit(self, n: int, frame: "FrameType | None") -> None:
        """The next `n` calls."""
        begin = len(self.done)
        self.done.extend(bytes(n))
        for i in range(begin, begin + n):
            future = self.future(i)
            if not self.pool.take(future, frame):
                del self.calls[i]
                self.pool.take_many(begin + n - i - 1)
                return

    def future(self, i: int) -> FutureProbe:
        future = self.calls.get(i)
        if future is None:
            future = self.calls[i] = FutureProbe(allocate_lock(), self.pool)
            future.call = self.describe(i)
            if not self.pool.runs_here:
                future.shared = f"{self.pool.shared}.{self.number}.{i}"
        return future

    def came(self, i: int, succeeded: bool, told: bool) -> None:
        """Call number i is over.  `told`: its worker has recorded it."""
        if i >= len(self.done):
            self.submit(i + 1 - len(self.done), None)  # an iterable that raised
        self.done[i] = 1
        if self.order is not None:
            self.order.append(i)
        if self.pool.runs_here and told:
            return
        if i in self.calls or not succeeded:
            self.future(i).resolved(DONE if succeeded else FAILED, None, told)
        else:
            self.pool.resolved(False, True)

    def n_pending(self) -> int:
        return self.done.count(0)

    def wait(self, wait: "Callable[[], Any]", timeout: Any, i: int, frame: "FrameType | None") -> Any:
        """What `wait`, which blocks until call number i and perhaps others have come, returns."""
        future = self.future(i)
        future.declare()
        start = perf_counter_ns()
        emit(RESULT_WAIT, future.id, recorder.to_ns(timeout), max(self.n_pending() - 1, 0), frame, 0, start)
        got = TIMED_OUT
        try:
            answer = wait()
            got = READY if self.done[i] or answer else TIMED_OUT
            return answer
        finally:
            emit(RESULT, future.id, max(perf_counter_ns() - start, 1), got, frame)

    def first_pending(self) -> int:
        """Its number; -1 = all have come, as far as they are submitted."""
        while self.first < len(self.done) and self.done[self.first]:
            self.first += 1
        return self.first if self.first < len(self.done) else -1

    def read(self, numbers: "Iterable[int]", frame: "FrameType | None") -> None:
        """Somebody gets these results, or their exception."""
        for i in numbers:
            future = self.calls.get(i)
            if future is not None and future.stage >= 0:
                if future.stage == FAILED:
                    future.must_record()
                if future.may_record():
                    emit(RESULT, future.id, 0, GOT[future.stage], frame)


frames.step_over(globals(), ours=True)

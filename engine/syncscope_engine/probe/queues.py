"""queue.Queue and its kin: puts, gets and the depth, who waits for room and who for an item.

`put` and `get` themselves are only wrapped to see how they fail.  What they do is seen from inside: each of a
queue's three conditions gets a class of ours, whose `wait` and `notify` run under the queue's own lock.  So
the records of one queue are in the true order, with the true depth, whoever subclassed what.
"""

import threading
import weakref
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from ..events import Failure, Kind
from . import frames, gate, recorder
from .importing import when_imported
from .originals import get_ident, getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT, S_VALUE, W_GATE

PUT_WAIT, PUT, PUT_FAILED = int(Kind.PUT_WAIT), int(Kind.PUT), int(Kind.PUT_FAILED)
GET_WAIT, GET, GET_FAILED = int(Kind.GET_WAIT), int(Kind.GET), int(Kind.GET_FAILED)
TASK_DONE = int(Kind.TASK_DONE)
QUEUE_JOIN, QUEUE_JOINED = int(Kind.QUEUE_JOIN), int(Kind.QUEUE_JOINED)

emit = recorder.emit
Method = Callable[..., Any]
_put_code: CodeType
_get_code: CodeType
_original_wait: Method = threading.Condition.wait
_original_notify: Method = threading.Condition.notify


class QueueProbe(recorder.Resource):
    """`queue`: the queue, weakly; `asked`: thread -> since when it waits."""

    __slots__ = ("asked", "queue")

    def __init__(self, id_: int, slot: int, queue: Any) -> None:
        super().__init__(id_, slot)
        self.queue = weakref.ref(queue)
        self.asked: dict[int, int] = {}

    def asks(self, kind: int, a: int, b: int, frame: "FrameType | None") -> None:
        """The calling thread has to wait; a wait that goes on after a vain wake-up is the same one."""
        ident = get_ident()
        if ident not in self.asked:
            self.asked[ident] = start = perf_counter_ns()
            emit(kind, self.id, a, b, frames.acting(frame), self.take_flags(), start)

    def waited(self) -> int:
        """How long the calling thread has waited, now that it is over; 0 = it has not."""
        start = self.asked.pop(get_ident(), 0) if self.asked else 0
        return max(perf_counter_ns() - start, 1) if start else 0

    def moved(self, kind: int, awaited: Any, frame: "FrameType | None") -> None:
        """An item was put or got.  `awaited`: somebody waits for that, so it must be recorded."""
        words = recorder.words
        if kind == PUT:
            self.n_in += 1
            words[self.word + S_IN] = self.n_in
        else:
            self.n_out += 1
            words[self.word + S_OUT] = self.n_out
        queue = self.queue()
        words[self.word + S_VALUE] = depth = queue._qsize() if queue is not None else 0
        waited = self.waited() if self.asked else 0
        if waited or awaited or self.may_record():
            emit(kind, self.id, waited, depth, frames.acting(frame), self.take_flags())

    def failed(self, kind: int, error: BaseException, frame: "FrameType | None") -> None:
        waited = self.waited()
        if type(error).__name__ in ("Full", "Empty"):
            failure = Failure.TIMED_OUT if waited else Failure.BUSY
        else:
            failure = Failure.REFUSED if isinstance(error, Exception) else Failure.CANCELLED
        if waited or failure is not Failure.BUSY or self.may_record():
            emit(kind, self.id, waited, int(failure), frames.acting(frame), self.take_flags())


class _NotFull(threading.Condition):
    """`put` waits for it, `get` notifies it."""

    _of_queue: QueueProbe

    def wait(self, timeout: "float | None" = None) -> bool:
        self._of_queue.asks(PUT_WAIT, _limit_ns(timeout, getframe().f_back), 0, getframe().f_back)
        return bool(_original_wait(self, timeout))

    def notify(self, n: int = 1) -> None:
        frame = getframe().f_back
        if frame is not None and frame.f_code is _get_code:
            self._of_queue.moved(GET, self._waiters, frame.f_back)  # type: ignore[attr-defined]
        _original_notify(self, n)


class _NotEmpty(threading.Condition):
    """`get` waits for it, `put` notifies it."""

    _of_queue: QueueProbe

    def wait(self, timeout: "float | None" = None) -> bool:
        self._of_queue.asks(GET_WAIT, _limit_ns(timeout, getframe().f_back), 0, getframe().f_back)
        return bool(_original_wait(self, timeout))

    def notify(self, n: int = 1) -> None:
        frame = getframe().f_back
        if frame is not None and frame.f_code is _put_code:
            self._of_queue.moved(PUT, self._waiters, frame.f_back)  # type: ignore[attr-defined]
        _original_notify(self, n)


class _AllDone(threading.Condition):
    """`join` waits for it."""

    _of_queue: QueueProbe

    def wait(self, timeout: "float | None" = None) -> bool:
        queue = self._of_queue.queue()
        unfinished = queue.unfinished_tasks if queue is not None else 0
        self._of_queue.asks(QUEUE_JOIN, 0, unfinished, getframe().f_back)
        return bool(_original_wait(self, timeout))


def _limit_ns(left: "float | None", frame: "FrameType | None") -> int:
    """The time limit as the program gave it; `left` is what the queue has counted down already."""
    if left is not None and frame is not None and frame.f_code in (_put_code, _get_code):
        return recorder.to_ns(frame.f_locals.get("timeout"))
    return recorder.to_ns(left)


def _init(original: Method) -> Method:
    def init(self: Any, maxsize: Any = 0) -> None:
        original(self, maxsize)
        frame = getframe().f_back
        if frames.made_by_program(frame):
            try:
                _instrument(self, maxsize, frame)
            except Exception as error:
                recorder.fault("Queue", error)

    return init


def _instrument(queue: Any, maxsize: Any, frame: "FrameType | None") -> None:
    capacity = maxsize if isinstance(maxsize, int) and maxsize > 0 else 0
    resource = recorder.declare_resource("queue", type(queue).__name__, frame, capacity=capacity)
    probe = QueueProbe(resource.id, resource.slot, queue)
    setattr(queue, PROBE, probe)
    for name, cls in ("not_full", _NotFull), ("not_empty", _NotEmpty), ("all_tasks_done", _AllDone):
        condition = getattr(queue, name)
        condition._of_queue = probe
        condition.__class__ = cls


def _put(original: Method) -> Method:
    def put(self: Any, item: Any, block: Any = True, timeout: Any = None) -> None:
        if recorder.words[W_GATE] and self._syncscope is not None:
            gate.stand(getframe().f_back)
        try:
            original(self, item, block, timeout)
        except BaseException as error:
            if self._syncscope is not None:
                self._syncscope.failed(PUT_FAILED, error, getframe().f_back)
            raise

    return put


def _get(original: Method) -> Method:
    def get(self: Any, block: Any = True, timeout: Any = None) -> Any:
        if recorder.words[W_GATE] and self._syncscope is not None:
            gate.stand(getframe().f_back)
        try:
            return original(self, block, timeout)
        except BaseException as error:
            if self._syncscope is not None:
                self._syncscope.failed(GET_FAILED, error, getframe().f_back)
            raise

    return get


def _task_done(original: Method) -> Method:
    """Written anew: only under the lock is the number that is left certain."""

    def task_done(self: Any) -> None:
        probe: QueueProbe | None = self._syncscope
        if probe is None:
            original(self)
            return
        if recorder.words[W_GATE]:
            gate.stand(getframe().f_back)
        with self.all_tasks_done:
            left = self.unfinished_tasks - 1
            if left >= 0:
                if left == 0 or probe.may_record():
                    emit(TASK_DONE, probe.id, 0, left, frames.acting(getframe().f_back), probe.take_flags())
                if left == 0:
                    self.all_tasks_done.notify_all()
                self.unfinished_tasks = left
                return
        original(self)  # raises

    return task_done


def _join(original: Method) -> Method:
    def join(self: Any) -> None:
        probe: QueueProbe | None = self._syncscope
        if probe is None:
            original(self)
            return
        if recorder.words[W_GATE]:
            gate.stand(getframe().f_back)
        waited = 0
        try:
            original(self)
        finally:
            waited = probe.waited()
            if waited or probe.may_record():
                frame = frames.acting(getframe().f_back)
                emit(QUEUE_JOINED, probe.id, waited, 0, frame, probe.take_flags())

    return join


def _shutdown(original: Method) -> Method:
    def shutdown(self: Any, immediate: Any = False) -> None:
        original(self, immediate)
        if self._syncscope is not None:
            with self.mutex:
                recorder.words[self._syncscope.word + S_VALUE] = self._qsize()

    return shutdown


def _install() -> None:
    import queue

    from . import simple_queue

    global _put_code, _get_code
    frames.step_over(queue.__dict__)
    _put_code, _get_code = queue.Queue.put.__code__, queue.Queue.get.__code__
    cls = queue.Queue
    setattr(cls, PROBE, None)
    wrap(cls, "__init__", _init)
    wrap(cls, "put", _put)
    wrap(cls, "get", _get)
    wrap(cls, "task_done", _task_done)
    wrap(cls, "join", _join)
    if hasattr(cls, "shutdown"):
        wrap(cls, "shutdown", _shutdown)
    simple_queue.install()


def install() -> None:
    when_imported("queue", _install)


frames.step_over(globals(), ours=True)

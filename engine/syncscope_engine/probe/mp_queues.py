"""multiprocessing.Queue, JoinableQueue and SimpleQueue.

Seen from inside: the queue's semaphore of free places tells puts and gets, its lock of readers and its pipe
tell who waits for an item.  They are objects of the queue alone, so what they do is told as what the queue
does.  The thread that writes into the pipe what was put works for the queue: when the pipe is full, or another
process writes, it waits for room in the pipe, which is a part of the queue.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Failure, Kind
from . import frames, gate, mp_locks, mp_shared, recorder, serving
from .mp_feeders import Feeder, reader_turn, start_thread, starting, writer_turn
from .mp_pipes import SHORT_MS, is_ready
from .mp_semaphore_probe import PermitsProbe
from .mp_simple_queues import SimpleProbe, now
from .originals import get_ident, getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_OUT

PUT_WAIT, PUT, PUT_FAILED = int(Kind.PUT_WAIT), int(Kind.PUT), int(Kind.PUT_FAILED)
GET_WAIT, GET, GET_FAILED = int(Kind.GET_WAIT), int(Kind.GET), int(Kind.GET_FAILED)
SLEEP, SLEPT = int(Kind.SLEEP), int(Kind.SLEPT)
TASK_DONE = int(Kind.TASK_DONE)
QUEUE_JOIN, QUEUE_JOINED = int(Kind.QUEUE_JOIN), int(Kind.QUEUE_JOINED)
SHORT_S = SHORT_MS / 1000

Method = Callable[..., Any]


class QueueProbe(PermitsProbe):
    """Of a queue with a semaphore of free places, `raw`.  In its home also: a getter waits, a putter waits."""

    __slots__ = ("feeder",)

    def __init__(
        self, id_: int, slot: int, raw: Any, home: "memoryview[int]", top: int, identity: str
    ) -> None:
        super().__init__(id_, slot, raw, home, top)
        self.feeder = Feeder(id_, identity)

    def put(self, waited: int, frame: "FrameType | None") -> None:
        """A place has been taken; the item is still to come, so nobody can have got it yet."""
        depth = self.came_in()
        home = self.home
        if waited or home[2] or self.may_record():
            home[2] = 0
            self.write(PUT, waited, depth, frame)

    def got(self) -> None:
        """An item has been taken; its place is still to be given back."""
        self.n_out += 1
        recorder.words[self.word + S_OUT] = self.n_out
        since, now.since, now.getting = now.since, 0, None
        waited = max(perf_counter_ns() - since, 1) if since else 0
        home = self.home
        if waited or home[3] or self.may_record():
            home[3] = 0
            self.write(GET, waited, max(self.value() - 1, 0), now.frame)

    # what the reading end of its pipe tells (see `mp_pipes.PipeProbe`)

    def asks(self, kind: int, limit: int, frame: "FrameType | None", fd: int = -1) -> int:
        """The calling thread has to wait for its item; what it waits for in turn is one wait."""
        if now.getting is not self or now.since:
            return 0
        if fd >= 0 and now.limit < 0 and not self.may_record() and is_ready(fd, GET_WAIT, SHORT_MS):
            return 0
        self.home[2] = 1
        now.since = perf_counter_ns()
        self.write(GET_WAIT, now.limit, 0, now.frame, t_ns=now.since)
        return 0

    def received(self, start: int, frame: "FrameType | None") -> None:
        """The semaphore of free places will tell."""

    sends = received

    def failed(self, kind: int, start: int, error: "BaseException | None", frame: "FrameType | None") -> None:
        """`get` will tell."""


# -- whose queue ------------------------------------------------------------------------------------------


def _init(original: Method) -> Method:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        frame = getframe().f_back
        while frame is not None and frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is self:
            frame = frame.f_back  # of a subclass: the outermost call tells
        made = mp_shared.made_by_program(frame)
        _claim(self, mp_shared.maker(frame) if made else None)

    return init


def _setstate(original: Method) -> Method:
    def setstate(self: Any, state: Any) -> None:
        original(self, state)
        if mp_locks.identity_of(self._rlock):
            _claim(self, frames.acting(getframe().f_back))
        else:
            _claim(self, None)

    return setstate


def _claim(queue: Any, frame: "FrameType | None") -> None:
    """Silence the parts of `queue`; when it is the program's, let them tell what it does."""
    setattr(queue, PROBE, None)
    try:
        for name in "_rlock", "_wlock", "_sem", "_unfinished_tasks":
            part = getattr(queue, name, None)
            if part is not None:
                mp_locks.silence(part)
        condition = getattr(queue, "_cond", None)
        if condition is not None:
            mp_locks.silence_condition(condition)
        setattr(queue._reader, PROBE, False)
        setattr(queue._writer, PROBE, False)
        identity = mp_locks.identity_of(queue._rlock)
        if frame is not None and identity:
            _declare(queue, identity, frame)
    except Exception as error:
        recorder.fault("Queue", error)


def _declare(queue: Any, identity: str, frame: "FrameType | None") -> None:
    if not hasattr(queue, "_sem"):
        resource = recorder.declare_resource("queue", type(queue).__name__, frame, shared=identity)
        simple = SimpleProbe(resource.id, resource.slot)
        setattr(queue, PROBE, simple)
        for end in queue._reader, queue._writer:
            setattr(end, PROBE, simple)
        queue._rlock.acquire = reader_turn(queue._rlock._semlock, simple, GET_WAIT)
        if queue._wlock is not None:
            queue._wlock.acquire = writer_turn(queue._wlock._semlock, simple)
        return
    top = queue._maxsize
    home = mp_shared.home_of(identity, queue)
    bounded = top if top < queue._sem._semlock.SEM_VALUE_MAX else 0
    resource = recorder.declare_resource(
        "queue", type(queue).__name__, frame, shared=identity, capacity=bounded
    )
    probe = QueueProbe(resource.id, resource.slot, queue._sem._semlock, home, top, identity)
    setattr(queue, PROBE, probe)
    setattr(queue._reader, PROBE, probe)
    setattr(queue._writer, PROBE, probe.feeder)
    queue._rlock.acquire = reader_turn(queue._rlock._semlock, probe, GET_WAIT)
    if queue._wlock is not None:
        queue._wlock.acquire = writer_turn(queue._wlock._semlock, probe.feeder)
    queue._sem.acquire, queue._sem.release = _place_taken(probe), _place_given_back(probe)


# -- what its parts do ------------------------------------------------------------------------------------


def _place_taken(probe: QueueProbe) -> Method:
    take = probe.raw.acquire

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        frame = getframe().f_back
        waited = 0
        if recorder.words[recorder.W_GATE]:
            gate.stand(frame)
        if not take(False):
            if not block:
                if probe.may_record():
                    probe.write(PUT_FAILED, 0, int(Failure.BUSY), frame)
                return False
            start = perf_counter_ns()
            probe.home[3] = 1
            probe.write(PUT_WAIT, recorder.to_ns(timeout), 0, frame, t_ns=start)
            why = Failure.CANCELLED
            try:
                if not take(True, timeout):
                    why = Failure.TIMED_OUT
                    return False
                why = Failure.READY
            finally:
                waited = max(perf_counter_ns() - start, 1)
                if why is not Failure.READY:
                    probe.write(PUT_FAILED, waited, int(why), frame)
        probe.put(waited, frame)
        return True

    return acquire


def _place_given_back(probe: QueueProbe) -> Method:
    give = probe.raw.release

    def release() -> None:
        if now.getting is probe:
            probe.got()
        give()  # outside of `get`: an item that could not be pickled is dropped
        probe.note_value()

    return release


def _get(original: Method) -> Method:
    def get(self: Any, block: Any = True, timeout: Any = None) -> Any:
        probe = getattr(self, PROBE)
        if probe is None:
            return original(self, block, timeout)
        if recorder.words[recorder.W_GATE]:
            gate.stand(getframe().f_back)
        outer = now.getting, now.limit, now.since, now.frame
        now.getting, now.since, now.frame = probe, 0, getframe().f_back
        now.limit = recorder.to_ns(timeout) if block else 0
        try:
            return original(self, block, timeout)
        except BaseException as error:
            if now.getting is probe:  # it has not got one
                _failed(probe, error)
            raise
        finally:
            now.getting, now.limit, now.since, now.frame = outer

    return get


def _failed(probe: QueueProbe, error: BaseException) -> None:
    since = now.since
    if type(error).__name__ == "Empty":
        why = Failure.TIMED_OUT if since else Failure.BUSY
    else:
        why = Failure.REFUSED if isinstance(error, Exception) else Failure.CANCELLED
    if since or why is not Failure.BUSY or probe.may_record():
        waited = perf_counter_ns() - since if since else 0
        probe.write(GET_FAILED, waited, int(why), now.frame)


# -- JoinableQueue ----------------------------------------------------------------------------------------


def _task_done(original: Method) -> Method:
    """Written anew: only under its lock is the number that is left certain."""

    def task_done(self: Any) -> None:
        probe = getattr(self, PROBE)
        if probe is None:
            original(self)
            return
        with self._cond:
            if not self._unfinished_tasks.acquire(False):
                raise ValueError("task_done() called too many times")
            left = self._unfinished_tasks._semlock._get_value()
            if not left or probe.may_record():
                probe.write(TASK_DONE, 0, left, getframe().f_back)
            if not left:
                self._cond.notify_all()

    return task_done


def _join(original: Method) -> Method:
    def join(self: Any) -> None:
        probe = getattr(self, PROBE)
        if probe is None:
            original(self)
            return
        frame = getframe().f_back
        start = 0
        with self._cond:
            left = self._unfinished_tasks._semlock._get_value()
            if left:
                start = perf_counter_ns()
                probe.write(QUEUE_JOIN, 0, left, frame, t_ns=start)
                try:
                    self._cond.wait()
                finally:
                    probe.write(QUEUE_JOINED, perf_counter_ns() - start, 0, frame)
            elif probe.may_record():
                probe.write(QUEUE_JOINED, 0, 0, frame)

    return join


def install() -> None:
    from multiprocessing import queues

    frames.step_over(vars(queues))
    serving.finders["multiprocessing.queues", "_feed"] = lambda _: starting.get(get_ident(), 0)
    for cls in (queues.Queue, queues.SimpleQueue):
        setattr(cls, PROBE, None)
        wrap(cls, "__init__", _init)
        wrap(cls, "__setstate__", _setstate)
    wrap(queues.Queue, "get", _get)
    wrap(queues.Queue, "_start_thread", start_thread)
    joinable: Any = queues.JoinableQueue
    wrap(joinable, "__init__", _init)
    wrap(joinable, "__setstate__", _setstate)
    wrap(joinable, "task_done", _task_done)
    wrap(joinable, "join", _join)


frames.step_over(globals(), ours=True)

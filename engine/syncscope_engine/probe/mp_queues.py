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
from . import frames, mp_locks, mp_pipes, mp_shared, recorder, serving
from .mp_pipes import SHORT_MS, is_ready
from .mp_semaphore_probe import PermitsProbe
from .originals import get_ident, getframe, local, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT

PUT_WAIT, PUT, PUT_FAILED = int(Kind.PUT_WAIT), int(Kind.PUT), int(Kind.PUT_FAILED)
GET_WAIT, GET, GET_FAILED = int(Kind.GET_WAIT), int(Kind.GET), int(Kind.GET_FAILED)
SLEEP, SLEPT = int(Kind.SLEEP), int(Kind.SLEPT)
TASK_DONE = int(Kind.TASK_DONE)
QUEUE_JOIN, QUEUE_JOINED = int(Kind.QUEUE_JOIN), int(Kind.QUEUE_JOINED)
SHORT_S = SHORT_MS / 1000

Method = Callable[..., Any]


class _Now(local):
    """What the calling thread is doing: `getting` from this queue, with a time `limit`, waiting `since`."""

    getting: "Any" = None
    limit = -1
    since = 0
    frame: "FrameType | None" = None


now = _Now()


class QueueProbe(PermitsProbe):
    """Of a queue with a semaphore of free places, `raw`.  In its home also: a getter waits, a putter waits."""

    __slots__ = ("feeder",)

    def __init__(
        self, id_: int, slot: int, raw: Any, home: "memoryview[int]", top: int, identity: str
    ) -> None:
        super().__init__(id_, slot, raw, home, top)
        self.feeder = _Feeder(id_, identity)

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


class _Feeder:
    """The writing end of a queue's pipe: told of when its writer, the feeder, has to wait."""

    __slots__ = ("id", "identity", "queue")

    def __init__(self, queue: int, identity: str) -> None:
        self.queue = queue
        self.identity = identity
        self.id = 0

    def asks(self, kind: int, limit: int, frame: "FrameType | None", fd: int = -1) -> int:
        start = perf_counter_ns()
        if fd >= 0 and is_ready(fd, kind, SHORT_MS):
            return 0
        if not self.id:
            self.id = recorder.new_id()
            recorder.meta(
                k="resource", id=self.id, kind="pipe", type="Pipe", slot=0, code=0, lasti=0, up=[], store=None,
                holder=None, part_of=self.queue, shared=f"{self.identity}.pipe", t_ns=start,
            )  # fmt: skip
        recorder.emit(PUT_WAIT, self.id, limit, 0, None, 0, start)
        return start

    def sends(self, start: int, frame: "FrameType | None") -> None:
        if start:
            recorder.emit(PUT, self.id, max(perf_counter_ns() - start, 1))

    def failed(self, kind: int, start: int, error: "BaseException | None", frame: "FrameType | None") -> None:
        if start:
            why = Failure.REFUSED if error is not None else Failure.READY
            recorder.emit(kind, self.id, perf_counter_ns() - start, int(why))

    received = sends


class SimpleProbe(recorder.Resource):
    """Of a SimpleQueue, and of both ends of its pipe; the observer knows the depth."""

    __slots__ = ()

    def __init__(self, id_: int, slot: int) -> None:
        super().__init__(id_, slot)
        mp_shared.count_own(self)

    def asks(self, kind: int, limit: int, frame: "FrameType | None", fd: int = -1) -> int:
        if now.since:
            return 0
        if fd >= 0 and not self.may_record() and is_ready(fd, kind, SHORT_MS):
            return 0
        now.since = perf_counter_ns()
        recorder.emit(kind, self.id, limit, 0, frames.acting(frame), self.take_flags(), now.since)
        return now.since

    def sends(self, start: int, frame: "FrameType | None") -> None:
        self.n_in += 1
        recorder.words[self.word + S_IN] = self.n_in
        self._tell(PUT, mp_pipes.UNKNOWN, frame)

    def received(self, start: int, frame: "FrameType | None") -> None:
        self.n_out += 1
        recorder.words[self.word + S_OUT] = self.n_out
        self._tell(GET, mp_pipes.UNKNOWN, frame)

    def failed(self, kind: int, start: int, error: "BaseException | None", frame: "FrameType | None") -> None:
        if now.since:
            refused = isinstance(error, Exception)
            self._tell(kind, int(Failure.REFUSED if refused else Failure.CANCELLED), frame)

    def _tell(self, kind: int, b: int, frame: "FrameType | None") -> None:
        since, now.since = now.since, 0
        if since or self.may_record():
            waited = max(perf_counter_ns() - since, 1) if since else 0
            recorder.emit(kind, self.id, waited, b, frames.acting(frame), self.take_flags())


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
        queue._rlock.acquire = _reader_turn(queue._rlock._semlock, simple, GET_WAIT)
        if queue._wlock is not None:
            queue._wlock.acquire = _writer_turn(queue._wlock._semlock, simple)
        return
    top = queue._maxsize
    home = mp_shared.home_of(identity)
    bounded = top if top < queue._sem._semlock.SEM_VALUE_MAX else 0
    resource = recorder.declare_resource(
        "queue", type(queue).__name__, frame, shared=identity, capacity=bounded
    )
    probe = QueueProbe(resource.id, resource.slot, queue._sem._semlock, home, top, identity)
    setattr(queue, PROBE, probe)
    setattr(queue._reader, PROBE, probe)
    setattr(queue._writer, PROBE, probe.feeder)
    queue._rlock.acquire = _reader_turn(queue._rlock._semlock, probe, GET_WAIT)
    if queue._wlock is not None:
        queue._wlock.acquire = _writer_turn(queue._wlock._semlock, probe.feeder)
    queue._sem.acquire, queue._sem.release = _place_taken(probe), _place_given_back(probe)


# -- what its parts do ------------------------------------------------------------------------------------


def _reader_turn(raw: Any, probe: Any, kind: int) -> Method:
    """One process reads at a time: who waits for its turn waits for an item."""

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        if raw.acquire(False):
            return True
        if not block:
            return False
        probe.asks(kind, -1, getframe().f_back)
        try:
            return bool(raw.acquire(True, timeout))
        except BaseException as error:
            probe.failed(GET_FAILED, 0, error, None)
            raise

    return acquire


def _writer_turn(raw: Any, probe: Any) -> Method:
    """One process writes at a time: who waits for its turn waits for room."""

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        if raw.acquire(False) or (block and timeout is None and raw.acquire(True, SHORT_S)):
            return True
        if not block:
            return False
        start = probe.asks(PUT_WAIT, -1, getframe().f_back)
        try:
            got = bool(raw.acquire(True, timeout))
        except BaseException as error:
            probe.failed(PUT_FAILED, start, error, None)
            raise
        if type(probe) is _Feeder:
            probe.failed(PUT_FAILED, start, None, None)
        return got

    return acquire


def _place_taken(probe: QueueProbe) -> Method:
    take = probe.raw.acquire

    def acquire(block: Any = True, timeout: Any = None) -> bool:
        frame = getframe().f_back
        waited = 0
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


# -- the feeder -------------------------------------------------------------------------------------------

_starting: "dict[int, int]" = {}
"""Thread ident -> the queue whose feeder it starts at this moment."""


def _start_thread(original: Method) -> Method:
    def _start_thread(self: Any) -> None:
        probe = getattr(self, PROBE)
        if probe is None:
            original(self)
            return
        self._notempty.wait = _idle(type(self._notempty).wait, self._notempty)
        _starting[get_ident()] = probe.id
        try:
            original(self)
        finally:
            _starting.pop(get_ident(), None)

    return _start_thread


def _idle(bare: Method, condition: Any) -> Method:
    """The feeder has nothing to write: told of when it lasts."""

    def wait(timeout: Any = None) -> Any:
        if timeout is not None or bare(condition, SHORT_S):
            return bare(condition, timeout) if timeout is not None else True
        start = perf_counter_ns()
        recorder.emit(SLEEP, 0, -1, 0, None, 0, start)
        try:
            return bare(condition)
        finally:
            recorder.emit(SLEPT, 0, perf_counter_ns() - start)

    return wait


def install() -> None:
    from multiprocessing import queues

    frames.step_over(vars(queues))
    serving.finders["multiprocessing.queues", "_feed"] = lambda _: _starting.get(get_ident(), 0)
    for cls in (queues.Queue, queues.SimpleQueue):
        setattr(cls, PROBE, None)
        wrap(cls, "__init__", _init)
        wrap(cls, "__setstate__", _setstate)
    wrap(queues.Queue, "get", _get)
    wrap(queues.Queue, "_start_thread", _start_thread)
    joinable: Any = queues.JoinableQueue
    wrap(joinable, "__init__", _init)
    wrap(joinable, "__setstate__", _setstate)
    wrap(joinable, "task_done", _task_done)
    wrap(joinable, "join", _join)


frames.step_over(globals(), ours=True)

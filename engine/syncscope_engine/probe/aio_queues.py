"""asyncio's Queue, PriorityQueue and LifoQueue."""

from asyncio import queues
from types import FrameType
from typing import Any

from ..events import Failure, Kind
from . import aio_steps, aio_tasks, frames, recorder
from .aio_resources import AioProbe, asker, declare, making, probe_of
from .aio_steps import Asked
from .originals import getframe
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT, W_FRAME

words: "memoryview[int]"


def _opened() -> None:
    global words
    words = recorder.words


recorder.when_opened(_opened)


def _declare_queue(queue: Any, frame: "FrameType | None") -> None:
    maxsize = queue.maxsize
    declare("queue", queue, frame, capacity=maxsize if isinstance(maxsize, int) and maxsize > 0 else 0)


def _make_put(bare: Any) -> Any:
    async def put(self: Any, item: Any) -> Any:
        if PROBE in self.__dict__ and not self.full():
            return self.put_nowait(item)  # as the original does when it need not wait
        both = asker(self)
        if both is None:
            return await bare(self, item)
        probe = both[0]
        probe.n_asking += 1
        try:
            with Asked(both[1], Kind.PUT_WAIT, probe.id, Kind.PUT_FAILED, a=-1):
                return await bare(self, item)  # in the end, it calls put_nowait
        finally:
            probe.n_asking -= 1

    return put


def _make_get(bare: Any) -> Any:
    async def get(self: Any) -> Any:
        if PROBE in self.__dict__ and not self.empty():
            return self.get_nowait()  # as the original does when it need not wait
        both = asker(self)
        if both is None:
            return await bare(self)
        probe = both[0]
        probe.n_asking += 1
        try:
            with Asked(both[1], Kind.GET_WAIT, probe.id, Kind.GET_FAILED, a=-1):
                return await bare(self)  # in the end, it calls get_nowait
        finally:
            probe.n_asking -= 1

    return get


def _asked(probe: AioProbe, kind: Kind) -> "Asked | None":
    """What the running task waits for in this queue, when it is inside of its `put` or `get`."""
    steps = aio_steps.current() if probe.n_asking else None
    asked = steps.asked if steps is not None else None
    return asked if asked is not None and asked.obj == probe.id and asked.kind == kind else None


def _got(kind: Kind, probe: AioProbe, asked: "Asked | None", depth: int, frame: "FrameType | None") -> None:
    if asked is not None and asked.asked_ns:
        probe.record(kind, asked.waited(), depth, frame)
        asked.asked_ns = 0  # answered: what is raised from here on is not a failure to get it
    elif probe.may_record():
        probe.record(kind, 0, depth, frame)


def _make_put_nowait(bare: Any) -> Any:
    def put_nowait(self: Any, item: Any) -> None:
        probe = self.__dict__.get(PROBE)
        if probe is None or (aio_tasks.foreign and aio_tasks.foreign_loop_runs()):
            bare(self, item)
            return
        asked = _asked(probe, Kind.PUT_WAIT) if probe.n_asking else None
        try:
            bare(self, item)
        except Exception as error:
            if asked is None:
                _refused(Kind.PUT_FAILED, probe, error, getframe().f_back)
            raise
        depth = self.qsize()
        probe.n_in = n = probe.n_in + 1
        words[probe.word] = depth
        words[probe.word + S_IN] = n
        if asked is None and words[W_FRAME] == probe.quiet:
            probe.n_missed += 1
        else:
            _got(Kind.PUT, probe, asked, depth, getframe().f_back)

    return put_nowait


def _make_get_nowait(bare: Any) -> Any:
    def get_nowait(self: Any) -> Any:
        probe = self.__dict__.get(PROBE)
        if probe is None or (aio_tasks.foreign and aio_tasks.foreign_loop_runs()):
            return bare(self)
        asked = _asked(probe, Kind.GET_WAIT) if probe.n_asking else None
        try:
            item = bare(self)
        except Exception as error:
            if asked is None:
                _refused(Kind.GET_FAILED, probe, error, getframe().f_back)
            raise
        depth = self.qsize()
        probe.n_out = n = probe.n_out + 1
        words[probe.word] = depth
        words[probe.word + S_OUT] = n
        if asked is None and words[W_FRAME] == probe.quiet:
            probe.n_missed += 1
        else:
            _got(Kind.GET, probe, asked, depth, getframe().f_back)
        return item

    return get_nowait


def _refused(kind: Kind, probe: AioProbe, error: Exception, frame: "FrameType | None") -> None:
    if probe.may_record():
        busy = isinstance(error, (queues.QueueFull, queues.QueueEmpty))
        probe.record(kind, 0, Failure.BUSY if busy else Failure.REFUSED, frame)


def _make_task_done(bare: Any) -> Any:
    def task_done(self: Any) -> None:
        bare(self)
        probe = probe_of(self)
        if probe is not None and (not self._unfinished_tasks or probe.may_record()):
            probe.record(Kind.TASK_DONE, 0, self._unfinished_tasks, getframe().f_back)

    return task_done


def _make_join(bare: Any) -> Any:
    async def join(self: Any) -> Any:
        both = asker(self)
        if both is None:
            return await bare(self)
        probe = both[0]
        asked = Asked(both[1], Kind.QUEUE_JOIN, probe.id, Kind.QUEUE_JOINED, b=self._unfinished_tasks)
        with asked:
            result = await bare(self)
        if asked.asked_ns or probe.may_record():
            probe.record(Kind.QUEUE_JOINED, asked.waited(), 0, getframe().f_back)
        return result

    return join


def install() -> None:
    wrap(queues.Queue, "__init__", making(_declare_queue))
    wrap(queues.Queue, "put", _make_put)
    wrap(queues.Queue, "get", _make_get)
    wrap(queues.Queue, "put_nowait", _make_put_nowait)
    wrap(queues.Queue, "get_nowait", _make_get_nowait)
    wrap(queues.Queue, "task_done", _make_task_done)
    wrap(queues.Queue, "join", _make_join)


frames.step_over(globals(), ours=True)

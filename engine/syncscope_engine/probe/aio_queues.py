"""asyncio's Queue, PriorityQueue and LifoQueue."""

from asyncio import queues
from types import FrameType
from typing import Any

from ..events import Failure, Kind
from . import aio_steps, frames
from .aio_resources import Plain, asker, count_in, count_out, declare, making, probe_of, record
from .aio_steps import Asked
from .originals import getframe
from .patching import PROBE, wrap
from .recorder import Resource


def _declare_queue(queue: Any, frame: "FrameType | None") -> None:
    maxsize = queue.maxsize
    capacity = maxsize if isinstance(maxsize, int) and maxsize > 0 else 0
    queue.__dict__[PROBE] = Plain(declare("queue", queue, frame, capacity=capacity))


def _make_waiting(bare: Any, asks: Kind, failed: Kind) -> Any:
    """Wrapper of `put` or `get`.  What they get when the wait is over, `put_nowait` or `get_nowait` records."""

    async def wait(self: Any, *args: Any) -> Any:
        both = asker(self, Plain)
        if both is None:
            return await bare(self, *args)
        with Asked(both[1], asks, both[0].resource.id, failed, a=-1):
            return await bare(self, *args)

    return wait


def _make_put(bare: Any) -> Any:
    waiting = _make_waiting(bare, Kind.PUT_WAIT, Kind.PUT_FAILED)

    async def put(self: Any, item: Any) -> Any:
        return await waiting(self, item)

    return put


def _make_get(bare: Any) -> Any:
    waiting = _make_waiting(bare, Kind.GET_WAIT, Kind.GET_FAILED)

    async def get(self: Any) -> Any:
        return await waiting(self)

    return get


def _asked(resource: Resource, kind: Kind) -> "Asked | None":
    """What the running task waits for in this queue, when it is inside of its `put` or `get`."""
    steps = aio_steps.current()
    asked = steps.asked if steps is not None else None
    return asked if asked is not None and asked.obj == resource.id and asked.kind == kind else None


def _got(
    kind: Kind, resource: Resource, asked: "Asked | None", depth: int, frame: "FrameType | None"
) -> None:
    if asked is not None and asked.asked_ns:
        record(kind, resource, asked.waited(), depth, frame)
        asked.asked_ns = 0  # answered: what is raised from here on is not a failure to get it
    elif resource.may_record():
        record(kind, resource, 0, depth, frame)


def _make_put_nowait(bare: Any) -> Any:
    def put_nowait(self: Any, item: Any) -> None:
        probe = probe_of(self, Plain)
        if probe is None:
            bare(self, item)
            return
        resource = probe.resource
        asked = _asked(resource, Kind.PUT_WAIT)
        try:
            bare(self, item)
        except Exception as error:
            if asked is None:
                _refused(Kind.PUT_FAILED, resource, error, getframe().f_back)
            raise
        depth = self.qsize()
        count_in(resource, depth)
        _got(Kind.PUT, resource, asked, depth, getframe().f_back)

    return put_nowait


def _make_get_nowait(bare: Any) -> Any:
    def get_nowait(self: Any) -> Any:
        probe = probe_of(self, Plain)
        if probe is None:
            return bare(self)
        resource = probe.resource
        asked = _asked(resource, Kind.GET_WAIT)
        try:
            item = bare(self)
        except Exception as error:
            if asked is None:
                _refused(Kind.GET_FAILED, resource, error, getframe().f_back)
            raise
        depth = self.qsize()
        count_out(resource, depth)
        _got(Kind.GET, resource, asked, depth, getframe().f_back)
        return item

    return get_nowait


def _refused(kind: Kind, resource: Resource, error: Exception, frame: "FrameType | None") -> None:
    if resource.may_record():
        busy = isinstance(error, (queues.QueueFull, queues.QueueEmpty))
        record(kind, resource, 0, Failure.BUSY if busy else Failure.REFUSED, frame)


def _make_task_done(bare: Any) -> Any:
    def task_done(self: Any) -> None:
        bare(self)
        probe = probe_of(self, Plain)
        if probe is not None and (not self._unfinished_tasks or probe.resource.may_record()):
            record(Kind.TASK_DONE, probe.resource, 0, self._unfinished_tasks, getframe().f_back)

    return task_done


def _make_join(bare: Any) -> Any:
    async def join(self: Any) -> Any:
        both = asker(self, Plain)
        if both is None:
            return await bare(self)
        resource = both[0].resource
        asked = Asked(both[1], Kind.QUEUE_JOIN, resource.id, Kind.QUEUE_JOINED, b=self._unfinished_tasks)
        with asked:
            result = await bare(self)
        if asked.asked_ns or resource.may_record():
            record(Kind.QUEUE_JOINED, resource, asked.waited(), 0, getframe().f_back)
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

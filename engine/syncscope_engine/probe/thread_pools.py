"""ThreadPoolExecutor: what is submitted, who works for it, who of them waits for work."""

import queue
from collections.abc import Callable
from types import FrameType
from typing import Any

from . import frames, futures, gate, recorder, serving, simple_queue
from .calls import quick_call_of
from .executors import ExecutorProbe
from .originals import getframe
from .patching import PROBE, wrap
from .pool_workers import wait_for_work

_Raw: Any = simple_queue._Raw


class WorkQueue(_Raw):  # type: ignore[misc]
    """Of a ThreadPoolExecutor: a worker that finds it empty waits for work of the executor."""

    __slots__ = ("_of",)
    _of: ExecutorProbe

    def get(self, block: Any = True, timeout: Any = None) -> Any:
        if not block or timeout is not None:
            return _Raw.get(self, block, timeout)
        try:
            return _Raw.get(self, False)
        except queue.Empty:
            pass
        return wait_for_work(self._of.id, super().get)


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        try:
            _declare(self, getframe().f_back)
        except Exception as error:
            recorder.fault("ThreadPoolExecutor", error)

    return init


def _declare(executor: Any, frame: "FrameType | None") -> None:
    resource = recorder.declare_resource(
        "executor", type(executor).__name__, frame, capacity=executor._max_workers
    )
    probe = ExecutorProbe(resource.id, resource.slot)
    setattr(executor, PROBE, probe)
    if type(executor._work_queue) is _Raw:
        executor._work_queue = work = WorkQueue()
        work._of = probe


def _submitted(future: "futures.FutureProbe", frame: FrameType) -> None:
    names = frame.f_locals
    pool = getattr(names["self"], PROBE)
    if pool is not None:
        future.call = quick_call_of(names["fn"], names["args"], names["kwargs"])
        pool.take(future, frame.f_back)


def _executor_of(thread: Any) -> int:
    """Which executor a thread that runs `_worker` works for; its arguments tell."""
    executor = thread._args[0]()
    probe = getattr(executor, PROBE, None)
    return probe.id if probe is not None else 0


def install() -> None:
    from concurrent.futures import thread

    frames.step_over(vars(thread))
    executor = thread.ThreadPoolExecutor
    setattr(executor, PROBE, None)
    wrap(executor, "__init__", _init)
    futures.submitters[id(executor.submit.__code__)] = _submitted
    gate.before(executor, "submit")
    serving.finders["concurrent.futures.thread", "_worker"] = _executor_of


frames.step_over(globals(), ours=True)

"""ProcessPoolExecutor: its calls here, and in its worker processes.

A worker takes a call from a queue that is filled ahead, so this process does not see when.  The worker tells
(`pool_workers`); for the count of calls that wait, as many as there are workers count as taken.
"""

import itertools
import queue
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from . import frames, futures, gate, recorder, serving
from .calls import Call, call_of, chunk_of
from .executors import ExecutorProbe
from .originals import get_ident, getframe
from .patching import PROBE, wrap
from .pool_workers import RemoteWorker, guarded, wait_for_work

_next_number = itertools.count(1).__next__
_process_result_item: CodeType
_process_chunk: Any
_worker: "RemoteWorker | None" = None
"""In a worker process."""


class ProcessPoolProbe(ExecutorProbe):
    __slots__ = ("n_workers",)

    def __init__(self, id_: int, slot: int, shared: str, n_workers: int) -> None:
        super().__init__(id_, slot, False, shared)
        self.n_workers = n_workers

    def submitted(self, n: int = 1) -> None:
        self.n_in += n
        self.store()

    def picked(self, told: bool) -> None:
        pass

    def resolved(self, was_waiting: bool, told: bool) -> None:
        self.n_out += 1
        self.store()
        if not told:
            self.drop(1)

    def store(self) -> None:
        words, word = recorder.words, self.word
        waiting = self.n_in - self.n_out - self.n_workers
        self.n_waiting = waiting = waiting if waiting > 0 else 0
        words[word + recorder.S_IN] = self.n_in
        words[word + recorder.S_OUT] = self.n_out
        words[word + recorder.S_VALUE] = waiting | self.n_out << 32

    def is_told_elsewhere(self, frame: FrameType) -> bool:
        setter = frame.f_back
        return setter is not None and setter.f_code is _process_result_item


def declare(executor: Any, type_: str, n_workers: int, frame: "FrameType | None") -> ProcessPoolProbe:
    """A pool of processes that is made at `frame`."""
    shared = f"pool-{recorder.pid}-{_next_number()}"
    resource = recorder.declare_resource(
        "executor", type(executor).__name__, frame, capacity=n_workers, shared=shared
    )
    probe = ProcessPoolProbe(resource.id, resource.slot, shared, n_workers)
    serving.identities[probe.id] = shared, type(executor).__name__, type_
    return probe


def starting_workers_of(probe: "ExecutorProbe | None", start: Callable[[], Any]) -> Any:
    """The processes that `start` starts work for the pool."""
    if probe is None:
        return start()
    ident, pid = get_ident(), recorder.pid
    serving.now[ident] = probe.id
    try:
        return start()
    finally:
        if recorder.pid == pid:
            serving.now.pop(ident, None)


# -- in the pool's process --------------------------------------------------------------------------------


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        try:
            setattr(self, PROBE, declare(self, "Future", self._max_workers, getframe().f_back))
        except Exception as error:
            recorder.fault("ProcessPoolExecutor", error)

    return init


def _submitted(future: "futures.FutureProbe", frame: FrameType) -> None:
    names = frame.f_locals
    pool = getattr(names["self"], PROBE)
    if pool is not None:
        future.call = _call(names["fn"], names["args"], bool(names["kwargs"]))
        future.shared = f"{pool.shared}.{names['self']._queue_count}"
        pool.take(future, frame.f_back)


def _call(function: Any, args: "tuple[Any, ...]", more: bool) -> Call:
    if type(function).__name__ == "partial" and function.func is _process_chunk and len(args) == 1:
        return chunk_of(function.args[0], args[0])
    return call_of(function, args, more)


def _spawn_process(original: Callable[..., None]) -> Callable[..., None]:
    def _spawn_process(self: Any) -> None:
        starting_workers_of(getattr(self, PROBE), lambda: original(self))

    return _spawn_process


def _executor_of_manager(thread: Any) -> int:
    probe = getattr(thread.executor_reference(), PROBE, None)
    return probe.id if probe is not None else 0


# -- in a worker ------------------------------------------------------------------------------------------


def _make_worker(original: Callable[..., None]) -> Callable[..., None]:
    def _process_worker(call_queue: Any, *args: Any, **kwargs: Any) -> None:
        global _worker
        identity, serving.mine = serving.mine, None
        if identity is not None:
            try:
                _worker = RemoteWorker(identity)
                call_queue.get = _make_get(call_queue.get, _worker)
            except Exception as error:
                recorder.fault("_process_worker", error)
        original(call_queue, *args, **kwargs)

    return _process_worker


def _make_get(bare: Any, worker: RemoteWorker) -> Callable[..., Any]:
    def get(block: Any = True, timeout: Any = None) -> Any:
        if not block or timeout is not None:
            return bare(block, timeout)
        try:
            item = bare(False)
        except queue.Empty:
            item = wait_for_work(worker.executor, bare)
        if item is not None:
            guarded(lambda: worker.takes(str(item.work_id), _call(item.fn, item.args, bool(item.kwargs))))
        return item

    return get


def _make_sendback(original: Callable[..., None]) -> Callable[..., None]:
    def _sendback_result(
        result_queue: Any, work_id: Any, result: Any = None, exception: Any = None, **kwargs: Any
    ) -> None:
        if _worker is not None:
            guarded(_worker.ends, exception is not None)
        original(result_queue, work_id, result=result, exception=exception, **kwargs)

    return _sendback_result


def install() -> None:
    from concurrent.futures import process

    global _process_result_item, _process_chunk
    module: Any = process
    frames.step_over(vars(process))
    _process_result_item = module._ExecutorManagerThread.process_result_item.__code__
    _process_chunk = module._process_chunk
    executor = process.ProcessPoolExecutor
    setattr(executor, PROBE, None)
    wrap(executor, "__init__", _init)
    wrap(executor, "_spawn_process", _spawn_process)
    futures.submitters[id(executor.submit.__code__)] = _submitted
    gate.before(executor, "submit")
    serving.finders["concurrent.futures.process", "run"] = _executor_of_manager
    for name, make in ("_process_worker", _make_worker), ("_sendback_result", _make_sendback):
        original = getattr(module, name)
        new: Any = make(original)
        new.__module__, new.__qualname__ = original.__module__, original.__qualname__
        setattr(module, name, new)


frames.step_over(globals(), ours=True)

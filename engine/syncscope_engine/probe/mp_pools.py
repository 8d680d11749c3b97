"""multiprocessing.Pool and ThreadPool: who submits, who works, who waits for results.

The objects on which their results block get classes of ours, so no frame of ours is in a traceback that the
program sees.  What a killed worker had in hand never comes back: so it is with multiprocessing, and shown so.
"""

import os
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any

from . import frames, recorder, serving
from .calls import Call, call_of, chunk_of
from .executors import ExecutorProbe
from .futures import DONE, FAILED, PENDING, RUNNING
from .mp_jobs import Job
from .originals import getframe
from .patching import PROBE, wrap
from .pool_workers import RemoteWorker, guarded, wait_for_work
from .process_pools import declare, starting_workers_of

_of_inqueue: "weakref.WeakKeyDictionary[Any, ExecutorProbe]" = weakref.WeakKeyDictionary()
_original_event_wait: "Callable[..., bool]"
_original_cond_wait: "Callable[..., bool]"
_mapstar: Any
_starmapstar: Any
_get: CodeType
_next: CodeType
_sets: "frozenset[int]"
"""ids of the codes of the methods by which an iterator takes a result in."""
_handle_tasks: CodeType


# -- pools ------------------------------------------------------------------------------------------------


def _setup_queues(original: Callable[..., None]) -> Callable[..., None]:
    def _setup_queues(self: Any) -> None:
        original(self)
        try:
            _declare(self, getframe().f_back)
        except Exception as error:
            recorder.fault("Pool", error)

    return _setup_queues


def _declare(pool: Any, frame: "FrameType | None") -> None:
    n = frame.f_locals.get("processes") if frame is not None else None
    n = n if isinstance(n, int) else getattr(os, "process_cpu_count", os.cpu_count)() or 1
    frame = frames.acting(frame)
    if type(pool._inqueue).__module__ == "multiprocessing.queues":
        probe: ExecutorProbe = declare(pool, "Future", n, frame)
    else:
        resource = recorder.declare_resource("executor", type(pool).__name__, frame, capacity=n)
        probe = ExecutorProbe(resource.id, resource.slot)
    _of_inqueue[pool._inqueue] = probe
    setattr(pool, PROBE, probe)


def _make_repopulate(original: Any) -> Any:
    def _repopulate_pool_static(
        ctx: Any, process: Any, n: Any, pool: Any, inqueue: Any, *args: Any, **kwargs: Any
    ) -> Any:
        return starting_workers_of(
            _of_inqueue.get(inqueue),
            lambda: original(ctx, process, n, pool, inqueue, *args, **kwargs),
        )

    return staticmethod(_repopulate_pool_static)


def _executor_of(thread: Any) -> int:
    probe = _of_inqueue.get(thread._args[0])
    return probe.id if probe is not None else 0


# -- jobs -------------------------------------------------------------------------------------------------


def _result_init(original: Callable[..., None]) -> Callable[..., None]:
    """Of the results of `apply_async` and `map_async`."""

    def init(self: Any, pool: Any, *args: Any, **kwargs: Any) -> None:
        original(self, pool, *args, **kwargs)
        try:
            frame = getframe().f_back
            if frame is not None and getattr(pool, PROBE) is not None and frame.f_code in _BEGINNERS:
                _begin(self, getattr(pool, PROBE), frame)
        except Exception as error:
            recorder.fault("AsyncResult", error)

    return init


_BEGINNERS: "set[CodeType]" = set()
"""`Pool.apply_async`, `Pool._map_async`: what makes a result and submits its calls."""


def _begin(result: Any, pool: ExecutorProbe, frame: FrameType) -> None:
    names = frame.f_locals
    n: int = getattr(result, "_number_left", 1)
    if "mapper" in names:
        given, size, is_star = names["iterable"], names["chunksize"], names["mapper"] is _starmapstar
        items = given if type(given) in (list, tuple, range) else ()
        describe = _describe_chunks(names["func"], items, len(given), size, is_star)
    else:
        call = call_of(names["func"], tuple(names["args"]), bool(names["kwds"]))

        def describe(i: int) -> Call:
            return call

    job = _new_job(pool, result._job, describe)
    setattr(result, PROBE, job)
    result._event._job = job
    result._event.__class__ = JobEvent
    job.submit(n, frame.f_back)


def _new_job(pool: ExecutorProbe, number: int, describe: "Callable[[int], Call]") -> Job:
    job = Job(pool, number, describe)
    if pool.runs_here:
        _jobs_of.setdefault(pool.id, weakref.WeakValueDictionary())[number] = job
    return job


def _describe_chunks(function: Any, items: Any, n: int, size: int, is_star: bool) -> "Callable[[int], Call]":
    """Keeps only what may be shown: the arguments of the program shall not live longer for us."""
    name = call_of(function, ())
    shown = [_call(function, (item,), is_star) for item in items[:64]] if size == 1 else []

    def describe(i: int) -> Call:
        if i < len(shown):
            return shown[i]
        if size == 1:
            return name[0], (), True
        return f"{name[0]} \N{MULTIPLICATION SIGN} {min(size, n - i * size)}", (), False

    return describe


def _call(function: Any, chunk: "tuple[Any, ...]", is_star: bool) -> Call:
    if len(chunk) != 1:
        return chunk_of(function, chunk)
    args = chunk if not is_star else chunk[0]
    return call_of(function, args if isinstance(args, tuple) else (object(),))


def _iterator_init(original: Callable[..., None]) -> Callable[..., None]:
    """Of the results of `imap` and `imap_unordered`, whose calls are submitted one after the other."""

    def init(self: Any, pool: Any, *args: Any, **kwargs: Any) -> None:
        from collections import deque

        original(self, pool, *args, **kwargs)
        try:
            frame, probe = getframe().f_back, getattr(pool, PROBE)
            if frame is None or probe is None:
                return
            job = _new_job(probe, self._job, _describe_chunks(frame.f_locals.get("func"), (), 0, 1, False))
            job.is_lazy = True
            job.order = deque() if "Unordered" in type(self).__name__ else None
            setattr(self, PROBE, job)
            self._cond._job = job
            self._cond.__class__ = JobCondition
        except Exception as error:
            recorder.fault("imap", error)

    return init


def _generation(original: Callable[..., Any]) -> Callable[..., Any]:
    def _guarded_task_generation(self: Any, result_job: Any, func: Any, iterable: Any) -> Iterator[Any]:
        tasks = original(self, result_job, func, iterable)
        job = getattr(self._cache.get(result_job), PROBE, None)
        return tasks if job is None or not job.is_lazy else _submitting(tasks, job)

    return _guarded_task_generation


def _submitting(tasks: "Iterator[Any]", job: Job) -> "Iterator[Any]":
    for task in tasks:
        try:
            call = _call_of_task(task)
            job.describe = lambda i, call=call: call  # type: ignore[misc]
            job.submit(1, None)
        except Exception as error:
            recorder.fault("imap", error)
        yield task


def _call_of_task(task: Any) -> Call:
    _, _, function, args, kwds = task
    if (function is _mapstar or function is _starmapstar) and len(args) == 1:
        return _call(args[0][0], args[0][1], function is _starmapstar)
    return call_of(function, args, bool(kwds))


# -- results ----------------------------------------------------------------------------------------------


def _set(original: Callable[..., None]) -> Callable[..., None]:
    """Of `apply_async` and `map_async`: a call has come back."""

    def _set(self: Any, i: Any, obj: Any) -> None:
        job: Job | None = getattr(self, PROBE)
        if job is not None:
            try:
                _came(job, i, obj, getframe().f_back)
                if self._error_callback is not None and not obj[0]:
                    job.read((i,), None)
            except Exception as error:
                recorder.fault("AsyncResult", error)
        original(self, i, obj)

    return _set


def _came(job: Job, i: int, obj: Any, setter: "FrameType | None") -> None:
    """What could not be sent to a worker, no worker has told of."""
    job.came(i, bool(obj[0]), told=setter is None or setter.f_code is not _handle_tasks)


class JobEvent(threading.Event):
    _job: Job

    def wait(self, timeout: "float | None" = None) -> bool:
        job = self._job
        waiter = getframe().f_back
        asker = waiter.f_back if waiter is not None else None
        frame = frames.acting(asker)
        i = job.first_pending()
        patient = not (isinstance(timeout, (int, float)) and timeout <= 0)
        if self._flag or i < 0 or not patient:  # type: ignore[attr-defined]
            is_set = _original_event_wait(self, timeout)
        else:
            is_set = job.wait(lambda: _original_event_wait(self, timeout), timeout, i, frame)
        if is_set and asker is not None and asker.f_code is _get:
            job.read(list(job.calls), frame)
        return is_set


class JobCondition(threading.Condition):
    _job: Job

    def __enter__(self) -> bool:
        entered: bool = self._lock.__enter__()  # type: ignore[attr-defined]
        frame = getframe(1)
        try:
            if frame.f_code is _next:
                self._give(frame)
            elif id(frame.f_code) in _sets:
                _came(self._job, frame.f_locals["i"], frame.f_locals["obj"], frame.f_back)
        except Exception as error:
            recorder.fault("imap", error)
        except BaseException:
            self._lock.__exit__(None, None, None)  # type: ignore[attr-defined]
            raise
        return entered

    def wait(self, timeout: "float | None" = None) -> bool:
        frame = getframe(1)
        if frame.f_code is not _next:
            return _original_cond_wait(self, timeout)
        job = self._job
        i = job.given if job.order is None and job.given < len(job.done) else job.first_pending()
        if i >= 0:
            asker = frames.acting(frame.f_back)
            answer = bool(job.wait(lambda: _original_cond_wait(self, timeout), timeout, i, asker))
        else:
            answer = _original_cond_wait(self, timeout)
        self._give(frame)
        return answer

    def _give(self, frame: FrameType) -> None:
        """`next` gives out what has come, if something has."""
        job = self._job
        if job.order is not None:
            if not job.order:
                return
            i = job.order.popleft()
        else:
            i = job.given
            if i >= len(job.done) or not job.done[i]:
                return
            job.given += 1
        job.read((i,), frames.acting(frame.f_back))


# -- workers ----------------------------------------------------------------------------------------------


class _ThreadWorker:
    """A worker of a ThreadPool, in the process of its jobs."""

    def __init__(self, pool: ExecutorProbe) -> None:
        self.executor = pool.id
        self._pool = pool
        self._job: Job | None = None
        self._i = 0

    def takes(self, job: "Job | None", i: int) -> None:
        self._job, self._i = job, i
        future = job.calls.get(i) if job is not None else None
        if future is not None:
            future.picked()
        else:
            self._pool.picked(False)

    def ends(self, failed: bool) -> None:
        job, self._job = self._job, None
        if job is not None and (failed or self._i in job.calls):
            future = job.future(self._i)
            if future.stage == PENDING:  # it was not told of when it was taken
                future.stage = RUNNING
            future.resolved(FAILED if failed else DONE)
        else:
            self._pool.resolved(False, False)


class _Box:
    """A queue of a pool, for a worker that shall tell what it takes and what it gives."""

    def __init__(self, raw: Any, **methods: Any) -> None:
        self.__dict__.update(methods, _raw=raw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_raw"], name)


def _make_worker(original: Callable[..., None]) -> Callable[..., None]:
    def worker(inqueue: Any, outqueue: Any, *args: Any, **kwargs: Any) -> None:
        identity, serving.mine = serving.mine, None
        try:
            if identity is not None:
                inqueue, outqueue = _boxes_of_process(inqueue, outqueue, RemoteWorker(identity))
            elif inqueue in _of_inqueue and _of_inqueue[inqueue].runs_here:
                inqueue, outqueue = _boxes_of_thread(inqueue, outqueue, _of_inqueue[inqueue])
        except Exception as error:
            recorder.fault("Pool worker", error)
        original(inqueue, outqueue, *args, **kwargs)

    return worker


def _boxes_of_process(inqueue: Any, outqueue: Any, worker: RemoteWorker) -> "tuple[Any, Any]":
    def get() -> Any:
        if inqueue._rlock.acquire(False):
            try:
                data = inqueue._reader.recv_bytes() if inqueue._reader.poll() else None
            finally:
                inqueue._rlock.release()
            task = loads(data) if data is not None else wait_for_work(worker.executor, inqueue.get)
        else:
            task = wait_for_work(worker.executor, inqueue.get)
        if task is not None:
            guarded(lambda: worker.takes(f"{task[0]}.{task[1]}", _call_of_task(task)))
        return task

    def put(item: Any) -> None:
        guarded(worker.ends, not item[2][0])
        outqueue.put(item)

    from multiprocessing.reduction import ForkingPickler

    loads: Any = ForkingPickler.loads
    return _Box(inqueue, get=get), _Box(outqueue, put=put)


def _boxes_of_thread(inqueue: Any, outqueue: Any, pool: ExecutorProbe) -> "tuple[Any, Any]":
    worker = _ThreadWorker(pool)

    def get() -> Any:
        try:
            task = inqueue.get(False)
        except queue.Empty:
            task = wait_for_work(pool.id, inqueue.get)
        if task is not None:
            guarded(worker.takes, jobs.get(task[0]), task[1])
        return task

    def put(item: Any) -> None:
        guarded(worker.ends, not item[2][0])
        outqueue.put(item)

    jobs = _jobs_of.setdefault(pool.id, weakref.WeakValueDictionary())
    return _Box(inqueue, get=get), _Box(outqueue, put=put)


_jobs_of: "dict[int, weakref.WeakValueDictionary[int, Job]]" = {}


def install() -> None:
    from multiprocessing import pool

    global \
        _original_event_wait, \
        _original_cond_wait, \
        _mapstar, \
        _starmapstar, \
        _get, \
        _next, \
        _sets, \
        _handle_tasks
    module: Any = pool
    frames.step_over(vars(pool))
    _original_event_wait = getattr(threading.Event.wait, "__wrapped__", threading.Event.wait)
    _original_cond_wait = getattr(threading.Condition.wait, "__wrapped__", threading.Condition.wait)
    _mapstar, _starmapstar = module.mapstar, module.starmapstar
    _get, _next = module.ApplyResult.get.__code__, module.IMapIterator.next.__code__
    _handle_tasks = module.Pool._handle_tasks.__code__
    iterators = (module.IMapIterator, module.IMapUnorderedIterator)
    _sets = frozenset(id(iterator._set.__code__) for iterator in iterators)
    _BEGINNERS.update((module.Pool.apply_async.__code__, module.Pool._map_async.__code__))
    for cls in (module.Pool, module.ApplyResult, module.IMapIterator):
        setattr(cls, PROBE, None)
    wrap(module.Pool, "_setup_queues", _setup_queues)
    wrap(module.ThreadPool, "_setup_queues", _setup_queues)
    wrap(module.Pool, "_guarded_task_generation", _generation)
    wrap(module.ApplyResult, "__init__", _result_init)
    wrap(module.MapResult, "__init__", _result_init)
    wrap(module.ApplyResult, "_set", _set)
    wrap(module.MapResult, "_set", _set)
    wrap(module.IMapIterator, "__init__", _iterator_init)
    module.Pool._repopulate_pool_static = _make_repopulate(module.Pool._repopulate_pool_static)
    serving.finders["multiprocessing.pool", "worker"] = _executor_of
    worker = _make_worker(module.worker)
    worker.__module__, worker.__qualname__ = module.worker.__module__, module.worker.__qualname__
    module.worker = worker


for _cls, _name in (JobEvent, "Event"), (JobCondition, "Condition"):
    _cls.__name__ = _cls.__qualname__ = _name
    _cls.__module__ = "threading"
frames.step_over(globals(), ours=True)

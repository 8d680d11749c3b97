"""One recording of N events in a fresh process: `python -m benchmarks.tape_run N FOLDER`; a line of JSON.

The events are those of a program that never stops working: ten threads and ten asyncio tasks that pass a lock,
a semaphore, a queue and a variable around, mostly waiting for each other, 10 µs apart.  Times are processor time: what else the machine does is not in them.
"""

import gc
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from syncscope_engine.events import Event, Kind
from syncscope_engine.recording import Recording
from syncscope_engine.replay import analyse
from syncscope_engine.tables import Place, ResourceInfo, ResourceKind, Tables, TaskInfo

BATCH = 2000
"""Events that a poll of a busy program brings."""
STEP_NS = 10_000
START_NS = 1_000_000_000
N_THREADS = 10
MOMENTS = 400
_PROCESS, _MAIN, _FIRST = 1, 2, 3
_LOCK, _SEMAPHORE, _QUEUE, _VARIABLE = 101, 102, 103, 104
_KINDS: dict[int, ResourceKind] = {
    _LOCK: "lock", _SEMAPHORE: "semaphore", _QUEUE: "queue", _VARIABLE: "variable",
}  # fmt: skip


def fill(tables: Tables) -> None:
    tables.python, tables.start_ns, tables.cost_ns = "3.11", START_NS, 700
    tables.tasks[_PROCESS] = TaskInfo(_PROCESS, "process", "main", process=_PROCESS, pid=1000)
    tables.tasks[_MAIN] = TaskInfo(_MAIN, "thread", "MainThread", _PROCESS, process=_PROCESS)
    for i in range(N_THREADS):
        thread, task = _FIRST + i, _FIRST + N_THREADS + i
        tables.tasks[thread] = TaskInfo(thread, "thread", f"worker-{i}", _PROCESS, _MAIN, _PROCESS)
        tables.tasks[task] = TaskInfo(task, "asyncio", f"Task-{i}", _MAIN, _MAIN, _PROCESS)
    for id_, kind in _KINDS.items():
        capacity = 3 if kind == "semaphore" else 0
        tables.resources[id_] = ResourceInfo(id_, kind, kind, process=_PROCESS, capacity=capacity)
    for line in range(1, 40):
        tables.places[line] = Place(line, "/program.py", line, "work")


def _acts() -> Iterator[tuple[int, int, int, int, int, int, int]]:
    """kind, task, obj, place, a, b, thread"""
    threads = range(_FIRST, _FIRST + N_THREADS)
    yield Kind.START, _PROCESS, _PROCESS, 0, 0, 0, _PROCESS
    yield Kind.START, _MAIN, _MAIN, 0, 0, 0, _MAIN
    for thread in threads:
        yield Kind.SPAWN, _MAIN, thread, 1, 0, 0, _MAIN
        yield Kind.START, thread, thread, 2, 0, 0, thread
    for task in range(_FIRST + N_THREADS, _FIRST + 2 * N_THREADS):
        yield Kind.SPAWN, _MAIN, task, 3, 0, 0, _MAIN
    n = version = depth = 0
    while True:
        n += 1
        for i, thread in enumerate(threads):
            other = threads[(i + 1) % N_THREADS]
            task = thread + N_THREADS
            yield Kind.ACQUIRED, thread, _LOCK, 10, 0, n * N_THREADS + i, thread
            yield Kind.ACQUIRE, other, _LOCK, 11, thread, 0, other
            yield Kind.READ, thread, _VARIABLE, 12, version, version, thread
            version += 1
            yield Kind.WRITE, thread, _VARIABLE, 13, version, version, thread
            yield Kind.RELEASE, thread, _LOCK, 14, 1, n * N_THREADS + i, thread
            yield Kind.ACQUIRED, other, _LOCK, 11, 4 * STEP_NS, n * N_THREADS + i, other
            yield Kind.STEP, task, task, 20, 0, 0, _MAIN
            depth += 1
            yield Kind.PUT, task, _QUEUE, 21, 0, depth, _MAIN
            yield Kind.SUSPEND, task, 0, 22, 3 * STEP_NS, 3, _MAIN
            yield Kind.RELEASE, other, _LOCK, 15, 1, n * N_THREADS + i, other
            depth -= 1
            yield Kind.GET, thread, _QUEUE, 23, 0, depth, thread
            yield Kind.ACQUIRED, thread, _SEMAPHORE, 24, 0, 2, thread
            yield Kind.SLEEP, other, 0, 25, STEP_NS, 0, other
            yield Kind.SLEPT, other, 0, 25, STEP_NS, 0, other
            yield Kind.RELEASE, thread, _SEMAPHORE, 26, 1, 3, thread


def batches(n_events: int) -> Iterator[list[Event]]:
    t_ns, batch = START_NS, []
    for i, (kind, task, obj, place, a, b, thread) in enumerate(_acts()):
        if i == n_events:
            break
        t_ns += STEP_NS
        batch.append(Event(0, t_ns, int(kind), task, obj, place, a, b, 0, thread))
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def main() -> None:
    n_events, folder = int(sys.argv[1]), Path(sys.argv[2])
    path = folder / f"{n_events}.scope"
    print(json.dumps(write(path, n_events) if sys.argv[3] == "write" else read(path)))


def write(path: Path, n_events: int) -> dict[str, float]:
    recording = Recording(path)
    fill(recording.tables)
    before, append_s = _rss(), 0.0
    for batch in batches(n_events):
        started = time.process_time()
        recording.append(batch)
        append_s += time.process_time() - started
    started = time.process_time()
    recording.facts["outcome"] = "finished"
    recording.flush()
    append_s += time.process_time() - started
    return {"append_s": append_s, "append_mb": _rss() - before, "file_mb": path.stat().st_size / 1e6}


def read(path: Path) -> dict[str, float]:
    before, started = _rss(), time.process_time()
    recording = Recording.open(path)
    open_s = time.process_time() - started
    started = time.process_time()
    analysis = analyse(recording)
    analyse_s = time.process_time() - started
    load_mb = _rss() - before
    past, chance, took = analysis.past(), random.Random(1), []
    for _ in range(MOMENTS):
        n = chance.randrange(len(recording))
        started = time.process_time()
        past.at(n)
        took.append(1e3 * (time.process_time() - started))
    took.sort()
    return {
        "open_s": open_s,
        "analyse_s": analyse_s,
        "load_mb": load_mb,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3 - before,
        "findings": len(analysis.findings),
        "seek_p50_ms": took[len(took) // 2],
        "seek_p95_ms": took[len(took) * 95 // 100],
    }


def _rss() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


if __name__ == "__main__":
    main()

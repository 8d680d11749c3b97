"""What one operation costs bare, probed with rationed records, and with every record written.

python -m benchmarks.probe_cost [--python EXE ...] [--rounds N]

Each round runs this file bare and probed.  In every process each batch is measured against a bare lock beside
it, so that a machine that changes its speed does not change the ratios; medians are printed.  Processor time of
the thread, loop overhead taken off.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_BOOT = Path(__file__).parents[1] / "engine" / "syncscope_engine" / "probe" / "boot.py"
_EVERY_EVENT = 1 << 40
_BATCHES = 21


def _operations() -> "dict[str, tuple[int, Callable[[range], None]]]":
    """Name -> (how often in a batch, a loop that does it so often)."""
    import queue
    import threading

    lock, rlock = threading.Lock(), threading.RLock()
    semaphore, condition, event = threading.Semaphore(), threading.Condition(), threading.Event()
    fifo: queue.Queue[int] = queue.Queue()
    simple: queue.SimpleQueue[int] = queue.SimpleQueue()

    def with_lock(times: range) -> None:
        for _ in times:
            with lock:
                pass

    def acquire_release(times: range) -> None:
        for _ in times:
            lock.acquire()
            lock.release()

    def with_rlock(times: range) -> None:
        for _ in times:
            with rlock:
                pass

    def with_semaphore(times: range) -> None:
        for _ in times:
            with semaphore:
                pass

    def notify(times: range) -> None:
        with condition:
            for _ in times:
                condition.notify()

    def set_clear(times: range) -> None:
        for _ in times:
            event.set()
            event.clear()

    def put_get(times: range) -> None:
        for _ in times:
            fifo.put(1)
            fifo.get()

    def simple_put_get(times: range) -> None:
        for _ in times:
            simple.put(1)
            simple.get()

    return {
        "with lock": (4000, with_lock),
        "acquire, release": (4000, acquire_release),
        "with rlock": (4000, with_rlock),
        "with semaphore": (1000, with_semaphore),
        "notify, nobody waits": (1000, notify),
        "event set, clear": (500, set_clear),
        "queue put, get": (500, put_get),
        "simple queue put, get": (2000, simple_put_get),
    }


def _measure() -> "dict[str, tuple[float, float]]":
    """ns per operation, and the same as a multiple of a bare lock's beside it; batches take turns."""
    import threading

    bare_lock = threading.Semaphore()._cond._lock  # type: ignore[attr-defined]  # never instrumented

    def reference(times: range) -> None:
        for _ in times:
            with bare_lock:
                pass

    operations = _operations()
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in operations}
    for _ in range(_BATCHES):
        for name, (n, loop) in operations.items():
            before = _cost(2000, reference)
            cost = _cost(n, loop)
            costs[name].append((cost, 2 * cost / (before + _cost(2000, reference))))
    return {
        name: (statistics.median(c[0] for c in o), statistics.median(c[1] for c in o))
        for name, o in costs.items()
    }


def _cost(n: int, loop: "Callable[[range], None]") -> float:
    clock = time.thread_time_ns
    times = range(n)
    start = clock()
    loop(times)
    middle = clock()
    for _ in times:
        pass
    return (2 * middle - start - clock()) / n


def _run(python: str, budget: "int | None") -> "dict[str, tuple[float, float]]":
    with tempfile.TemporaryDirectory() as session:
        probe = [str(_BOOT), "--session", session, "--opts", json.dumps({"budget": budget}), "--"]
        command = [python, *(probe if budget is not None else []), __file__, "--measure"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    result: dict[str, tuple[float, float]] = json.loads(done.stdout)
    return result


def report(pythons: "list[str]", rounds: int) -> "list[str]":
    """Lines of a Markdown table."""
    lines = [
        "| Python | operation | bare, ns | rationed | every event |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for python in pythons:
        version = subprocess.run(
            [python, "-c", "import platform; print(platform.python_version())"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        taken = [(_run(python, None), _run(python, 64), _run(python, _EVERY_EVENT)) for _ in range(rounds)]
        for name in taken[0][0]:
            bare = statistics.median(b[name][0] for b, _, _ in taken)
            rationed = statistics.median(r[name][1] / b[name][1] for b, r, _ in taken)
            every = statistics.median(e[name][1] / b[name][1] for b, _, e in taken)
            lines.append(f"| {version} | {name} | {bare:.0f} | {rationed:.1f}× | {every:.1f}× |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.probe_cost", description=__doc__)
    parser.add_argument("--python", action="append", help="interpreter to measure; may be repeated")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measure()))
    else:
        print("\n".join(report(options.python or [sys.executable], options.rounds)))


if __name__ == "__main__":
    main()

"""What watching costs: the same programs bare, probed, and under viztracer and cProfile, in turn."""

import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from syncscope_engine.session import Options, Session, Target

_PROGRAMS = Path(__file__).parent / "programs"
_EVERY_EVENT = 1 << 40
_WORK = {
    "lock pair": ("lock_pairs.py", 300_000),
    "queue item": ("queue_items.py", 60_000),
    "task step": ("task_steps.py", 60_000),
    "task created": ("task_creation.py", 20_000),
    "call in a thread pool": ("pools.py threads", 20_000),
    "call in a process pool": ("pools.py processes", 4_000),
    "there and back by a pipe": ("between_processes.py pipe", 10_000),
    "item of a multiprocessing.Queue": ("between_processes.py queue", 20_000),
    "pair of a multiprocessing.Lock": ("between_processes.py lock", 60_000),
}
"""Operation -> (program and its first arguments, how often)."""


def _plain(command: list[str]) -> float:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return float(done.stdout.split()[-1])


def probed(program: Path, arguments: list[str], python: str | None, budget: int) -> float:
    """Run under a session that is read thirty times a second, as the screen does."""
    import time

    target = Target(program.name, program, None, tuple(arguments))
    with Session(target, Options(python=python, budget=budget, stdin="closed")) as session:
        session.start()
        while session.status != "ended":
            session.poll()
            time.sleep(1 / 30)
        text = "".join(o.text for o in session.recording.outputs if o.stream == "stdout")
    return float(text.split()[-1])


def _ways(program: Path, arguments: list[str], python: str, scratch: str) -> dict[str, Callable[[], float]]:
    run = [python, str(program), *arguments]
    trace = os.path.join(scratch, "trace.json")
    profile = os.path.join(scratch, "profile")
    ways: dict[str, Callable[[], float]] = {
        "bare": lambda: _plain(run),
        "probed": lambda: probed(program, arguments, python, 64),
        "probed, every event": lambda: probed(program, arguments, python, _EVERY_EVENT),
        "cProfile": lambda: _plain([python, "-m", "cProfile", "-o", profile, *run[1:]]),
    }
    if _has_viztracer(python):
        ways["viztracer"] = lambda: _plain(
            [python, "-m", "viztracer", "--quiet", "-o", trace, "--", *run[1:]]
        )
    return ways


def _has_viztracer(python: str) -> bool:
    return (
        subprocess.run([python, "-c", "import viztracer"], capture_output=True, check=False).returncode == 0
    )


def _ratio(run: Callable[[], float], base: float) -> float:
    """Not a number when the program cannot be run in this way."""
    try:
        return run() / base
    except subprocess.CalledProcessError:
        return math.nan


def _cell(ratios: list[float] | None) -> str:
    if ratios is None:
        return "not installed"
    return "fails" if any(map(math.isnan, ratios)) else f"{statistics.median(ratios):.1f}×"


def report(pythons: list[str], repeat: int) -> list[str]:
    """Lines of a Markdown table: ns per operation bare, then each way as a ratio to the bare run beside it."""
    names = ["probed", "probed, every event", "viztracer", "cProfile"]
    lines = [
        f"| Python | operation | bare, ns | {' | '.join(names)} |",
        f"| --- | --- | ---: |{' ---: |' * len(names)}",
    ]
    for python in pythons:
        version = subprocess.run(
            [python, "-c", "import platform; print(platform.python_version())"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for name, (words, n) in _WORK.items():
            file, *first = words.split()
            with tempfile.TemporaryDirectory() as scratch:
                ways = _ways(_PROGRAMS / file, [*first, str(n)], python, scratch)
                bare: list[float] = []
                ratios: dict[str, list[float]] = {}
                for _ in range(repeat):
                    base = ways["bare"]()
                    bare.append(base)
                    for way, run in ways.items():
                        if way != "bare":
                            ratios.setdefault(way, []).append(_ratio(run, base))
            cells = [_cell(ratios.get(way)) for way in names]
            lines.append(f"| {version} | {name} | {statistics.median(bare):.0f} | {' | '.join(cells)} |")
            print(lines[-1], file=sys.stderr, flush=True)
    return lines

"""What the probe adds to asyncio: bare and probed in turn, medians.

    python -m benchmarks.task_step_cost [--repeat N] [PYTHON ...]

Processor time of the program's main thread, so that other work on the machine matters little.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

from syncscope_engine.session import Options, Session, Target

_PROGRAM = Path(__file__).parent / "programs" / "asyncio_work.py"
_FRAME_S = 0.1

WORK = {
    "two_tasks": ("step, 2 tasks that only yield", 200_000),
    "fifty_tasks": ("step, 50 tasks that only yield", 200_000),
    "futures": ("step, 2 tasks that wake each other", 20_000),
    "queue": ("item through a queue", 50_000),
    "lock": ("uncontended `async with lock`", 100_000),
    "create": ("task created and awaited", 5_000),
}


def bare(python: str, kind: str, n: int) -> float:
    done = subprocess.run(
        [python, str(_PROGRAM), kind, str(n)], capture_output=True, text=True, check=True, timeout=120
    )
    return float(done.stdout)


def probed(python: str, kind: str, n: int) -> float:
    """Under a session that is read ten times a second, as the screen does."""
    target = Target(kind, _PROGRAM, args=(kind, str(n)))
    with Session(target, Options(python=python, stdin="closed", timeout_s=120)) as session:
        session.start()
        while session.status != "ended":
            session.poll()
            time.sleep(_FRAME_S)
        return float("".join(o.text for o in session.recording.outputs if o.stream == "stdout"))


def report(pythons: list[str], repeat: int) -> list[str]:
    lines = ["| Python | asyncio | bare, ns | probed, ns | ratio |", "| --- | --- | ---: | ---: | ---: |"]
    for python in pythons:
        version = subprocess.run(
            [python, "-c", "import platform; print(platform.python_version())"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for kind, (name, n) in WORK.items():
            pairs = [(bare(python, kind, n), probed(python, kind, n)) for _ in range(repeat)]
            one = statistics.median(b for b, _ in pairs)
            two = statistics.median(p for _, p in pairs)
            ratio = statistics.median(p / b for b, p in pairs)
            lines.append(f"| {version} | {name} | {one:.0f} | {two:.0f} | {ratio:.2f}× |")
            print(lines[-1], file=sys.stderr, flush=True)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.task_step_cost", description=__doc__)
    parser.add_argument("pythons", nargs="*", default=[sys.executable], help="interpreters to measure")
    parser.add_argument("--repeat", type=int, default=5, help="pairs of runs of each")
    options = parser.parse_args()
    print("\n".join(report(options.pythons, options.repeat)))


if __name__ == "__main__":
    main()

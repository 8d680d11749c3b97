"""Syncscope's own CPU share, bytes per second and first paint, side by side with other terminal programs."""

import shutil
import statistics
import sys
from pathlib import Path

from .screen import Painted, measure

_LANES = Path(__file__).parent / "programs" / "busy_lanes.py"
_SIZES = ((80, 24), (120, 40))


def _commands() -> dict[str, list[str]]:
    us = [sys.executable, "-m", "syncscope", "run", "--fps", "10", str(_LANES)]
    commands = {f"syncscope, {n} lanes, 10 fps": [*us, str(n)] for n in (8, 32, 200)}
    commands["syncscope, catalogue"] = [sys.executable, "-m", "syncscope"]
    commands["python -m textual (its demo)"] = [sys.executable, "-m", "textual"]
    for name, options in (("htop", ["-d", "10"]), ("btop", [])):
        found = shutil.which(name)
        if found:
            commands[name] = [found, *options]
    return commands


def report(repeat: int, window_s: float) -> list[str]:
    """Lines of a Markdown table; medians over `repeat` interleaved runs of each."""
    results: dict[tuple[str, tuple[int, int]], list[Painted]] = {}
    commands = _commands()
    for _ in range(repeat):
        for size in _SIZES:
            for name, command in commands.items():
                run = measure(command, *size, warm_up_s=4.0, window_s=window_s)
                results.setdefault((name, size), []).append(run)
    lines = [
        "| program | size | first paint, ms | CPU of one core, % | bytes per second |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for (name, (columns, rows)), runs in results.items():
        if not all(run.alive for run in runs):
            lines.append(f"| {name} | {columns}×{rows} | ended during the measurement | | |")
            continue
        lines.append(
            f"| {name} | {columns}×{rows} | {statistics.median(r.first_paint_ms for r in runs):.0f} "
            f"| {statistics.median(r.cpu_percent for r in runs):.1f} "
            f"| {statistics.median(r.bytes_per_s for r in runs):,.0f} |"
        )
    return lines

"""The tape against the number of events: appending, loading, reaching a moment, memory, size of the file.

Each size in fresh processes, see `tape_run`.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SIZES = (10_000, 100_000, 1_000_000)
ALL_SIZES = (*SIZES, 10_000_000)


def report(sizes: tuple[int, ...]) -> list[str]:
    lines = [
        "| events | append, µs each | memory then, MB | file, bytes each | open, s | analyse, µs each "
        "| memory then, MB | seek p50, ms | seek p95, ms |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for n in sizes:
            wrote, read = _run(n, folder, "write"), _run(n, folder, "read")
            lines.append(
                f"| {n:,} | {1e6 * wrote['append_s'] / n:.1f} | {wrote['append_mb']:.0f} "
                f"| {1e6 * wrote['file_mb'] / n:.1f} | {read['open_s']:.2f} | {1e6 * read['analyse_s'] / n:.0f} "
                f"| {read['load_mb']:.0f} | {read['seek_p50_ms']:.0f} | {read['seek_p95_ms']:.0f} |"
            )
            (Path(folder) / f"{n}.scope").unlink()
    return lines


def _run(n: int, folder: str, how: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.tape_run", str(n), folder, how]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result

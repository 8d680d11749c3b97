"""Big programs on the screen: how long a key waits for its answer, and how long the picture stands still.

Each program runs in Syncscope in a pty of 80x24.  The key is `/`: the time until the line that it opens has
been written.  A pause is the time between two pieces of output; at ten frames a second it should be 100 ms.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from .screen import _end

_PROGRAMS = Path(__file__).parent / "programs"
_OPENED = b"shows all"
_WARM_UP_S = 8.0
_KEY_EVERY_S = 1.0
BIG = {
    "5,000 threads": ("many_threads.py", "5000"),
    "20,000 asyncio tasks": ("many_tasks.py", "20000"),
    "64 processes": ("many_processes.py", "64"),
    "1,000,000 events": ("many_events.py", "1000000"),
}


@dataclass
class Felt:
    keys_ms: list[float] = field(default_factory=list)
    pauses_ms: list[float] = field(default_factory=list)
    cpu_percent: float = 0.0


def felt(program: str, argument: str, window_s: float) -> Felt:
    command = [sys.executable, "-m", "syncscope", "run", "--lang", "en", str(_PROGRAMS / program), argument]
    env = {k: v for k, v in os.environ.items() if k not in ("COLORTERM", "NO_COLOR", "COLUMNS", "LINES")}
    env["TERM"] = "xterm-256color"
    pid, fd = pty.fork()
    if pid == 0:
        try:
            os.execvpe(command[0], command, env)
        finally:
            os._exit(127)
    try:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        return _watch(psutil.Process(pid), fd, window_s)
    finally:
        _end(pid, fd)


def _watch(process: psutil.Process, fd: int, window_s: float) -> Felt:
    found = Felt()
    began = last = time.perf_counter()
    asked = 0.0  # when the key was pressed that has no answer yet
    next_key = _WARM_UP_S
    cpu_before = 0.0
    seen = b""
    while (now := time.perf_counter()) - began < _WARM_UP_S + window_s:
        warm = now - began > _WARM_UP_S
        if warm and not cpu_before:
            cpu_before, last = sum(process.cpu_times()[:2]), now
        if not asked and now - began > next_key:
            os.write(fd, b"/")
            asked, seen, next_key = now, b"", now - began + _KEY_EVERY_S
        if not select.select([fd], [], [], 0.01)[0]:
            continue
        seen = (seen + os.read(fd, 65536))[-4096:]
        now = time.perf_counter()
        if b"\x1b[6n" in seen:
            os.write(fd, b"\x1b[1;1R")
            seen = b""
        if warm:
            found.pauses_ms.append((now - last) * 1e3)
            last = now
        if asked and _OPENED in seen:
            found.keys_ms.append((now - asked) * 1e3)
            os.write(fd, b"\x1b")
            asked = 0.0
    found.cpu_percent = 100 * (sum(process.cpu_times()[:2]) - cpu_before) / window_s
    return found


def report(window_s: float) -> list[str]:
    """Lines of a Markdown table."""
    lines = [
        "| program | key, p50 / p95 ms | pause of the picture, p50 / p95 / longest ms | CPU of one core, % |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, (program, argument) in BIG.items():
        run = felt(program, argument, window_s)
        keys, pauses = sorted(run.keys_ms) or [0.0], sorted(run.pauses_ms) or [0.0]
        lines.append(
            f"| {name} | {_at(keys, 0.5):.0f} / {_at(keys, 0.95):.0f} "
            f"| {_at(pauses, 0.5):.0f} / {_at(pauses, 0.95):.0f} / {pauses[-1]:.0f} | {run.cpu_percent:.0f} |"
        )
    return lines


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]

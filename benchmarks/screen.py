"""A terminal program in a pty: time to its first paint, then its CPU share and the bytes it writes.

CPU is user + system time of the program's own process (threads included, children not) as a share of one
core; what is observed by Syncscope runs in children and is left out.
"""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from dataclasses import dataclass

import psutil

_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-9;?<>=]*[a-zA-Z$]p?|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|[()][A-Z0-9]|.)"
)


@dataclass(frozen=True)
class Painted:
    first_paint_ms: float
    cpu_percent: float
    bytes_per_s: float
    alive: bool  # still running at the end of the window


def measure(command: list[str], columns: int, rows: int, warm_up_s: float, window_s: float) -> Painted:
    env = {k: v for k, v in os.environ.items() if k not in ("COLORTERM", "NO_COLOR", "COLUMNS", "LINES")}
    env["TERM"] = "xterm-256color"
    started = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        try:
            os.execvpe(command[0], command, env)
        finally:
            os._exit(127)
    try:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return _watch(psutil.Process(pid), fd, started, warm_up_s, window_s)
    finally:
        _end(pid, fd)


def _watch(process: psutil.Process, fd: int, started: float, warm_up_s: float, window_s: float) -> Painted:
    first_paint = 0.0
    seen = b""
    n_bytes = 0
    window: tuple[float, float, int] | None = None
    alive = True
    while (now := time.perf_counter() - started) < warm_up_s + window_s:
        if window is None and now >= warm_up_s:
            window = (now, _cpu(process), n_bytes)
        if not select.select([fd], [], [], 0.02)[0]:
            continue
        try:
            data = os.read(fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            alive = False
            break
        n_bytes += len(data)
        if not first_paint:
            seen += data
            if re.search(rb"[^\x00-\x20]", _ESCAPES.sub(b"", seen)):
                first_paint = time.perf_counter() - started
        if b"\x1b[6n" in data:
            os.write(fd, b"\x1b[1;1R")
    if window is None or not alive:
        return Painted(first_paint * 1e3, 0, 0, False)
    seconds = time.perf_counter() - started - window[0]
    return Painted(
        first_paint * 1e3,
        100 * (_cpu(process) - window[1]) / seconds,
        (n_bytes - window[2]) / seconds,
        True,
    )


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _end(pid: int, fd: int) -> None:
    for sig, seconds in ((signal.SIGHUP, 2.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
        try:
            os.kill(pid, sig)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if select.select([fd], [], [], 0.02)[0]:
                try:
                    os.read(fd, 65536)
                except OSError:
                    time.sleep(0.02)
            if os.waitpid(pid, os.WNOHANG)[0]:
                os.close(fd)
                return
    os.close(fd)

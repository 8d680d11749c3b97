"""`syncscope doctor`: what this machine offers and lacks, one line each, and what follows from it."""

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape

from syncscope_engine.gil import GilReader
from syncscope_engine.interpreter import OLDEST, find_interpreter
from syncscope_engine.session import UsageError

from . import i18n
from .i18n import t
from .look import detect_look
from .report_console import ReportConsole
from .screens.too_small import is_too_small

_CALIBRATION_S = 5.0


class Check(NamedTuple):
    ok: bool
    name: str
    found: str


def examine(console: Console | None = None) -> None:
    console = console or ReportConsole(highlight=False)
    for check in _checks():
        mark = "[green]ok     [/]" if check.ok else f"[yellow]{t('doctor.missing')}[/]"
        console.print(f"{mark} [bold]{escape(check.name)}[/]: {escape(check.found)}", soft_wrap=True)


def _checks() -> Iterator[Check]:
    yield Check(True, "Syncscope", f"{version('syncscope')}, Textual {version('textual')}")
    yield Check(
        sys.platform == "linux",
        t("doctor.system"),
        f"{platform.system()} {platform.release()}, {os.cpu_count()} cores",
    )
    yield from _interpreters()
    yield _memory()
    yield _threads()
    yield _gil()
    yield from _terminal()


def _interpreters() -> Iterator[Check]:
    names = ["", *(f"python3.{minor}" for minor in range(OLDEST[1], 15))]
    found = []
    for name in names:
        try:
            found.append(find_interpreter(name or None))
        except UsageError:
            continue
    unique = {each.version_text: each for each in found}
    told = ", ".join(f"{text}{'' if each.gil else ' (no GIL)'}" for text, each in sorted(unique.items()))
    yield Check(bool(found), t("doctor.interpreters"), told)


def _memory() -> Check:
    folder = "/dev/shm"
    if not os.access(folder, os.W_OK):
        return Check(False, t("doctor.memory"), t("doctor.no_memory", folder=folder))
    free = shutil.disk_usage(folder).free >> 20
    return Check(free >= 256, t("doctor.memory"), t("doctor.free", folder=folder, free=free))


def _threads() -> Check:
    there = os.path.exists("/proc/self/schedstat")
    return Check(there, t("doctor.threads"), t("doctor.schedstat" if there else "doctor.no_schedstat"))


def _gil() -> Check:
    reader = GilReader(find_interpreter())
    deadline = time.monotonic() + _CALIBRATION_S
    try:
        while not reader.why_not and time.monotonic() < deadline:
            reader.holder(os.getpid(), time.perf_counter_ns())
            if reader.calibrated:
                return Check(True, t("doctor.gil"), t("doctor.gil_sampled"))
            time.sleep(0.02)
        return Check(False, t("doctor.gil"), reader.why_not or t("doctor.gil_late"))
    finally:
        reader.close()


def _terminal() -> Iterator[Check]:
    look = detect_look(os.environ, utf8=i18n.utf8(os.environ))
    yield Check(
        look.colours != "none", t("doctor.colours"), f"{look.colours} (TERM={os.environ.get('TERM', '')})"
    )
    yield Check(look.symbols != "ascii", t("doctor.symbols"), look.symbols)
    columns, rows = shutil.get_terminal_size()
    yield Check(not is_too_small(columns, rows), t("doctor.size"), f"{columns}x{rows}")
    yield Check(
        sys.stdin.isatty() and sys.stdout.isatty(),
        t("doctor.tty"),
        t("doctor.is_tty" if sys.stdin.isatty() and sys.stdout.isatty() else "doctor.no_tty"),
    )

"""Runs one module of tests to its end, bare or probed, past tests that hang or crash."""

import json
import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from syncscope_engine import wire

from .run_unit import FOLDERS

_HERE = Path(__file__).resolve().parent
_RUN = _HERE / "run_unit.py"
_BOOT = _HERE.parents[1] / "engine" / "syncscope_engine" / "probe" / "boot.py"
_MOST_BYTES = 2 << 30  # of memory, for a test that hangs may eat as long as it is let
_FRAME_S = 0.05  # between display frames, as an observer would make them
_LEAVE_S = 60  # for the interpreter to end after the last test


@dataclass(frozen=True, slots=True)
class Setting:
    python: str
    folder: Path  # of the tests
    folders: tuple[str, ...]  # more of them
    patience_s: float  # with one test


@dataclass(slots=True)
class Ended:
    """How the tests of a unit ended: id -> (how, seconds, what was said)."""

    tests: dict[str, tuple[str, float, str]] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)  # of the probe


def run_unit(unit: str, setting: Setting, scratch: Path, *, probed: bool, only: Sequence[str] = ()) -> Ended:
    ended = Ended()
    results = scratch / "results"
    for attempt in range(20):
        results.unlink(missing_ok=True)
        work = {"unit": unit, "results": str(results), "done": list(ended.tests), "only": list(only)}
        session = scratch / f"session{attempt}"
        folder = scratch / f"cwd{attempt}"
        session.mkdir()
        folder.mkdir()
        status = _run(setting, json.dumps(work), session, folder, results, probed)
        begun = _read(results, ended.tests)
        if probed:
            ended.faults |= _faults(session)
        if not begun:
            how = "ok" if status == 0 else "failed"
            ended.tests[f"{unit} (end of the process)"] = (how, 0.0, f"exit status {status}")
            break
        ended.tests[begun] = ("hung" if status is None else "crashed", 0.0, f"exit status {status}")
    return ended


def _run(
    setting: Setting, work: str, session: Path, folder: Path, results: Path, probed: bool
) -> "int | None":
    """Exit status; None: it was killed, because nothing was written for too long."""
    opts = json.dumps({"std_is_user": [str(setting.folder), *setting.folders]})
    probe = [str(_BOOT), "--session", str(session), "--opts", opts, "--"] if probed else []
    env = {**os.environ, FOLDERS: os.pathsep.join(setting.folders)}
    with (folder.parent / "log").open("ab") as log:
        process = subprocess.Popen(
            [setting.python, *probe, str(_RUN), work],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, env=env, start_new_session=True,
        )  # fmt: skip
    size, since, frame = -1, time.monotonic(), 0
    family: list[psutil.Process] = []
    try:
        while process.poll() is None:
            now = time.monotonic()
            new_size = results.stat().st_size if results.exists() else 0
            if new_size != size:
                size, since = new_size, now
            elif now - since > (_LEAVE_S if _all_done(results) else setting.patience_s):
                return None
            frame += 1
            _next_frame(session, frame)
            if frame % 20 == 0:
                with suppress(psutil.Error):
                    if psutil.Process(process.pid).memory_info().rss > _MOST_BYTES:
                        return None
                    family = psutil.Process(process.pid).children(recursive=True)
            time.sleep(_FRAME_S)
    finally:
        for member in family:
            with suppress(psutil.Error):
                member.kill()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()
    return process.returncode


def _next_frame(session: Path, frame: int) -> None:
    """Give every object its budget anew; the rings of processes that are gone make room."""
    for ring in session.glob("*.ring"):
        pid = ring.name.partition("-")[0]
        with suppress(OSError):
            if frame % 20 == 0 and not os.path.exists(f"/proc/{pid}"):
                ring.unlink()
                continue
            fd = os.open(ring, os.O_WRONLY)
            try:
                os.pwrite(fd, frame.to_bytes(8, "little"), wire.W_FRAME * 8)
            finally:
                os.close(fd)


def _all_done(results: Path) -> bool:
    lines = results.read_text().splitlines() if results.exists() else []
    return bool(lines) and not lines[-1].startswith('["start"')


def _read(results: Path, into: dict[str, tuple[str, float, str]]) -> str:
    """Returns the test that began and did not end, if there is one."""
    begun = ""
    for line in results.read_text().splitlines() if results.exists() else []:
        how, name, seconds, text = json.loads(line)
        if how == "start":
            begun = name
            continue
        begun = ""
        if into.get(name, ("ok",))[0] in ("ok", "skipped"):  # the first failure of a test counts
            into[name] = (how, seconds, text)
    return begun


def _faults(session: Path) -> set[str]:
    files = list(session.glob("*.meta"))
    faults = set() if files else {"the tests were run without the probe"}
    for file in files:
        for line in file.read_text(errors="replace").splitlines():
            if '"fault"' in line:
                fault = json.loads(line)
                if fault["k"] == "fault":
                    faults.add(f"{fault['where']}: {fault['message']}")
    return faults

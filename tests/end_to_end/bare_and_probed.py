"""Runs a command line bare and under observation, and compares everything that it leaves behind."""

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from syncscope_engine.session import Options, Session, Target

_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Left:
    stdout: str
    stderr: str
    status: int | None

    def normal(self) -> "Left":
        return Left(_normal(self.stdout), _normal(self.stderr), self.status)


def _normal(text: str) -> str:
    """Without what differs between two bare runs: addresses, process ids, workers, durations."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0x…", text)
    text = re.sub(r"pid=\d+", "pid=…", text)
    text = re.sub(r"\[gw\d+\]", "[gw…]", text)  # which worker of pytest it was
    return re.sub(r"\d+\.\d+(m?s)\b", r"…\1", text)


def run_bare(command: Sequence[str], python: str, cwd: Path, env: Mapping[str, str], given: str) -> Left:
    done = subprocess.run(
        [python, *command], input=given, capture_output=True, text=True, cwd=cwd, env={**os.environ, **env},
        timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    return Left(done.stdout, done.stderr, done.returncode)


def run_probed(command: Sequence[str], python: str, given: str) -> tuple[Left, list[str]]:
    """In the present directory and environment; also returns the notes."""
    if command[0] == "-m":
        target = Target(command[1], None, command[1], tuple(command[2:]))
    else:
        target = Target(command[0], Path(command[0]), None, tuple(command[1:]), typed=command[0])
    with Session(target, Options(python=python, stdin="pipe" if given else "closed")) as session:
        session.start()
        if given:
            session.send_input(given)
            session.close_input()
        deadline = time.monotonic() + _PATIENCE_S
        while session.status != "ended":
            assert time.monotonic() < deadline
            session.poll()
            time.sleep(1 / 30)
        printed = {
            stream: "".join(o.text for o in session.recording.outputs if o.stream == stream)
            for stream in ("stdout", "stderr")
        }
        return Left(printed["stdout"], printed["stderr"], session.exit_code), session.recording.tables.notes

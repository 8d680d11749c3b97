"""Runs a program of a scenario without Syncscope, as a person would."""

import contextlib
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass

from syncscope.catalogue import Program, Scenario, Value, command_line

LIMIT_S = 30.0  # for programs that end
STILL_S = 0.5  # a program that does not end must keep still for so long after its last output


@dataclass(frozen=True, slots=True)
class BareRun:
    ended: bool
    exit_code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        return self.stdout + self.stderr


def run_bare(
    python: str, scenario: Scenario, program: Program, values: Mapping[str, Value] | None = None
) -> BareRun:
    """With `values`, by default the quick ones."""
    options = command_line(scenario, program, program.quick if values is None else values)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [python, "-u", program.path, *options],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,  # its children are in one group with it, and end with it
        )
        try:
            ended = _wait(process, program, out)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    return BareRun(ended, process.returncode if ended else 0, *texts)


def problems_of_run(program: Program, run: BareRun) -> list[str]:
    found = []
    if run.ended != program.ends:
        found.append("it ended" if run.ended else "it did not end")
    if run.exit_code != 0:
        found.append(f"exit status {run.exit_code}")
    if not re.search(program.shows, run.output, re.MULTILINE):
        found.append(f"its output does not match {program.shows!r}")
    if program.role != "broken" and run.stderr:
        found.append("it wrote to standard error")
    return [f"{problem}:\n{run.output}" for problem in found]


def _wait(process: subprocess.Popen[bytes], program: Program, out) -> bool:
    """Whether the process ended.  One that should not end is given up when it has long said nothing more."""
    deadline = time.monotonic() + LIMIT_S
    last, since = -1, time.monotonic()
    while time.monotonic() < deadline:
        try:
            process.wait(timeout=LIMIT_S if program.ends else 0.1)
        except subprocess.TimeoutExpired:
            size = os.fstat(out.fileno()).st_size
            if size != last:
                last, since = size, time.monotonic()
            elif not program.ends and size and time.monotonic() - since > STILL_S:
                return False
        else:
            return True
    return False

"""Runs every program of the catalogue again and again, watched, and counts the runs with a wrong report.

python benchmarks/soak.py [TARGET ...] [--runs 20] [--python EXE ...] [--full]

Without --python: each of 3.11, 3.12 and 3.13 that is on PATH.  What a scenario needs and an interpreter has not
(aiohttp) is reported as skipped.  A run is right when the report has exactly the findings that the scenario promises, the program ended or got
stuck as promised, and its output shows the effect.  Exit status 1 if any run was wrong.
"""

import argparse
import functools
import os
import re
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from syncscope.catalogue import Program, Scenario, UnknownTargetError, load_catalogue
from syncscope.targets import scenario_target
from syncscope_engine.headless import run_headless
from syncscope_engine.interpreter import Interpreter, UsageError, find_interpreter
from syncscope_engine.session import Options


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "targets", nargs="*", help="scenario or scenario:program; all of them if none is named"
    )
    parser.add_argument("--runs", type=int, default=20, help="runs of each program on each Python")
    parser.add_argument("--python", action="append", help="interpreter; may be repeated")
    parser.add_argument("--full", action="store_true", help="with the default parameters, not the quick ones")
    options = parser.parse_args()
    try:
        pythons = [find_interpreter(python) for python in options.python or ()] or _installed()
        programs = _chosen(options.targets)
    except (UsageError, UnknownTargetError) as error:
        parser.error(str(error))

    print(f"{options.runs} runs each; right runs, and what the others were\n")
    print(f"{'':40}", *(f"{python.version_text:>12}" for python in pythons), f"{'slowest':>10}", flush=True)
    failures: list[str] = []
    for scenario, program in programs:
        name = f"{scenario.id}:{program.id}"
        cells, slowest = [], 0.0
        for python in pythons:
            if not _has(python.executable, scenario.needs):
                cells.append("skipped")
                continue
            faults: Counter[str] = Counter()
            for _ in range(options.runs):
                start = time.monotonic()
                fault = _fault(scenario, program, python.executable, options.full)
                slowest = max(slowest, time.monotonic() - start)
                if fault:
                    faults[fault] += 1
            cells.append(f"{options.runs - faults.total()}/{options.runs}")
            failures += [
                f"{name} on {python.version_text}, {n} times: {fault}" for fault, n in faults.items()
            ]
        print(f"{name:40}", *(f"{cell:>12}" for cell in cells), f"{slowest:8.1f} s", flush=True)
    print("\n" + "\n".join(failures or ["no run was wrong"]))
    return 1 if failures else 0


def _installed() -> list[Interpreter]:
    """The first of each version on PATH that runs; ours instead of another one of the same version."""
    found = {sys.version_info[:2]: find_interpreter()}
    for minor in (11, 12, 13):
        for folder in os.get_exec_path():
            try:
                python = find_interpreter(os.path.join(folder, f"python3.{minor}"))
            except UsageError:
                continue
            found.setdefault(python.version[:2], python)
    return [python for version, python in sorted(found.items())]


@functools.cache
def _has(python: str, packages: tuple[str, ...]) -> bool:
    command = [python, "-c", "\n".join(f"import {package}" for package in packages)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _chosen(targets: list[str]) -> list[tuple[Scenario, Program]]:
    catalogue = load_catalogue()
    chosen = []
    for target in targets or [scenario.id for scenario in catalogue.scenarios]:
        scenario, program = catalogue.find(target)
        programs = (program,) if ":" in target else scenario.programs
        chosen += [(scenario, each) for each in programs]
    return chosen


def _fault(scenario: Scenario, program: Program, python: str, full: bool) -> str:
    """What is wrong with one run; empty: nothing."""
    output: list[str] = []
    report = run_headless(
        scenario_target(scenario, program, {} if full else program.quick),
        Options(python=python, timeout_s=120),
        on_output=lambda piece: output.append(piece.text),
    )
    return _fault_of(program, report, "".join(output), full)


def _fault_of(program: Program, report: dict[str, Any], output: str, full: bool) -> str:
    found = sorted({finding["kind"] for finding in report["findings"]})
    if found != sorted(program.expects):
        return f"found {', '.join(found) or 'nothing'}"
    expected = "finished" if program.ends else "stuck"
    if report["outcome"] != expected:
        return f"outcome {report['outcome']}, exit status {report['exit_code']}"
    if not full and not re.search(program.shows, output, re.MULTILINE):
        return "the output does not show the effect"
    return ""


if __name__ == "__main__":
    sys.exit(main())

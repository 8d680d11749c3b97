"""`make cpython-suites`: CPython's own tests, installed with the interpreter, bare and under the probe.

python -m cpython_suites [MODULE ...] [--python EXE ...] [--jobs 2] [--patience SECONDS]

What fails probed and passes bare is run again alone, three times each way.  Exit status 1 when one of those
failures is not explained in explained.toml, when there are more than ten, or when the probe itself failed.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from engine import pythons

from syncscope_engine.interpreter import Interpreter, UsageError, find_interpreter

from .gate import Verdict, explanations, judge
from .suites import folder_of_tests, suites_of
from .units import Setting

ALLOWED = 10
_EXPLAINED = Path(__file__).with_name("explained.toml")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="cpython_suites", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("modules", nargs="*", help="beginnings of names, such as test_thread; default: all")
    parser.add_argument("--python", action="append", help="interpreter; default: 3.11, 3.12, 3.13 found")
    parser.add_argument("--jobs", type=int, default=2, help="modules at a time")
    parser.add_argument("--patience", type=float, default=240, help="seconds that a test may take")
    options = parser.parse_args()
    named = options.python or [found for v in ("3.11", "3.12", "3.13") if (found := pythons.find(v))]
    try:
        interpreters = [find_interpreter(python) for python in named]
    except UsageError as error:
        parser.error(str(error))
    os.nice(10)
    good = True
    for interpreter in interpreters:
        good &= _run(interpreter, options.modules, options.jobs, options.patience)
    return 0 if good else 1


def _run(interpreter: Interpreter, modules: list[str], jobs: int, patience_s: float) -> bool:
    began = time.monotonic()
    print(f"Python {interpreter.version_text}", flush=True)
    folder = folder_of_tests(interpreter.executable)
    if folder is None:
        print("  is installed without its tests")
        return True
    version = "{}.{}".format(*interpreter.version)
    with tempfile.TemporaryDirectory(prefix="suites-", ignore_cleanup_errors=True) as scratch:
        suites = suites_of(folder, _neighbours(version), Path(scratch), modules)
        for remark in suites.remarks:
            print(f"  {remark}")
        setting = Setting(interpreter.executable, folder, suites.folders, patience_s)
        why = explanations(_EXPLAINED, version)
        verdict = judge(suites, setting, why, jobs, lambda text: print(text, flush=True))
    good = _report(interpreter.version_text, verdict)
    print(f"  {time.monotonic() - began:.0f} s\n", flush=True)
    return good


def _neighbours(version: str) -> list[Path]:
    minor = int(version.partition(".")[2])
    others = sorted(
        (other for other in pythons.installed() if other != version),
        key=lambda other: abs(int(other.partition(".")[2]) - minor),
    )
    folders = (folder_of_tests(pythons.find(other) or "") for other in others)
    return [folder for folder in folders if folder]


def _report(version: str, verdict: Verdict) -> bool:
    for way, counts in verdict.outcomes.items():
        print(f"  {way}: {counts.total()} tests, {', '.join(f'{n} {how}' for how, n in counts.items())}")
    new = [failure for failure in verdict.failures if failure.counts]
    for failure in verdict.failures:
        if not failure.counts:
            print(
                f"  not counted: {failure.test} {failure.how} once; alone it failed probed "
                f"{failure.probed_failures}, bare {failure.bare_failures} times"
            )
    for failure in new:
        print(f"  NEW: {failure.test}: {failure.how}, {failure.probed_failures} of 3 times alone")
        print(f"    {failure.explanation or 'not explained'}")
        if not failure.explanation:
            print("".join(f"    | {line}\n" for line in failure.text.splitlines()[-25:]), end="")
    for fault in sorted(verdict.faults):
        print(f"  the probe failed: {fault}")
    unexplained = sum(not failure.explanation for failure in new)
    print(f"  {version}: {len(new)} new failures, {unexplained} of them not explained")
    for probed, bare, test in verdict.slowest[:3]:
        print(f"  slowest against bare: {test} {probed:.1f} s, bare {bare:.1f} s")
    return not unexplained and not verdict.faults and len(new) <= ALLOWED


if __name__ == "__main__":
    sys.exit(main())

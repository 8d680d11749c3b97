"""Compares bare and probed runs of one interpreter's own tests."""

import fnmatch
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .suites import Suites
from .units import Ended, Setting, run_unit

GOOD = ("ok", "skipped")
_RERUNS = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed probed and did not bare; then again alone, probed and bare, n times each."""

    test: str
    how: str
    text: str
    probed_failures: int
    bare_failures: int
    explanation: str = ""

    @property
    def counts(self) -> bool:
        """A test that passes alone three times, or that fails bare as well, says nothing about the probe."""
        return self.probed_failures > 0 and self.bare_failures == 0


@dataclass(frozen=True, slots=True)
class Verdict:
    outcomes: dict[str, Counter[str]]  # "bare" and "probed" -> how -> number of tests
    failures: list[Failure]
    faults: set[str]
    slowest: list[tuple[float, float, str]]  # probed, bare, test


def explanations(file: Path, version: str) -> dict[str, str]:
    """Pattern of test ids -> why."""
    entries = tomllib.loads(file.read_text()).get("test", [])
    return {entry["id"]: entry["why"] for entry in entries if version in entry["versions"]}


def judge(
    suites: Suites, setting: Setting, why: dict[str, str], jobs: int, say: Callable[[str], None]
) -> Verdict:
    runs = [(unit, probed) for unit in suites.units for probed in (False, True)]
    with ThreadPoolExecutor(jobs) as pool:
        ended = dict(zip(runs, pool.map(lambda run: _once(run, setting, say), runs), strict=True))
        bare, probed = (_joined(ended, way) for way in (False, True))
        suspects = [
            test
            for test, (how, _, _) in probed.tests.items()
            if how not in GOOD and bare.tests.get(test, ("missing",))[0] in GOOD
        ]
        unit_of = {test: unit for (unit, way), one in ended.items() if way for test in one.tests}
        failures = list(
            pool.map(lambda test: _again(test, unit_of[test], probed, setting, why, say), suspects)
        )
    missing = bare.tests.keys() - probed.tests.keys()
    failures += [Failure(test, "missing", "was not run under the probe", 3, 0) for test in sorted(missing)]
    return Verdict(
        {
            name: Counter(how for how, _, _ in one.tests.values())
            for name, one in (("bare", bare), ("probed", probed))
        },
        failures,
        probed.faults,
        sorted(
            (
                (seconds, bare.tests[test][1], test)
                for test, (_, seconds, _) in probed.tests.items()
                if test in bare.tests
            ),
            key=lambda each: each[1] - each[0],
        )[:10],
    )


def _once(run: tuple[str, bool], setting: Setting, say: Callable[[str], None]) -> Ended:
    unit, probed = run
    with tempfile.TemporaryDirectory(prefix="suites-", ignore_cleanup_errors=True) as scratch:
        ended = run_unit(unit, setting, Path(scratch), probed=probed)
    counts = Counter(how for how, _, _ in ended.tests.values())
    say(f"  {unit} {'probed' if probed else 'bare'}: {', '.join(f'{n} {how}' for how, n in counts.items())}")
    return ended


def _joined(ended: dict[tuple[str, bool], Ended], probed: bool) -> Ended:
    all_ = Ended()
    for (_, way), one in ended.items():
        if way == probed:
            all_.tests |= one.tests
            all_.faults |= one.faults
    return all_


def _again(
    test: str, unit: str, first: Ended, setting: Setting, why: dict[str, str], say: Callable[[str], None]
) -> Failure:
    """Alone, up to three times in both ways: what is only sometimes so is told from what is always so."""
    only = [test] if not test.startswith(unit + " ") else []
    failed = {True: 0, False: 0}
    for _ in range(_RERUNS):
        for probed in (True, False):
            with tempfile.TemporaryDirectory(prefix="suites-", ignore_cleanup_errors=True) as scratch:
                ended = run_unit(unit, setting, Path(scratch), probed=probed, only=only)
            failed[probed] += ended.tests.get(test, ("missing",))[0] not in GOOD
        if failed[False]:
            break
    how, _, text = first.tests[test]
    say(f"  again: {test}: failed probed {failed[True]}, bare {failed[False]} times")
    explanation = next((text for pattern, text in why.items() if fnmatch.fnmatchcase(test, pattern)), "")
    return Failure(test, how, text, failed[True], failed[False], explanation)

"""Runs tests of CPython's own suite, whose names are its arguments, and prints how each ended, as JSON.

Run bare or under the probe by `test_cpython_suite`; those that take long are left out.
"""

import json
import os
import sys
import unittest
from collections.abc import Iterator
from typing import Any

_SLOW = (
    "timeout",
    "test_basic",
    "references",
    "failing_queue",
    "many_threads",
    "exit_after_shutdown",
    "gh_102056",
)


class _Outcomes(unittest.TestResult):
    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[str, str] = {}

    def addSuccess(self, test: Any) -> None:  # noqa: N802
        self.outcomes.setdefault(test.id(), "ok")

    def addFailure(self, test: Any, error: Any) -> None:  # noqa: N802
        self.outcomes[test.id()] = f"failed: {error[1]}"

    def addError(self, test: Any, error: Any) -> None:  # noqa: N802
        self.outcomes[test.id()] = f"{error[0].__name__}: {error[1]}"


def _each(suite: Any) -> "Iterator[Any]":
    if isinstance(suite, unittest.TestSuite):
        for test in suite:
            yield from _each(test)
    else:
        yield suite


def main() -> None:
    real = os.dup(1)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    tests = _each(unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:]))
    result = _Outcomes()
    unittest.TestSuite(t for t in tests if not any(word in t.id() for word in _SLOW)).run(result)
    os.write(real, json.dumps(result.outcomes).encode())
    os._exit(0)


if __name__ == "__main__":
    main()

"""Runs tests of CPython's own suite, bare or under the probe, and writes down how each ended.

    run_unit.py '{"unit": module, "results": file, "done": [ids], "only": [ids]}'

One JSON line per event, so that the tests which have ended are known when one of them hangs or crashes.
Standard library only.  The processes that `multiprocessing` spawns execute this file too.
"""

import inspect
import json
import os
import signal
import sys
import time
import traceback
import unittest
from collections.abc import Iterator
from typing import Any

FOLDERS = "CPYTHON_SUITES_FOLDERS"


def look_into_more_folders() -> None:
    import test  # type: ignore[import-not-found, unused-ignore]

    for folder in filter(None, os.environ.get(FOLDERS, "").split(os.pathsep)):
        if folder not in test.__path__:
            test.__path__.append(folder)


class Diary(unittest.TestResult):
    def __init__(self, file: str) -> None:
        super().__init__()
        self._fd = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC)
        self._pid = os.getpid()
        self._began = 0.0
        self._failed = False

    def write(self, how: str, test: Any, text: str = "") -> None:
        if os.getpid() != self._pid:  # a forked child that has lost its way
            return
        line = [how, test.id(), round(time.monotonic() - self._began, 3), text]
        os.write(self._fd, (json.dumps(line) + "\n").encode())

    def startTest(self, test: Any) -> None:  # noqa: N802
        super().startTest(test)
        self._began = time.monotonic()
        self._failed = False
        self.write("start", test)

    def addSuccess(self, test: Any) -> None:  # noqa: N802
        if not self._failed:
            self.write("ok", test)

    def addFailure(self, test: Any, error: Any) -> None:  # noqa: N802
        self._bad("failed", test, error)

    def addError(self, test: Any, error: Any) -> None:  # noqa: N802
        self._bad("error", test, error)

    def addSubTest(self, test: Any, subtest: Any, error: Any) -> None:  # noqa: N802
        if error is not None:
            self._bad("failed", test, error)

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
        self.write("skipped", test, reason)

    def addExpectedFailure(self, test: Any, error: Any) -> None:  # noqa: N802
        self.write("ok", test, "failed, as expected")

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
        self.write("failed", test, "unexpected success")

    def _bad(self, how: str, test: Any, error: Any) -> None:
        self._failed = True
        self.write(how, test, "".join(traceback.format_exception(*error)))


def each(suite: Any) -> "Iterator[Any]":
    if isinstance(suite, unittest.TestSuite):
        for test in suite:
            yield from each(test)
    else:
        yield suite


def main() -> None:
    wanted = json.loads(sys.argv[1])
    sys.argv[1:] = []
    look_into_more_folders()
    from test import support  # type: ignore[import-not-found, unused-ignore]

    # Who is started in the background has it ignored, and tests of Ctrl+C then wait for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "thread" not in inspect.signature(support.check_sanitizer).parameters:
        # Before 3.13 it knows less than tests ask that are borrowed from there.
        support.check_sanitizer = lambda **kinds: False
    support.use_resources = []  # nothing that needs the network, or much time
    tests = each(unittest.defaultTestLoader.loadTestsFromName(wanted["unit"]))
    done, only = set(wanted["done"]), set(wanted["only"])
    chosen = [t for t in tests if t.id() not in done and (not only or t.id() in only)]
    unittest.TestSuite(chosen).run(Diary(wanted["results"]))


if __name__ == "__main__":
    main()
elif __name__ == "__mp_main__":
    look_into_more_folders()

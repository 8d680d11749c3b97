"""A quick part of CPython's own tests of threading and asyncio, bare and probed: the probe must change nothing."""

import json
import subprocess
import tempfile
from pathlib import Path

import pytest

import pythons

_RUNNER = Path(__file__).with_name("run_cpython_tests.py")
_BOOT = Path(__file__).parents[3] / "engine" / "syncscope_engine" / "probe" / "boot.py"
_SUITES = {
    "test_threading": (
        "LockTests", "CRLockTests", "ConditionAsRLockTests", "ConditionTests", "EventTests", "SemaphoreTests",
        "BoundedSemaphoreTests", "BarrierTests", "ThreadingExceptionTests", "ExceptHookTests", "TimerTests",
        "AtexitTests", "InterruptMainTests", "MiscTestCase",
    ),
    "test_thread": ("ThreadRunningTests", "LockTests"),
    "test_asyncio.test_locks": (
        "LockTests", "EventTests", "ConditionTests", "SemaphoreTests", "BarrierTests",
    ),
    "test_asyncio.test_queues": (
        "QueueBasicTests", "QueueGetTests", "QueuePutTests", "LifoQueueTests", "PriorityQueueTests",
        "QueueJoinTests",
    ),
    "test_queue": ("CQueueTest", "CLifoQueueTest", "CPriorityQueueTest", "CSimpleQueueTest"),
}  # fmt: skip
_IDENTITY = {"test.test_thread.ThreadRunningTests.test_unraisable_exception"}
"""Look at the very object that is replaced; nothing depends on it."""


def _folder_of_tests(python: str) -> str:
    where = "import os, test.test_threading, test.lock_tests; print(os.path.dirname(test.__file__))"
    answer = subprocess.run([python, "-c", where], capture_output=True, text=True, timeout=30, check=False)
    return answer.stdout.strip()


def test_cpythons_own_tests_end_probed_as_they_do_bare(version: str, tmp_path: Path) -> None:
    python = pythons.find(version) or ""
    folder = _folder_of_tests(python)
    if not folder:
        pytest.skip("this Python is installed without its package of tests")
    work = [str(_RUNNER), *(f"test.{file}.{suite}" for file, suites in _SUITES.items() for suite in suites)]
    with tempfile.TemporaryDirectory() as session:
        options = json.dumps({"std_is_user": [folder]})
        probed = [str(_BOOT), "--session", session, "--opts", options, "--"]
        runs = [
            subprocess.Popen([python, "-W", "ignore", *command, *work], stdout=subprocess.PIPE, cwd=tmp_path)
            for command in ([], probed)
        ]
        bare_outcomes, outcomes = (json.loads(run.communicate(timeout=60)[0]) for run in runs)
        faults = [
            line
            for file in Path(session).glob("*.meta")
            for line in file.read_text().splitlines()
            if json.loads(line)["k"] == "fault"
        ]
    assert not faults
    assert len(outcomes) > 100
    assert outcomes.keys() == bare_outcomes.keys()
    changed = {name: how for name, how in outcomes.items() if how != bare_outcomes[name] and how != "ok"}
    assert changed.keys() <= _IDENTITY, changed

"""Failures that no assertion tells: lost updates, and permits that were never taken; and what only looks like them."""

from pathlib import Path

import pytest
from real_programs import explored

from syncscope_engine.explore.verdict import Verdict

THREADS = """
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
LOST = {
    "in one statement": "n = 0\ndef work():\n    global n\n    n += 1",
    "by way of a local": "n = 0\ndef work():\n    global n\n    old = n\n    new = old + 1\n    n = new",
    "of an attribute": "class A: n = 0\na = A()\ndef work():\n    a.n = a.n + 1",
    "in two critical sections": (
        "n = 0\nlock = threading.Lock()\ndef work():\n    global n\n    with lock:\n        old = n\n"
        "    with lock:\n        n = old + 1"
    ),
}
KEPT = {
    "under a lock": "n = 0\nlock = threading.Lock()\ndef work():\n    global n\n    with lock:\n        n += 1",
    "written without reading": "n = 0\ndef work():\n    global n\n    n = 1",
    "read for something else": "n = m = 0\ndef work():\n    global n\n    print(n)\n    n = 5",
    "looked at again before it is written": (
        "n = 0\nlock = threading.Lock()\ndef work():\n    global n\n    while True:\n        old = n\n"
        "        with lock:\n            if n == old:\n                n = old + 1\n                return"
    ),
    "a list that grows": "log = []\ndef work():\n    log.append(len(log))",
}


@pytest.mark.parametrize("name", LOST)
def test_an_update_is_lost(tmp_path: Path, name: str) -> None:
    result = explored(tmp_path, f"import threading\n{LOST[name]}\n{THREADS}")
    assert result.verdict is Verdict.FAILS
    failure = result.failures[0]
    assert (failure["outcome"], failure["replayed"]) == ("lost_update", 10)
    assert failure["error"] in ("n", "a.n")


@pytest.mark.parametrize("name", KEPT)
def test_no_update_is_lost(tmp_path: Path, name: str) -> None:
    result = explored(tmp_path, f"import threading\n{KEPT[name]}\n{THREADS}")
    assert result.verdict is Verdict.EXHAUSTED


def test_one_release_too_many(tmp_path: Path) -> None:
    work = "def work():\n    seats.acquire()\n    seats.release()\n    seats.release()"
    result = explored(tmp_path, f"import threading\nseats = threading.Semaphore(2)\n{work}\n{THREADS}")
    assert [failure["outcome"] for failure in result.failures] == ["unbounded_release"]
    assert result.failures[0]["error"] == "seats"


@pytest.mark.parametrize(
    "program",
    [
        # a signal: who releases it never acquires it
        "ready = threading.Semaphore(0)\ndef work():\n    ready.release()",
        "seats = threading.Semaphore(1)\ndef work():\n    with seats:\n        pass",
        "c = threading.Condition()\ndef work():\n    with c:\n        c.wait(1)",
    ],
)
def test_as_many_releases_as_there_should_be(tmp_path: Path, program: str) -> None:
    assert explored(tmp_path, f"import threading\n{program}\n{THREADS}").verdict is Verdict.EXHAUSTED

"""The same numbers of orders as of the abstract programs, of real Python programs on real threads."""

from pathlib import Path

import pytest
from real_programs import ABBA, CONDITION_WITH_IF, DINING, INCREMENTS, LOCKED_APPENDS, explored

from pythons import VERSIONS, find
from syncscope_engine.explore.verdict import Verdict


@pytest.mark.parametrize(
    ("source", "args", "orders"),
    [
        *(
            (LOCKED_APPENDS, args, n)
            for args, n in (("2 2", 6), ("2 3", 20), ("3 1", 6), ("3 2", 90), ("3 3", 1680))
        ),
        *((DINING, str(n), 2**n - 1) for n in (3, 4, 5, 6)),
        (INCREMENTS, "1", 4),
        (INCREMENTS, "3", 328),
        (ABBA, "", 3),
        (CONDITION_WITH_IF, "", 24),
    ],
)
def test_every_distinct_order_once(tmp_path: Path, source: str, args: str, orders: int) -> None:
    result = explored(tmp_path, source, *args.split(), keep_going=True)
    assert result.runs == orders
    assert not result.unfinished
    assert result.verdict == (Verdict.EXHAUSTED if source == LOCKED_APPENDS else Verdict.FAILS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_deadlock_of_two_locks_is_the_second_order(tmp_path: Path, version: str) -> None:
    python = find(version)
    if python is None:
        pytest.skip(f"no python{version}")
    result = explored(tmp_path, ABBA, python=python)
    (failure,) = result.failures
    assert (result.verdict, failure["found_at"], failure["outcome"]) == (Verdict.FAILS, 2, "deadlock")
    assert (failure["replayed"], failure["replays"]) == (10, 10)
    assert len(failure["forced"]) == 1


def test_two_of_the_orders_of_a_condition_with_if_fail(tmp_path: Path) -> None:
    (failure,) = explored(tmp_path, CONDITION_WITH_IF, keep_going=True).failures
    assert (failure["times"], failure["error"]) == (2, "IndexError: pop from empty list")


@pytest.mark.parametrize("strategy", ["random", "pos", "pct", "bounded"])
def test_the_other_strategies_find_it_too(tmp_path: Path, strategy: str) -> None:
    result = explored(tmp_path, CONDITION_WITH_IF, strategy=strategy, runs=3000)
    assert result.verdict is Verdict.FAILS
    assert result.failures[0]["replayed"] == 10


def test_the_same_seeds_draw_the_same_orders_in_one_process_and_in_two(tmp_path: Path) -> None:
    found = [
        explored(tmp_path, INCREMENTS, "1", strategy="random", runs=40, jobs=jobs, keep_going=True)
        for jobs in (1, 2)
    ]
    assert found[0].runs == found[1].runs == 40
    assert found[0].distinct == found[1].distinct
    assert {f["error"] for f in found[0].failures} == {f["error"] for f in found[1].failures}


DAEMON = """
import threading
def work():
    raise RuntimeError("only if there was time for it")
threading.Thread(target=work, daemon=True).start()
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_daemon_may_or_may_not_go_on_before_the_program_ends(tmp_path: Path, jobs: int) -> None:
    result = explored(tmp_path, DAEMON, keep_going=True, jobs=jobs)
    assert result.verdict is Verdict.FAILS
    assert (result.runs, result.failures[0]["times"]) == (2, 1)

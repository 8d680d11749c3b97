"""The exact numbers of distinct orders, which no machine and no version of Python may change."""

import pytest
from generated import PARTS, WITH_TIME, generate
from toy import Toy, all_outcomes
from toy_programs import abba, condition_with_if, dining, increments, locked_appends

from syncscope_engine.control.bounded import Bounded
from syncscope_engine.control.dpor import Dpor
from syncscope_engine.control.search import EXHAUSTED, FAILS, Search

ORDERS = [
    (locked_appends(2, 2), 6),
    (locked_appends(2, 3), 20),
    (locked_appends(3, 1), 6),
    (locked_appends(3, 2), 90),
    (locked_appends(3, 3), 1680),
    *((dining(n), 2**n - 1) for n in (3, 4, 5, 6)),
    (increments(2, 1), 4),
    (increments(2, 3), 328),
    (abba(), 3),
    (condition_with_if(), 24),
]


@pytest.mark.parametrize(("toy", "orders"), ORDERS)
def test_every_distinct_order_once(toy: Toy, orders: int) -> None:
    found = Search(toy.run, Dpor(), keep_going=True).go()
    assert found.runs == orders
    assert found.verdict == (FAILS if found.failures else EXHAUSTED)


def test_a_deadlock_of_two_locks_is_the_second_order() -> None:
    found = Search(abba().run, Dpor()).go()
    assert (found.verdict, found.failures[0].found_at) == (FAILS, 2)
    assert found.failures[0].result.outcome == "deadlock"


def test_two_of_the_orders_of_a_condition_with_if_fail() -> None:
    found = Search(condition_with_if().run, Dpor(), keep_going=True).go()
    assert sum(failure.times for failure in found.failures) == 2


@pytest.mark.parametrize("block", range(6))
def test_the_reduced_search_finds_every_outcome_that_there_is(block: int) -> None:
    for seed in range(50 * block, 50 * block + 50):
        toy = generate(seed, WITH_TIME if seed % 3 == 0 else PARTS)
        found: set[object] = set()
        strategy = Dpor()
        while (choose := strategy.next()) is not None:
            result = toy.run(choose)
            if result.outcome != "cut":
                found.add(toy.final_outcome(result))
            strategy.learn(result)
        assert found == all_outcomes(toy), f"program {seed}: {toy.code}"


def test_the_oracle_itself_is_checked_by_plain_search() -> None:
    for toy in (increments(2, 2), abba(), locked_appends(2, 2)):
        found: set[object] = set()
        strategy = Bounded(bound=None)
        while (choose := strategy.next()) is not None:
            result = toy.run(choose)
            found.add(toy.final_outcome(result))
            strategy.learn(result)
        assert found == all_outcomes(toy)


def test_a_bound_on_preemptions_leaves_out_what_needs_more() -> None:
    counts = [Search(increments(2, 2).run, Bounded(bound), keep_going=True).go().runs for bound in (0, 1, 2)]
    assert counts[0] < counts[1] < counts[2]
    assert Search(abba().run, Bounded(0)).go().verdict == EXHAUSTED  # its deadlock needs one preemption
    assert Search(abba().run, Bounded(1)).go().verdict == FAILS

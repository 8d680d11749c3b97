"""The systematic search divided among children finds what it finds undivided, each order once."""

from pathlib import Path
from typing import Any

import pytest
from generated import generate
from real_programs import DINING, INCREMENTS, LOCKED_APPENDS, explored
from toy import Toy, all_outcomes
from toy_programs import ORDERS_OF

from syncscope_engine.control.dpor import Dpor
from syncscope_engine.explore.parts import Parts
from syncscope_engine.explore.verdict import Verdict


class _Child:
    """Searches a little of the part that it was asked for, when it is its turn."""

    def __init__(self, toy: Toy, found: list[object]) -> None:
        self._toy = toy
        self._found = found
        self.asked: dict[str, Any] = {}

    def ask(self, what: dict[str, Any]) -> None:
        self.asked = what

    def search(self, executions: int) -> dict[str, Any]:
        strategy = Dpor(self.asked["given"], self.asked["daemons"])
        for _ in range(executions):
            choose = strategy.next()
            if choose is None:
                break
            result = self._toy.run(choose)
            if result.outcome != "cut":
                self._found.append(self._toy.final_outcome(result))
            strategy.learn(result)
        return {"rest": strategy.rest(), "escaped": strategy.escaped, "daemons": list(strategy.daemons)}


def _divided(toy: Toy, n_children: int, executions: int) -> list[object]:
    found: list[object] = []
    parts = Parts()
    children: list[Any] = [_Child(toy, found) for _ in range(n_children)]
    while not parts.done:
        parts.hand_out(parts.idle(children), None, None)
        idle = parts.idle(children)
        busy = [child for child in children if child not in idle]
        parts.take_back(busy[-1], busy[-1].search(executions))  # the others are still at it
    return found


@pytest.mark.parametrize(("toy", "orders"), ORDERS_OF)
def test_every_order_once_however_it_is_divided(toy: Toy, orders: int) -> None:
    for n_children, executions in ((1, 1), (3, 2)):
        assert len(_divided(toy, n_children, executions)) == orders


def test_nothing_is_lost_where_the_work_is_handed_back_undone() -> None:
    parts = Parts()
    found: list[object] = []
    toy, orders = ORDERS_OF[1]
    child: Any = _Child(toy, found)
    parts.hand_out([child], None, None)
    parts.take_back(child, child.search(0))
    assert not parts.done
    while not parts.done:
        parts.hand_out([child], None, None)
        parts.take_back(child, child.search(3))
    assert len(found) == orders


def test_every_outcome_however_it_is_divided() -> None:
    for seed in range(30):
        toy = generate(seed)
        assert set(_divided(toy, 3, 2)) == all_outcomes(toy), f"program {seed}"


@pytest.mark.parametrize(
    ("source", "args", "orders"), [(LOCKED_APPENDS, "3 2", 90), (DINING, "5", 31), (INCREMENTS, "3", 328)]
)
def test_real_programs_in_several_processes(tmp_path: Path, source: str, args: str, orders: int) -> None:
    result = explored(tmp_path, source, *args.split(), jobs=3, keep_going=True)
    assert result.runs == orders
    assert result.verdict == (Verdict.EXHAUSTED if source == LOCKED_APPENDS else Verdict.FAILS)
    assert {failure["replayed"] for failure in result.failures} <= {10}


def test_a_crash_in_one_of_several_processes_is_no_pass(tmp_path: Path) -> None:
    source = LOCKED_APPENDS + "\nimport os\nif log == [0] or len(log) > 3: os.kill(os.getpid(), 9)\n"
    result = explored(tmp_path, source, "2", "2", jobs=2)
    assert (result.verdict, result.reason) == (Verdict.BUDGET_SPENT, "ended")


def test_the_budget_of_all_together(tmp_path: Path) -> None:
    result = explored(tmp_path, LOCKED_APPENDS, "3", "3", jobs=2, runs=100)
    assert (result.verdict, result.reason) == (Verdict.BUDGET_SPENT, "runs")
    assert 100 <= result.runs <= 120

"""The verdict, and what it rests on.  That nothing was found never means more than what was tried."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from .child import Ending
from .request import SYSTEMATIC, Request


class Verdict(str, Enum):
    FAILS = "fails"
    EXHAUSTED = "exhausted"
    BUDGET_SPENT = "budget_spent"


FAILURES = frozenset({"failed", "deadlock", "lost_update", "unbounded_release"})
"""The outcomes of an execution that are failures."""
EXIT_STATUS = {Verdict.FAILS: 1, Verdict.EXHAUSTED: 0, Verdict.BUDGET_SPENT: 4}


@dataclass
class Explored:
    """What came of an exploration, of all its children together."""

    request: Request
    label: str
    python: str
    verdict: Verdict = Verdict.BUDGET_SPENT
    reason: str = ""
    """Why the budget was spent: runs, seconds, unfinished, divergence, ended, stopped."""
    runs: int = 0
    cut: int = 0
    steps: int = 0
    longest: int = 0
    seconds: float = 0.0
    searched: float = 0.0
    """Seconds without the start of the children, and without shrinking."""
    distinct: int = 0
    """Orders that were different for sure; 0 where every order is a different one anyway."""
    once: int = 0
    share: float | None = None
    failures: list[dict[str, Any]] = field(default_factory=list)
    unfinished: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    divergence: str = ""
    endings: list[Ending] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.verdict]

    @property
    def per_second(self) -> float:
        return (self.runs + self.cut) / self.searched if self.searched else 0.0

    @property
    def new_order_chance(self) -> float | None:
        """The probability that one more execution brings an order that was not met yet (Good and Turing)."""
        return self.once / self.runs if self.runs and self.distinct else None

    def assumptions(self) -> list[str]:
        """What the verdict holds under, by name."""
        names = [
            "input",
            f"granularity_{self.request.granularity}",
            "memory",
            f"time_{self.request.time_limits}",
        ]
        if self.request.asyncio_order == "adversarial":
            names.append("adversarial")
        if self.request.strategy == "bounded":
            names.append("bound")
        return names


def add_counts(explored: Explored, counts: dict[str, Any], seconds: float) -> None:
    """What one child has counted."""
    for name in ("runs", "cut", "steps", "distinct", "once"):
        setattr(explored, name, getattr(explored, name) + int(counts[name]))
    explored.longest = max(explored.longest, int(counts["longest"]))
    explored.seconds = seconds
    explored.searched = max(explored.searched, float(counts["seconds"]))
    explored.share = counts["share"]
    explored.divergence = explored.divergence or str(counts["divergence"])
    for name in ("unfinished", "warnings"):
        merged: dict[str, int] = getattr(explored, name)
        for text, times in counts[name].items():
            merged[text] = merged.get(text, 0) + times


def judge(explored: Explored, verdicts: list[str], stopped: bool) -> None:
    """`verdicts`: of the children that came to their end."""
    if explored.failures:
        explored.verdict = Verdict.FAILS
        return
    if (
        explored.request.strategy in SYSTEMATIC
        and verdicts
        and all(verdict == Verdict.EXHAUSTED for verdict in verdicts)
        and not explored.unfinished
        and not explored.divergence
        and not explored.endings
        and not stopped
    ):
        explored.verdict = Verdict.EXHAUSTED
        return
    request = explored.request
    if stopped:
        explored.reason = "stopped"
    elif explored.endings:
        explored.reason = "ended"
    elif explored.divergence:
        explored.reason = "divergence"
    elif request.runs is not None and explored.runs + sum(explored.unfinished.values()) >= request.runs:
        explored.reason = "runs"
    elif request.seconds is not None and explored.seconds >= request.seconds:
        explored.reason = "seconds"
    else:
        explored.reason = "unfinished"

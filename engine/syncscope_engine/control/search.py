"""Runs a strategy on a program until it fails, nothing is left to try, or the budget is spent.

What comes of it is one of three verdicts.  That nothing failed never means more than what was tried.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from .execution import Chooser, Result
from .operation import Operation
from .strategy import Divergence, Strategy

FAILS, EXHAUSTED, BUDGET_SPENT = "fails", "exhausted", "budget_spent"
FAILURES = frozenset({"failed", "deadlock", "lost_update", "unbounded_release"})
_REMEMBERED = 100_000

Signature = tuple[object, ...]


@dataclass
class Failure:
    result: Result
    found_at: int
    """The order that failed first, counted from 1."""
    times: int = 1


@dataclass
class Found:
    verdict: str
    runs: int = 0
    """Orders that were executed to their end."""
    cut: int = 0
    """Executions given up because their order was known already."""
    steps: int = 0
    longest: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)
    unfinished: dict[str, int] = field(default_factory=dict)
    """Executions that ended neither well nor badly: too long, or outside of the scheduler; by what they said."""
    warnings: dict[str, int] = field(default_factory=dict)
    orders: set[int] = field(default_factory=set)
    """Fingerprints of the orders, for strategies that may meet one twice."""
    once: int = 0
    """How many of them were met only once."""
    share: float | None = None
    divergence: str = ""


def failed(result: Result) -> bool:
    return result.outcome in FAILURES


def signature(result: Result) -> Signature:
    """Two failures of one signature are one."""
    if result.outcome == "deadlock":
        return ("deadlock", *sorted((each.kind, each.file, each.line) for each in result.pending.values()))
    return (result.outcome, result.error, *result.where)


class Search:
    def __init__(
        self,
        run: Callable[[Chooser], Result],
        strategy: Strategy,
        *,
        runs: int | None = None,
        seconds: float | None = None,
        keep_going: bool = False,
    ) -> None:
        self._run = run
        self._strategy = strategy
        self._runs = runs
        self._seconds = seconds
        self._keep_going = keep_going
        self._seen: dict[int, int] = {}
        self._failures: dict[Signature, Failure] = {}
        self.found = Found(BUDGET_SPENT)

    def go(self, on_run: "Callable[[Found], None] | None" = None) -> Found:
        """`on_run` is called after every execution."""
        found, strategy = self.found, self._strategy
        begin = perf_counter()
        while True:
            if self._spent(perf_counter() - begin):
                break
            choose = strategy.next()
            if choose is None:
                if not found.unfinished and strategy.systematic:
                    found.verdict = EXHAUSTED
                break
            try:
                result = self._run(choose)
                strategy.learn(result)
            except Divergence as divergence:
                found.divergence = str(divergence)
                break
            self._note(result)
            found.seconds = perf_counter() - begin
            if on_run is not None:
                found.share = strategy.share()
                on_run(found)
            if self._failures and not self._keep_going:
                break
        found.seconds = perf_counter() - begin
        found.share = strategy.share()
        if self._failures:
            found.verdict = FAILS
        return found

    def _spent(self, seconds: float) -> bool:
        found = self.found
        if self._runs is not None and found.runs + sum(found.unfinished.values()) >= self._runs:
            return True
        return self._seconds is not None and seconds >= self._seconds

    def _note(self, result: Result) -> None:
        found = self.found
        found.steps += len(result.steps)
        for warning in result.warnings:
            found.warnings[warning] = found.warnings.get(warning, 0) + 1
        if result.outcome == "cut" or self._strategy.known:
            found.cut += 1
            return
        found.longest = max(found.longest, len(result.steps))
        if result.outcome in ("limit", "outside"):
            text = result.error or result.outcome
            found.unfinished[text] = found.unfinished.get(text, 0) + 1
            return
        found.runs += 1
        if not self._strategy.systematic:
            self._remember(fingerprint(result))
        if failed(result):
            known = self._failures.get(signature(result))
            if known is not None:
                known.times += 1
            else:
                failure = self._failures[signature(result)] = Failure(result, found.runs)
                found.failures.append(failure)

    def _remember(self, order: int) -> None:
        times = self._seen.get(order, 0)
        if times == 0 and len(self._seen) >= _REMEMBERED:
            return
        self._seen[order] = times + 1
        if times == 0:
            self.found.orders.add(order)
            self.found.once += 1
        elif times == 1:
            self.found.once -= 1


def fingerprint(result: Result) -> int:
    """The same for executions that differ only in how independent operations interleave.

    Each step counts by its operation, by what its task did before, and by what was done on its key before it.  Two
    orders may by chance count the same, so that fewer orders are told than there were, never more.
    """
    tasks: dict[int, int] = {}
    wrote: dict[int, int] = {}
    read: dict[int, int] = {}
    total = 0
    for step in result.steps:
        operation: Operation = step.operation
        key = operation.key
        about = (step.task, operation.kind, operation.line, tasks.get(step.task, 0))
        mark = (
            hash((about, wrote.get(key, 0), read.get(key, 0) if operation.writes else 0))
            if key
            else hash(about)
        )
        tasks[step.task] = mark
        if key and operation.writes:
            wrote[key] = mark
            read[key] = 0
        elif key:
            read[key] = (read.get(key, 0) + mark) & 0xFFFFFFFFFFFF
        total = (total + mark) & 0xFFFFFFFFFFFFFFF
    return total

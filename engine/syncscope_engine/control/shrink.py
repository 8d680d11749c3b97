"""Makes a failing schedule small: as few forced choices as possible, and then as few switches.

A choice is forced where it is not what would happen anyway: that who runs goes on, and else the first who can.
Sets of forced choices are left out, large ones first, for as long as the program fails in the same way.
"""

import itertools
from collections.abc import Callable
from itertools import groupby

from .execution import Chooser, Point, Result
from .search import signature
from .strategy import keep_going

Forced = dict[int, int]
"""Step → task."""
_SINGLE = 150


def switches(result: Result) -> int:
    steps = result.steps
    return sum(a.task != b.task for a, b in itertools.pairwise(steps))


def forced_choices(result: Result) -> Forced:
    """The choices of an execution that were not the ones that go without saying."""
    forced: Forced = {}
    running = row = 0
    for n, step in enumerate(result.steps):
        if keep_going(Point(n, running, step.enabled, {}), row) != step.task:
            forced[n] = step.task
        row = row + 1 if step.task == running else 1
        running = step.task
    return forced


def forcing(forced: Forced) -> Chooser:
    """Chooses what is forced where it can be, and else what goes without saying."""
    row = 0

    def choose(point: Point) -> int:
        nonlocal row
        task = forced.get(point.n, 0)
        if task not in point.enabled:
            task = keep_going(point, row)
        row = row + 1 if task == point.running else 1
        return task

    return choose


def in_order(order: "list[int]") -> Chooser:
    """Chooses one task after the other where that can be, and else what goes without saying."""

    def choose(point: Point) -> int:
        if point.n < len(order) and order[point.n] in point.enabled:
            return order[point.n]
        return keep_going(point)

    return choose


class _Shrinking:
    def __init__(self, run: "Callable[[Chooser], Result]", failing: Result, tries: int) -> None:
        self._run = run
        self._wanted = signature(failing)
        self._tries = tries
        self.best = failing
        self.used = 0

    def attempt(self, choose: Chooser) -> bool:
        """Whether this is better; the best is kept."""
        if self.used >= self._tries:
            return False
        self.used += 1
        result = self._run(choose)
        if signature(result) != self._wanted or _size(result) >= _size(self.best):
            return False
        self.best = result
        return True

    def leave_out(self) -> None:
        """Sets of forced choices, large ones first."""
        chunk = max(1, len(forced_choices(self.best)) // 2)
        while self.used < self._tries:
            forced = forced_choices(self.best)
            steps, at, better = sorted(forced), 0, False
            while at < len(steps) and self.used < self._tries:
                rest = {n: forced[n] for n in steps if n not in steps[at : at + chunk]}
                if self.attempt(forcing(rest)):
                    forced, better = forced_choices(self.best), True
                    steps = sorted(forced)
                else:
                    at += chunk
            if chunk == 1 and not better:
                return
            chunk = max(1, chunk // 2)

    def join_rows(self) -> None:
        """Exchange neighbouring rows of steps of one task each, so that rows of the same task become one."""
        better = True
        while better and self.used < self._tries:
            better = False
            rows = [list(row) for _, row in groupby(step.task for step in self.best.steps)]
            for n in range(len(rows) - 1):
                swapped = [*rows[:n], rows[n + 1], rows[n], *rows[n + 2 :]]
                if self.attempt(in_order([task for row in swapped for task in row])):
                    better = True
                    break

    def force_one(self) -> None:
        """What is left was chosen by the way it was found; perhaps one choice elsewhere does as well."""
        self.used += 1
        plain = self._run(forcing({}))
        single = [
            (n, task) for n, step in enumerate(plain.steps) for task in step.enabled if task != step.task
        ]
        for n, task in single[:_SINGLE]:
            if self.attempt(forcing({n: task})):
                return


def _size(result: Result) -> "tuple[int, int, int]":
    return len(forced_choices(result)), switches(result), len(result.steps)


def shrink(run: "Callable[[Chooser], Result]", failing: Result, tries: int = 600) -> "tuple[Result, int]":
    """The smallest execution found that fails in the same way, and the executions that it took to find it."""
    shrinking = _Shrinking(run, failing, tries)
    shrinking.leave_out()
    if len(forced_choices(shrinking.best)) > 1:
        shrinking.force_one()
        shrinking.join_rows()
        shrinking.leave_out()
    return shrinking.best, shrinking.used

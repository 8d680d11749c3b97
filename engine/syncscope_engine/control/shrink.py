"""Makes a failing schedule small: as few forced choices as possible, and then as few switches.

A choice is forced where it is not what would happen anyway: that who runs goes on, and else the first who can.
Sets of forced choices are left out, large ones first, for as long as the program fails in the same way.
"""

import itertools
from collections.abc import Callable

from .execution import Chooser, Point, Result
from .search import signature
from .strategy import keep_going

Forced = dict[int, int]
"""Step → task."""


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


def shrink(run: Callable[[Chooser], Result], failing: Result, tries: int = 400) -> "tuple[Result, int]":
    """The smallest execution found that fails in the same way, and the executions that it took to find it."""
    wanted = signature(failing)
    best, used = failing, 0

    def size(result: Result) -> "tuple[int, int, int]":
        return len(forced_choices(result)), switches(result), len(result.steps)

    def attempt(forced: Forced) -> bool:
        nonlocal best, used
        used += 1
        result = run(forcing(forced))
        if signature(result) != wanted or size(result) >= size(best):
            return False
        best = result
        return True

    chunk = max(1, len(forced_choices(best)) // 2)
    while used < tries:
        forced = forced_choices(best)
        steps = sorted(forced)
        at, better = 0, False
        while at < len(steps) and used < tries:
            left_out = steps[at : at + chunk]
            if attempt({n: task for n, task in forced.items() if n not in left_out}):
                forced = forced_choices(best)
                steps = sorted(forced)
                better = True
            else:
                at += chunk
        if chunk == 1 and not better:
            break
        chunk = max(1, chunk // 2)
    return best, used

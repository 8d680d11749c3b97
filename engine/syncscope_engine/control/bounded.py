"""Every order with at most so many preemptions, depth first; without a bound: every order, by brute force.

A preemption takes the turn from a task that could go on.  Most faults need one or two.  Orders that differ only in
independent operations are all tried: this is the plain search, that the reduced one is measured against.
"""

from .execution import Chooser, Point, Result
from .strategy import PATIENCE, Divergence


class _Decision:
    __slots__ = ("choices", "index", "n", "running", "used")

    def __init__(self, n: int, choices: "tuple[int, ...]", running: int, used: int) -> None:
        self.n = n
        self.choices = choices
        self.index = 0
        self.running = running  # who would have gone on, 0 = could not
        self.used = used  # preemptions before

    @property
    def chosen(self) -> int:
        return self.choices[self.index]

    @property
    def used_after(self) -> int:
        return self.used + (self.running != 0 and self.chosen != self.running)


class Bounded:
    systematic = True

    def __init__(self, bound: "int | None" = 2) -> None:
        self._bound = bound
        self._now = (
            0 if bound is not None else None
        )  # fewer preemptions first: what needs them is easier to read
        self._path: list[_Decision] = []
        self._at = 0
        self._begun = False
        self._row = 0
        self.known = False

    def next(self) -> "Chooser | None":
        if self._begun and not self._path:
            if self._now is None or self._now == self._bound:
                return None
            self._now += 1
        self._begun = True
        self._at = self._row = 0
        return self._choose

    def _choose(self, point: Point) -> int:
        enabled = point.enabled
        if len(enabled) == 1:
            self._row = 0
            return enabled[0]
        if self._is_private(point):
            self._row += 1
            return point.running  # whether it is interrupted before or after this makes no difference
        if self._at < len(self._path):
            decision = self._path[self._at]
            if decision.n != point.n or decision.chosen not in enabled:
                raise Divergence(point.n, f"task {decision.chosen} at step {decision.n}", f"{enabled}")
        else:
            decision = self._decide(point)
            self._path.append(decision)
        self._at += 1
        self._row = self._row + 1 if decision.chosen == point.running else 0
        return decision.chosen

    def _is_private(self, point: Point) -> bool:
        if point.running not in point.enabled or self._row >= PATIENCE:
            return False
        operation = point.pending[point.running]
        return operation.key == 0 and operation.kind != "yield"

    def _decide(self, point: Point) -> _Decision:
        used = self._path[-1].used_after if self._path else 0
        running = point.running
        if running not in point.enabled:
            return _Decision(point.n, point.enabled, 0, used)
        others = tuple(task for task in point.enabled if task != running)
        if self._row >= PATIENCE:
            # it waits in a loop: that it is interrupted is no preemption, or the bound would keep it waiting
            return _Decision(point.n, others, 0, used)
        if self._now is not None and used >= self._now:
            others = ()
        return _Decision(point.n, (running, *others), running, used)

    def learn(self, result: Result) -> None:
        path = self._path
        if self._at < len(path):
            decision = path[self._at]
            raise Divergence(len(result.steps), f"task {decision.chosen} at step {decision.n}", "the end")
        used = path[-1].used_after if path else 0
        self.known = self._now is not None and used < self._now
        while path and path[-1].index + 1 == len(path[-1].choices):
            path.pop()
        if path:
            path[-1].index += 1

    def share(self) -> float | None:
        if not self._path:
            return 1.0 if self._begun else None
        if self._now != self._bound:
            return None
        share, weight = 0.0, 1.0
        for decision in self._path:
            weight /= len(decision.choices)
            share += weight * decision.index
        return share

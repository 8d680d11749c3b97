"""Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): random priorities, changed at `depth - 1` steps.

A fault that needs `depth` ordering decisions is met with a probability of at least 1 / (n · k^(depth - 1)), for n
tasks and k steps.  k is the length of the longest execution so far.
"""

from random import Random

from .execution import Chooser, Point, Result
from .strategy import PATIENCE


class Pct:
    systematic = False
    known = False

    def __init__(self, seed: int = 0, depth: int = 3) -> None:
        if depth < 1:
            raise ValueError("the depth is 1 or more")
        self._seed = seed
        self._depth = depth
        self._longest = 0

    def next(self) -> Chooser | None:
        random = Random(self._seed)
        self._seed += 1
        steps = range(1, max(self._longest, self._depth) + 1)
        changes: set[int] = set(random.sample(steps, self._depth - 1))
        priority: dict[int, float] = {}
        lowest, row = 0.0, 0

        def choose(point: Point) -> int:
            nonlocal lowest, row
            for task in point.enabled:
                if task not in priority:
                    priority[task] = 1.0 + random.random()
            # who waits in a loop for others would run for ever at the highest priority
            if point.n in changes or row >= PATIENCE:
                lowest -= 1.0
                priority[point.running] = lowest
                row = 0
            task = max(point.enabled, key=priority.__getitem__)
            row = row + 1 if task == point.running else 1
            return task

        return choose

    def learn(self, result: Result) -> None:
        self._longest = max(self._longest, len(result.steps))

    def share(self) -> float | None:
        return None

"""Partial order sampling (Yuan, Yang, Gu, CAV 2018): every operation has a random rank, the highest goes first.

What depends on the operation that goes draws a new rank: so the orders of dependent operations come out more
evenly than by a random walk, which prefers orders with many switches.
"""

from random import Random

from .execution import Chooser, Point, Result
from .operation import dependent


class Pos:
    systematic = False
    known = False

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def next(self) -> Chooser | None:
        draw = Random(self._seed).random
        self._seed += 1
        ranks: dict[int, float] = {}

        def choose(point: Point) -> int:
            enabled, pending = point.enabled, point.pending
            for task in enabled:
                if task not in ranks:
                    ranks[task] = draw()
            best = max(enabled, key=ranks.__getitem__)
            del ranks[best]
            made = pending[best]
            for task in enabled:
                if task != best and dependent(pending[task], made):
                    del ranks[task]
            return best

        return choose

    def learn(self, result: Result) -> None:
        pass

    def share(self) -> float | None:
        return None

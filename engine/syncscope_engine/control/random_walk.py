"""At every point anybody that can go, with the same probability; from seeds, so that every order comes back."""

from random import Random

from .execution import Chooser, Point, Result


class RandomWalk:
    systematic = False
    known = False

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def next(self) -> Chooser | None:
        draw = Random(self._seed).random
        self._seed += 1

        def choose(point: Point) -> int:
            enabled = point.enabled
            return enabled[int(draw() * len(enabled))] if len(enabled) > 1 else enabled[0]

        return choose

    def learn(self, result: Result) -> None:
        pass

    def share(self) -> float | None:
        return None

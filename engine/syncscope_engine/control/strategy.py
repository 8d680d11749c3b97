"""What a strategy is: it chooses who goes next, execution by execution, and learns from what came of it."""

from typing import Protocol

from .execution import Chooser, Cut, Point, Result

PATIENCE = 64
"""Steps that one task makes in a row before another one is preferred: or a loop that waits would go on for ever."""


class Strategy(Protocol):
    systematic: bool
    """Whether the end of the choices means that all orders were tried."""

    known: bool
    """Whether the last execution was one that it had made before."""

    def next(self) -> Chooser | None:
        """Chooses in the next execution; None when there is nothing left to try."""
        ...

    def learn(self, result: Result) -> None:
        """What came of the execution that the last chooser chose in."""
        ...

    def share(self) -> float | None:
        """The estimated share of the search that is done; None where nothing is known."""
        ...


class Divergence(Cut):
    """The program did not do the same as before, although the same was chosen."""

    def __init__(self, at: int, expected: str, found: str) -> None:
        super().__init__(f"at step {at}: expected {expected}, found {found}")
        self.at = at
        self.expected = expected
        self.found = found


def keep_going(point: Point, row: int = 0) -> int:
    """The choice without a choice: the running task goes on, else the first; `row`: its steps without a break."""
    enabled = point.enabled
    if point.running in enabled:
        if row < PATIENCE or len(enabled) == 1:
            return point.running
        return next((task for task in enabled if task > point.running), enabled[0])
    return enabled[0]

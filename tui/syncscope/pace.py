"""How often something is done: not in every frame, but at once when it matters."""

from collections.abc import Callable
from time import monotonic

clock: Callable[[], float] = monotonic
"""The viewer's time in seconds; a film has its own."""


class Pace:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0
        self._known: object = None

    def is_due(self, known: object = None) -> bool:
        """Whether it is time again; at once when `known` is another one than before."""
        now = clock()
        if now < self._next and known == self._known:
            return False
        self._next, self._known = now + self._seconds, known
        return True

    def hurry(self) -> None:
        """The next time is now."""
        self._next = 0.0

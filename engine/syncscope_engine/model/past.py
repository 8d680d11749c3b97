"""The state at any moment of a recording: from the nearest copy before it, and the events between.

While the tape is reduced, a copy of the reducer is kept every two thousand events; more rarely when there is
much to copy, so that all copies together stay smaller than the events.  A moment is reached by going on from
the nearest copy, or from the moment that was asked for last.
"""

import gc
import pickle
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager

from ..recording import Recording
from .copies import Copies
from .reducer import Reducer
from .state import State

SPACING = 2048
"""Events between two copies, at least."""


class Checkpoints:
    """Copies of a reducer on its way.  Grows only at its end; one thread keeps, any reads."""

    def __init__(self) -> None:
        self.next_n = SPACING  # the event after which it is time for a copy
        self._numbers = [0]
        self._copies = [b""]

    def keep(self, reducer: Reducer) -> None:
        """The reducer has taken the events up to `next_n` or later."""
        self._copies.append(zlib.compress(pickle.dumps(reducer.memory(), pickle.HIGHEST_PROTOCOL), 1))
        self._numbers.append(reducer.state.n)
        n_entities = len(reducer.state.tasks) + len(reducer.state.resources)
        self.next_n = reducer.state.n + max(SPACING, n_entities // 2)

    def before(self, n: int) -> tuple[int, bytes]:
        """Number of the last event of the nearest copy not after `n`, and the copy; (0, b"") = the beginning."""
        i = bisect_right(self._numbers, n, hi=len(self._copies)) - 1
        return self._numbers[i], self._copies[i]


class Past:
    """One reader of the past: what it was asked last makes the next question near it cheap."""

    def __init__(self, recording: Recording, checkpoints: Checkpoints) -> None:
        self._recording = recording
        self._checkpoints = checkpoints
        self._start_from(b"")

    def _start_from(self, copy: bytes) -> None:
        self._reducer = Reducer(self._recording.tables)
        if copy:
            self._reducer.remember(pickle.loads(zlib.decompress(copy)))
        self._copies = Copies(self._reducer)

    def at(self, n: int) -> State:
        """The state after event `n` (0 = before the first), which does not change any more.  Raises RecordingError."""
        at, copy = self._checkpoints.before(n)
        with _no_garbage():
            if not at <= self._reducer.state.n <= n:
                self._start_from(copy)
            handle = self._reducer.handle
            for event in self._recording.between(self._reducer.state.n + 1, n):
                handle(event)
            return self._copies.newest()

    def at_time(self, t_ns: int) -> State:
        """The state at `t_ns`, all events of that very moment included."""
        return self.at(self._recording.index_at(t_ns))


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Nothing is looked for while many objects are made and none are dropped: that takes longer than making them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

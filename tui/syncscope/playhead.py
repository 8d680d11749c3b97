"""Where on the tape the screen looks: at its end (live), at a moment of the past, or on its way through it.

Time here is the tape's.  Slow motion is slow looking: the program is not slowed by it.
"""

from dataclasses import dataclass
from itertools import islice

from syncscope_engine.recording import Recording

SPEEDS: tuple[float, ...] = (
    *(1 / slow for slow in (1000, 500, 200, 100, 50, 20, 10, 5, 2)),
    *(1, 2, 5, 10, 20, 50, 100),
)
"""Of a second of the tape in a second of the viewer's."""
_NORMAL = SPEEDS.index(1)
_FAR = 200_000
"""So many events are looked through for the next one of a task."""


@dataclass(frozen=True, slots=True)
class Position:
    live: bool = True
    n: int = 0  # number of the last event that has happened; not used while live
    t_ns: int = 0  # likewise
    speed: float = 1.0
    playing: bool = False


class Playhead:
    """Belongs to one thread, which calls `tick` for each frame."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._live = True
        self._speed = _NORMAL
        self._playing = False
        self._n = 0
        self._t_ns = recording.tables.start_ns
        self.end_ns = 0  # until where the tape is known; from `tick`

    @property
    def position(self) -> Position:
        return Position(self._live, self._n, self._t_ns, SPEEDS[self._speed], self._playing)

    def tick(self, elapsed_ns: int, end_ns: int) -> None:
        """`elapsed_ns` of the viewer's time have gone by; the tape now reaches to `end_ns`."""
        self.end_ns = end_ns
        if self._live:
            self._t_ns, self._n = end_ns, len(self._recording)
        elif self._playing:
            self.seek(self._t_ns + round(elapsed_ns * SPEEDS[self._speed]), keep_playing=True)
            self._playing = self._t_ns < end_ns

    def go_live(self) -> None:
        self._live = True
        self._playing = False
        self.tick(0, self.end_ns)

    def stop(self) -> None:
        """Stand still where it is, also when that is the end of the tape."""
        self._live = self._playing = False

    def play(self) -> None:
        """Go on from here; from the beginning when this is the end."""
        if self._t_ns >= self.end_ns:
            self.seek(self._recording.tables.start_ns)
        self._live = False
        self._playing = True

    def toggle(self) -> None:
        if self._playing:
            self.stop()
        else:
            self.play()

    def faster(self, steps: int) -> None:
        """Negative: slower."""
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + steps))

    def seek(self, t_ns: int, keep_playing: bool = False) -> None:
        self._live = False
        self._playing = self._playing and keep_playing
        self._t_ns = max(self._recording.tables.start_ns, min(t_ns, self.end_ns))
        self._n = self._recording.index_at(self._t_ns)

    def shift(self, ns: int) -> None:
        self.seek(self._t_ns + ns)

    def seek_event(self, n: int) -> None:
        """To the moment of event `n`, the events after it not yet happened, even those of the same time."""
        self._live = self._playing = False
        self._n = max(0, min(n, len(self._recording)))
        self._t_ns = self._recording[self._n].t_ns if self._n else self._recording.tables.start_ns

    def step(self, by: int, task: int = 0) -> bool:
        """To the next (1) or the previous (-1) event, of `task` if one is given.  False: there is none."""
        n = self._next_of(task, by) if task else self._n + by
        if not 0 <= n <= len(self._recording) or (n == self._n):
            self.stop()
            return False
        self.seek_event(n)
        return True

    def _next_of(self, task: int, by: int) -> int:
        if by > 0:
            later = self._recording.between(self._n + 1, self._n + _FAR)
            return next((e.n for e in later if task in (e.task, e.thread, e.obj)), self._n)
        numbers = range(self._n - 1, max(self._n - _FAR, 0), -1)
        events = (self._recording[n] for n in islice(numbers, _FAR))
        return next((e.n for e in events if task in (e.task, e.thread, e.obj)), self._n)

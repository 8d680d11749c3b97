"""Which stretch of time the lanes show: pages that a pen fills from left to right, or a strip that scrolls."""

from dataclasses import dataclass

_US, _MS, _S = 1_000, 1_000_000, 1_000_000_000
ZOOMS: tuple[int, ...] = (
    *(10, 20, 50, 100, 200, 500),
    *(step * unit for unit in (_US, 10 * _US, 100 * _US, _MS, 10 * _MS, 100 * _MS, _S) for step in (1, 2, 5)),
    10 * _S,
    20 * _S,
    60 * _S,
)
"""Nanoseconds per column: 10 ns to 1 min; a page is from a microsecond to hours long."""

DEFAULT_ZOOM = 100 * _MS
ROOMY = 85
"""From so many columns on, time is drawn twice as wide at first."""


@dataclass(slots=True)
class TimeWindow:
    """`width` columns of `ns_per_column` each, the first of them at `start_ns`.

    Columns lie on a grid that begins with the program: what a cell shows does not depend on where the page
    begins.  The pen is the column of `now_ns`; that is the past when the tape is known to reach further.
    """

    width: int = 1
    ns_per_column: int = DEFAULT_ZOOM
    origin_ns: int = 0  # start of the program
    now_ns: int = 0
    known_ns: int = 0  # until where the tape is known; at least `now_ns`
    first: int = 0  # number of the leftmost column, counted from the origin
    follow: bool = True
    zoomed: bool = False  # by the user
    scrolling: bool = False

    @property
    def start_ns(self) -> int:
        return self.origin_ns + self.first * self.ns_per_column

    @property
    def end_ns(self) -> int:
        return self.start_ns + self.width * self.ns_per_column

    @property
    def last(self) -> int:
        """Number of the column that the pen is in."""
        return max(self.now_ns - self.origin_ns, 0) // self.ns_per_column

    @property
    def pen(self) -> int:
        """The pen's place on the page; may lie beyond either edge."""
        return self.last - self.first

    @property
    def in_the_past(self) -> bool:
        return self.known_ns > self.now_ns

    @property
    def drawn_ns(self) -> int:
        """Until when there is something to draw on the page."""
        return min(self.known_ns, self.end_ns)

    def column(self, t_ns: int) -> int:
        return (t_ns - self.start_ns) // self.ns_per_column

    def time(self, column: int) -> int:
        return self.start_ns + column * self.ns_per_column

    def advance(self, now_ns: int, known_ns: int = 0) -> None:
        """The clock goes on (or back): turn the page when the pen has left it."""
        self.now_ns = now_ns
        self.known_ns = max(now_ns, known_ns)
        if not self.follow or self.width < 1:
            return
        if self.scrolling:
            self.first = max(self.last - self.width + 1, 0)
        elif self.pen >= self.width:
            # the last quarter stays in view, so that nobody loses the thread
            self.first = max(self.last - self.width // 4, 0)
        elif self.pen < 0:
            self._place_pen()

    def resize(self, width: int) -> None:
        if not self.zoomed:
            self.ns_per_column = DEFAULT_ZOOM if width < ROOMY else DEFAULT_ZOOM // 2
        self.width = max(width, 1)
        self.advance(self.now_ns, self.known_ns)

    def pan(self, columns: int) -> None:
        """Look further back (negative) or on; beyond the end means to follow again."""
        if columns < 0:
            if self.follow and self.first == 0:
                return
            self.follow = False
            self.first = max(self.first + columns, 0)
        elif not self.follow:
            self.first += columns
            if self.first + self.width > (self.known_ns - self.origin_ns) // self.ns_per_column:
                self.to_end()

    def to_end(self) -> None:
        self.follow = True
        self._place_pen()

    def to_start(self) -> None:
        self.follow = self.last < self.width
        self.first = 0

    def to_time(self, t_ns: int) -> None:
        """Bring a moment into view, in the middle unless it is in view already, and stay there."""
        self.follow = False
        if not self.start_ns <= t_ns < self.end_ns:
            self.first = max((t_ns - self.origin_ns) // self.ns_per_column - self.width // 2, 0)

    def zoom(self, steps: int) -> None:
        """In (positive) or out, around the pen while it is followed, else around the middle."""
        i = min(range(len(ZOOMS)), key=lambda i: abs(ZOOMS[i] - self.ns_per_column))
        self.zoom_to(ZOOMS[max(0, min(len(ZOOMS) - 1, i - steps))])

    def zoom_to(self, ns_per_column: int) -> None:
        self.zoomed = True
        middle_ns = self.time(self.width // 2)
        self.ns_per_column = ns_per_column
        if self.follow:
            self._place_pen()
        else:
            self.first = max((middle_ns - self.origin_ns) // ns_per_column - self.width // 2, 0)

    def fit(self) -> None:
        """The closest zoom at which everything up to now is on one page."""
        self.zoomed = True
        elapsed_ns = max(self.known_ns - self.origin_ns, 1)
        self.ns_per_column = next((z for z in ZOOMS if elapsed_ns < z * self.width), ZOOMS[-1])
        self.to_end()

    def _place_pen(self) -> None:
        if self.last < self.width:
            self.first = 0
        elif self.scrolling:
            self.first = self.last - self.width + 1
        else:
            self.first = self.last - self.width * 3 // 4

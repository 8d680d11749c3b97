"""The whole run on one line: how much went on when, where somebody had to wait, findings, and the playhead."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from rich.segment import Segment
from rich.style import Style

from ..look import Look
from .amounts import clock
from .lane import merge
from .lane_paint import Painted

EDGE = 1  # empty cells at both ends


@dataclass(frozen=True, slots=True)
class Minimap:
    """Times count from the program's start.  `changes`: for each column, see `Spans.tally`."""

    end_ns: int
    playhead_ns: int
    page: tuple[int, int]  # the stretch that the lanes show
    findings: Sequence[int] = ()
    bookmarks: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """Where on the line a time is."""

    width: int
    left: int
    end_ns: int

    @staticmethod
    def of(end_ns: int, width: int) -> "Scale":
        """Of a line of so many cells, times at both of its ends included."""
        left = len(clock(0)) + 2 * EDGE
        return Scale(max(1, width - left - len(clock(end_ns)) - 2 * EDGE), left, max(end_ns, 1))

    @property
    def column_ns(self) -> int:
        return max(1, -(-self.end_ns // self.width))

    def column(self, t_ns: int) -> int:
        return max(0, min(self.width - 1, t_ns // self.column_ns))

    def time(self, x: int) -> int:
        """Of a cell of the line; its ends stand for the ends of the run."""
        return max(0, min(self.end_ns, (x - self.left) * self.column_ns))


def minimap(
    told: Minimap, scale: Scale, changes: Sequence[tuple[int, int]], look: Look, width: int
) -> list[Segment]:
    muted, blocked = look.style("muted"), look.style("blocked")
    most = max((n for n, _ in changes), default=0)
    painted: list[Painted] = [
        (
            look.level(log2(1 + n) / log2(1 + most)) if n else look.symbol("horizontal"),
            blocked if waits else muted,
        )
        for n, waits in changes
    ]
    first, last = scale.column(told.page[0]), scale.column(told.page[1])
    for x in range(first, last + 1):
        glyph, style = painted[x]
        painted[x] = glyph, style + Style(underline=True)
    for t_ns in told.bookmarks:
        painted[scale.column(t_ns)] = look.symbol("mark"), look.style("accent")
    for t_ns in told.findings:
        painted[scale.column(t_ns)] = look.symbol("error"), look.style("error")
    at = scale.column(told.playhead_ns)
    painted[at] = look.symbol("playhead"), look.style("cursor")
    edge = " " * EDGE
    ends = [(edge + clock(0) + edge, muted), (edge + clock(told.end_ns) + edge, muted)]
    line = [ends[0], *painted, ends[1]]
    return merge(line)

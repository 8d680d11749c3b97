"""The lines of lanes as they were drawn in the frame before: comparing is cheap, drawing is not."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment

from .lane import Over, laid_over, merge, merge_again, painted_cells
from .lane_cells import Cell
from .lane_paint import LanePaint, Painted

UNSURE = 3
"""Cells at the end of a lane that may differ from one frame to the next."""


class _MadeOf(NamedTuple):
    head: Sequence[Segment]
    cells: list[Cell]
    flags: bytes
    over: list[Over]
    paint: LanePaint
    pen: int | None


class _Drawn(NamedTuple):
    made_of: _MadeOf
    ground: list[Painted]
    painted: list[Painted]  # with all that lies over it
    lane: list[Segment]
    line: list[Segment]


class DrawnLanes:
    def __init__(self) -> None:
        self._before: dict[int, _Drawn] = {}

    def clear(self) -> None:
        self._before.clear()

    def line(
        self,
        key: int,
        head: Sequence[Segment],
        cells: Sequence[Cell],
        flags: Sequence[int],
        over: list[Over],
        paint: LanePaint,
        width: int,
        pen: int | None,
    ) -> list[Segment]:
        """The lane of `key`; the same list as before when nothing of it has changed."""
        made_of = _MadeOf(head, list(cells), bytes(flags), over, paint, pen)
        before = self._before.get(key)
        if before is not None and before.made_of == made_of:
            return before.line
        same = _n_same(before.made_of, made_of) if before is not None else 0
        ground = before.ground[:same] if before is not None else []
        ground += painted_cells(cells[same:width], flags[same:], paint)
        painted = laid_over(ground, over, paint, width, pen)
        lane = merge_again(before.painted, before.lane, painted) if before is not None else merge(painted)
        line = [*head, *lane]
        self._before[key] = _Drawn(made_of, ground, painted, lane, line)
        return line


def _n_same(old: _MadeOf, new: _MadeOf) -> int:
    """How many cells are painted as they were: all but the last few, or none."""
    n = len(old.cells) - UNSURE
    same = old.paint == new.paint and old.cells[:n] == new.cells[:n] and old.flags[:n] == new.flags[:n]
    return n if n > 0 and same else 0

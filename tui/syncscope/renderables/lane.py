"""One lane as a line: the cells of a task, and over them words and marks.  One segment per run of one style."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style

from .cells import cut
from .clean import clean
from .lane_cells import Cell
from .lane_paint import LanePaint, Painted


class Over(NamedTuple):
    """Text that lies over a lane from `column` on; it may reach beyond the pen, never beyond the page."""

    column: int
    text: str
    style: Style
    beyond: Style | None = None  # from the pen on

    def reaches(self, column: int) -> bool:
        """Whether a text lies across the left edge of `column`.  Marks of one cell do not."""
        return self.column < column < self.column + cell_len(self.text)


BLANK: Painted = (" ", Style.null())


def lane(
    cells: Sequence[Cell],
    flags: Sequence[int],
    over: Iterable[Over],
    paint: LanePaint,
    width: int,
    pen: int | None = None,
) -> list[Segment]:
    """Segments of exactly `width` cells.  `pen`: its column when it is in the past, and the cells know more."""
    known = min(len(cells), width)
    painted = [paint.cell(cell, flag) for cell, flag in zip(cells[:width], flags, strict=False)]
    painted += [BLANK] * (width - known)
    if pen is not None:
        start = min(max(pen + 1, 0), width)
        painted[start:] = [(character, paint.later(style)) for character, style in painted[start:]]
        known = min(known, start)
    for text in over:
        if pen is not None and text.column > pen and text.beyond is None:
            text = text._replace(style=paint.later(text.style))
        _lay(painted, text, known, width)
    if pen is not None and 0 <= pen < width and painted[pen][0]:
        painted[pen] = (painted[pen][0], painted[pen][1] + paint.cursor)
    return merge(painted)


def _lay(painted: list[Painted], over: Over, known: int, width: int) -> None:
    column = over.column
    for character in cut(clean(over.text), width - column):
        size = get_character_cell_size(character)
        if column + size > width:
            return
        if column >= 0 and size:
            style = over.style if column < known or over.beyond is None else over.beyond
            _part(painted, column)
            _part(painted, column + size)
            painted[column] = (character, style)
            if size == 2:
                painted[column + 1] = ("", style)
        column += size


def _part(painted: list[Painted], column: int) -> None:
    """When a wide character lies across the left edge of `column`, both its halves become blanks."""
    if 0 < column < len(painted) and not painted[column][0]:
        painted[column - 1] = (" ", painted[column - 1][1])
        painted[column] = (" ", painted[column][1])


def merge(painted: Iterable[Painted]) -> list[Segment]:
    """Neighbours of one style become one segment."""
    segments: list[Segment] = []
    text: list[str] = []
    style: Style | None = None
    for character, own in painted:
        # styles come from caches: equal ones are one object, nearly always, and comparing them is slow
        if own is not style:
            if text:
                segments.append(Segment("".join(text), style))
            text, style = [], own
        text.append(character)
    if text:
        segments.append(Segment("".join(text), style))
    return segments

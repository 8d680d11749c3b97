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
from .narrow import is_narrow


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
    return merge(laid_over(painted_cells(cells[:width], flags, paint), over, paint, width, pen))


def painted_cells(cells: Iterable[Cell], flags: Iterable[int], paint: LanePaint) -> list[Painted]:
    return [paint.cell(cell, flag) for cell, flag in zip(cells, flags, strict=False)]


def laid_over(
    ground: Sequence[Painted], over: Iterable[Over], paint: LanePaint, width: int, pen: int | None
) -> list[Painted]:
    """The whole lane, cell by cell: `ground`, blanks after it, and what lies on top."""
    known = len(ground)
    painted = [*ground, *[BLANK] * (width - known)]
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
    return painted


def _lay(painted: list[Painted], over: Over, known: int, width: int) -> None:
    column = over.column
    if column >= 0 and column + len(over.text) < width and is_narrow(over.text):
        _lay_narrow(painted, over, known)
        return
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


def _lay_narrow(painted: list[Painted], over: Over, known: int) -> None:
    """The same for most texts: a cell for each character, and the last one is inside."""
    start, end = over.column, over.column + len(over.text)
    _part(painted, start)
    _part(painted, end)
    inside = max(known - start, 0) if over.beyond is not None else len(over.text)
    painted[start:end] = [(character, over.style) for character in over.text[:inside]] + [
        (character, over.beyond or over.style) for character in over.text[inside:]
    ]


def _part(painted: list[Painted], column: int) -> None:
    """When a wide character lies across the left edge of `column`, both its halves become blanks."""
    if 0 < column < len(painted) and not painted[column][0]:
        painted[column - 1] = (" ", painted[column - 1][1])
        painted[column] = (" ", painted[column][1])


def merge(painted: Sequence[Painted]) -> list[Segment]:
    """Neighbours of one style become one segment."""
    segments: list[Segment] = []
    characters = [character for character, _ in painted]
    start = 0
    style: Style | None = None
    for i, (_, own) in enumerate(painted):
        # styles come from caches: equal ones are one object, nearly always, and comparing them is slow
        if own is not style:
            if i > start:
                segments.append(Segment("".join(characters[start:i]), style))
            start, style = i, own
    if len(characters) > start:
        segments.append(Segment("".join(characters[start:]), style))
    return segments


def merge_again(old: Sequence[Painted], old_line: Sequence[Segment], new: Sequence[Painted]) -> list[Segment]:
    """What `merge` makes of `new`, with the segments of `old_line`, made of `old`, as far as both are the same."""
    n = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a is not b and a != b), len(new))
    kept: list[Segment] = []
    at = 0
    for segment in old_line:
        end = at + len(segment.text)
        if end > n or not is_narrow(segment.text):
            break
        kept.append(segment)
        at = end
    return kept + merge(new[at:])

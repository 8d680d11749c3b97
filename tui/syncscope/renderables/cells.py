"""Text measured in cells of the terminal: cut, padded, wrapped, and put together to one line of the screen."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from .clean import clean

Part = tuple[str, Style]
NO_LINE_BEGINS_WITH = "，。、；：？！）」』】》…,.;:?!)]}%”’"
NO_LINE_ENDS_WITH = "（「『【《([{“‘"


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """At most `width` cells of `text`; what was left out is told."""
    if cell_len(text) <= width:
        return text
    room = width - cell_len(ellipsis)
    if room <= 0:
        return ellipsis[: max(width, 0)]
    return _head(text, room) + ellipsis


def fit(text: str, width: int, ellipsis: str = "…", right: bool = False) -> str:
    """Exactly `width` cells."""
    text = cut(text, width, ellipsis)
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def _head(text: str, width: int) -> str:
    used = 0
    for i, c in enumerate(text):
        used += get_character_cell_size(c)
        if used > width:
            return text[:i]
    return text


def strip(parts: Iterable[Part], width: int, behind: Style | None = None) -> Strip:
    """One line of exactly `width` cells, on the ground `behind`; neighbours of one style become one segment."""
    merged: list[Part] = []
    used = 0
    for text, style in parts:
        text = clean(text)
        size = cell_len(text)
        if used + size > width:
            text = _head(text, width - used)
            size = cell_len(text)
        if not text:
            continue
        used += size
        if merged and merged[-1][1] == style:
            merged[-1] = (merged[-1][0] + text, style)
        else:
            merged.append((text, style))
    if used < width:
        merged.append((" " * (width - used), Style.null()))
    return Strip([Segment(text, behind + style if behind else style) for text, style in merged], width)


def ends(
    left: Sequence[Part],
    right: Sequence[Part],
    width: int,
    behind: Style | None = None,
    ellipsis: str = "…",
) -> Strip:
    """`left` at the left end, `right` at the right end; the left part gives way when there is no room."""
    room = width - sum(cell_len(clean(text)) for text, _ in right)
    shown: list[Part] = []
    for text, style in left:
        text = clean(text)
        size = cell_len(text)
        if size > room:
            shown.append((cut(text, room, ellipsis), style))
            room = 0
            break
        shown.append((text, style))
        room -= size
    return strip([*shown, (" " * max(room, 0), Style.null()), *right], width, behind)


@lru_cache(maxsize=2048)
def wrap(text: str, width: int) -> tuple[str, ...]:
    """Lines of at most `width` cells.  Breaks at spaces and between Chinese characters, not before closing marks."""
    text = clean(text)
    if width < 2 or cell_len(text) <= width:
        return (text,)
    lines: list[str] = []
    line, line_size = "", 0
    for piece in _pieces(text):
        size = cell_len(piece.rstrip(" "))
        if line and line_size + size > width:
            lines.append(line.rstrip(" "))
            line, line_size = "", 0
            piece = piece.lstrip(" ")
        while cell_len(piece.rstrip(" ")) > width:
            head = _head(piece, width)
            lines.append(head)
            piece = piece[len(head) :]
        line += piece
        line_size += cell_len(piece)
    if line.rstrip(" "):
        lines.append(line.rstrip(" "))
    return tuple(lines) or ("",)


def _pieces(text: str) -> list[str]:
    """`text` cut wherever a line may end."""
    pieces: list[str] = []
    start = 0
    for i, (a, b) in enumerate(pairwise(text), 1):
        wide = get_character_cell_size(a) == 2 or get_character_cell_size(b) == 2
        may = (a == " " and b != " ") or (
            wide and b not in NO_LINE_BEGINS_WITH and a not in NO_LINE_ENDS_WITH and b != " "
        )
        if may:
            pieces.append(text[start:i])
            start = i
    pieces.append(text[start:])
    return pieces

"""Two runs beside each other in figures: the whole, and where they differ most."""

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from syncscope_engine.comparison import Comparison, Pair

from ..i18n import t
from ..look import Look
from .amounts import count, duration
from .cells import Part, strip
from .clean import clean

FIGURE = 12
WIDEST = 48  # of a name: figures stand near it


def difference_lines(comparison: Comparison, names: tuple[str, str], look: Look, width: int) -> list[Strip]:
    """All lines, the most important first; who shows them cuts them off."""
    muted, bold = look.style("muted"), look.style("text") + Style(bold=True)
    room = max(10, min(WIDEST, width - 3 * FIGURE - 2))
    lines = [_row("", clean(names[0]), clean(names[1]), t("recorded.difference"), room, muted, muted)]
    for pair in comparison.totals:
        in_ns = pair.name.endswith("_ns")
        lines.append(_pair(t(f"recorded.{pair.name}"), pair, in_ns, look, room, bold))
    for title, name in (
        *((title, names[0]) for title in comparison.only_left),
        *((title, names[1]) for title in comparison.only_right),
        *((title, t("recorded.both")) for title in comparison.in_both),
    ):
        lines.append([(f" {look.symbol('error')} {clean(name)}: {clean(title)}", look.style("error"))])
    for what, pairs in (("waits", comparison.waits), ("contention", comparison.contention)):
        if pairs:
            lines.append([(f" {t(f'recorded.{what}')}", muted)])
            lines += [
                _pair(clean(pair.name), pair, True, look, room, look.style("text")) for pair in pairs[:8]
            ]
    return [Strip(strip(line, width)) for line in lines]


def _pair(name: str, pair: Pair, in_ns: bool, look: Look, room: int, style: Style) -> list[Part]:
    def figure(n: int | None) -> str:
        return "-" if n is None else duration(n, look) if in_ns else count(n)

    sign = "+" if pair.difference > 0 else "-" if pair.difference < 0 else ""
    worse = look.style("warning" if pair.difference > 0 else "running" if pair.difference else "muted")
    difference = sign + figure(abs(pair.difference))
    return _row(name, figure(pair.left), figure(pair.right), difference, room, style, worse)


def _row(
    name: str, left: str, right: str, difference: str, room: int, style: Style, last: Style
) -> list[Part]:
    cells = [_right(text) for text in (left, right, difference)]
    return [(" " + _left(name, room), style), (cells[0] + cells[1], style), (cells[2], last)]


def _left(text: str, room: int) -> str:
    while cell_len(text) > room:
        text = text[:-1]
    return text + " " * (room - cell_len(text))


def _right(text: str) -> str:
    while cell_len(text) > FIGURE - 1:
        text = text[:-1]
    return " " * (FIGURE - cell_len(text)) + text

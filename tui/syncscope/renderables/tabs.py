"""One line that names the panels: which are shown, which is chosen, which has something new."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from ..look import Look
from ..palettes import Role
from .cells import Part, strip


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    title: str
    shown: bool = False
    chosen: bool = False  # the page keys go to it
    focused: bool = False  # all keys go to it
    mark: str = ""  # after the title
    role: Role = "text"  # of the mark

    def size(self, short: bool) -> int:
        title = 0 if short and not self.chosen else cell_len(self.title) + 1
        return 2 + len(self.key) + title + cell_len(self.mark)


def tab_spans(tabs: Sequence[Tab], width: int) -> list[tuple[int, int]]:
    """First column of each tab and the column after it; all but the chosen one lose their titles for want of room."""
    short = sum(tab.size(False) for tab in tabs) > width
    spans, at = [], 0
    for tab in tabs:
        spans.append((at, at + tab.size(short)))
        at += tab.size(short)
    return spans


def tab_line(tabs: Sequence[Tab], look: Look, width: int) -> Strip:
    parts: list[Part] = []
    short = sum(tab.size(False) for tab in tabs) > width
    for tab in tabs:
        more = Style(bold=tab.chosen)
        if tab.chosen:
            more += look.ground("selection")
            if look.colours == "none":
                more += Style(reverse=tab.focused, underline=not tab.focused)
        style = look.style("cursor" if tab.focused else "text" if tab.shown else "muted") + more
        parts.append((f" {tab.key}", look.style("accent") + more))
        if tab.chosen or not short:
            parts.append((f" {tab.title}", style))
        if tab.mark:
            parts.append((tab.mark, look.style(tab.role) + more))
        parts.append((" ", style))
    return strip(parts, width, look.ground("panel"))

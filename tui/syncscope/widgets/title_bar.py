"""The first line of a screen: what it is at the left, what there is at the right."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from ..look import current_look


class TitleBar(Widget):
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    TitleBar { dock: top; height: 1; background: $panel; color: $text; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._title = self._subtitle = self._right = ""

    def show(self, title: str, subtitle: str = "", right: str = "") -> None:
        self._title, self._subtitle, self._right = title, subtitle, right
        self.refresh()

    def render_line(self, y: int) -> Strip:
        look, width, base = current_look(), self.size.width, self.rich_style
        right = f" {self._right} " if self._right else ""
        room = max(0, width - cell_len(right))
        title = set_cell_size(f" {self._title} ", min(room, cell_len(self._title) + 2))
        left = room - cell_len(title)
        return Strip(
            [
                Segment(title, base + look.style("accent")),
                Segment(set_cell_size(f" {self._subtitle}", left), base),
                Segment(right, base + look.style("muted")),
            ]
        )

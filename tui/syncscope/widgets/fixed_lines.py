"""A few lines that do not scroll: header, tabs, banner, detail."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from ..direct_paint import paint
from ..renderables.difference import differences


class FixedLines(Widget):
    """Subclasses make their lines in `build`."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "FixedLines { height: 1; background: $background; color: $text; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: list[Strip] = []

    def build(self, width: int, height: int) -> Sequence[Strip]:
        raise NotImplementedError

    def update_lines(self) -> None:
        width, height = self.size
        if not self.is_mounted or not width or not height:
            return
        old, self._lines = self._lines, list(self.build(width, height))[:height]
        if len(old) != len(self._lines):
            self.refresh()
            return
        changed = [
            Region(part.start, y, part.end - part.start, 1)
            for y, (before, after) in enumerate(zip(old, self._lines, strict=True))
            for part in differences(list(before), list(after))
        ]
        if changed:
            paint(self, changed)

    def raw_line(self, y: int) -> list[Segment]:
        return list(self._lines[y]) if y < len(self._lines) else []

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        return self._lines[y].apply_style(self.rich_style)

    def relook(self) -> None:
        self.update_lines()

    def retranslate(self) -> None:
        self.update_lines()

    def on_resize(self) -> None:
        self.update_lines()

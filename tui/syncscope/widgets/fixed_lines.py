"""A few lines that do not scroll: header, tabs, banner, detail."""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


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
        for y in range(max(len(old), len(self._lines))):
            if old[y : y + 1] != self._lines[y : y + 1]:
                self.refresh(Region(0, y, width, 1))

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

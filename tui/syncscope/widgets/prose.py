"""A paragraph, with lines that break where Chinese allows it: not before a comma, not after an opening mark."""

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from ..renderables.cells import wrap


class Prose(Widget):
    DEFAULT_CSS = """
    Prose { height: auto; background: transparent; }
    """

    def __init__(self, text: str = "", *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._text = text

    def update(self, text: str) -> None:
        self._text = text
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(wrap(self._text, width))

    def render(self) -> Text:
        return Text("\n".join(wrap(self._text, self.size.width)), no_wrap=True)

"""Shown while the terminal is smaller than anything can be drawn on; goes away by itself."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from ..i18n import t
from .settled import SettledModal

MINIMUM_WIDTH = 60
MINIMUM_HEIGHT = 16


def is_too_small(width: int, height: int) -> bool:
    return width < MINIMUM_WIDTH or height < MINIMUM_HEIGHT


class TooSmallScreen(SettledModal[None]):
    """What the terminal's size is and what it should be."""

    DEFAULT_CSS = """
    TooSmallScreen { align: center middle; background: $background; }
    TooSmallScreen Static { width: auto; max-width: 100%; text-align: center; background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f10", "app.quit", "keys.quit"),
    ]

    def compose(self) -> ComposeResult:
        yield Static(self._message())

    def on_resize(self) -> None:
        self.query_one(Static).update(self._message())

    def _message(self) -> Content:
        size = self.app.size
        return Content(
            t(
                "too_small.message",
                width=size.width,
                height=size.height,
                minimum_width=MINIMUM_WIDTH,
                minimum_height=MINIMUM_HEIGHT,
            )
        )

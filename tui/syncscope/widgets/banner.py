"""One line that cannot be overlooked and does not blink: what has just been found, or what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip

from ..look import current_look
from ..renderables.banner import banner_line
from .fixed_lines import FixedLines


class Banner(FixedLines):
    DEFAULT_CSS = "Banner { background: $panel; }"

    @dataclass
    class Clicked(Message):
        """The user wants to see what it is about."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.severity, self.text, self.hint = "note", "", ""

    def say(self, severity: str, text: str, hint: str = "") -> None:
        self.severity, self.text, self.hint = severity, text, hint
        self.update_lines()

    def build(self, width: int, height: int) -> Sequence[Strip]:
        return [banner_line(self.severity, self.text, self.hint, current_look(), width)]

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Clicked())

"""The line of panels with their keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip

from ..look import current_look
from ..renderables.tabs import Tab, tab_line, tab_spans
from .fixed_lines import FixedLines


class PanelTabs(FixedLines):
    @dataclass
    class Clicked(Message):
        index: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.tabs: Sequence[Tab] = ()

    def show(self, tabs: Sequence[Tab]) -> None:
        if tabs != self.tabs:
            self.tabs = tabs
            self.update_lines()

    def build(self, width: int, height: int) -> Sequence[Strip]:
        return [tab_line(self.tabs, current_look(), width)]

    def on_click(self, event: events.Click) -> None:
        for i, (start, end) in enumerate(tab_spans(self.tabs, self.size.width)):
            if start <= event.x < end:
                event.stop()
                self.post_message(self.Clicked(i))

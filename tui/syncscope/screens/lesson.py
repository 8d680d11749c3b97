"""The lesson of a scenario on a screen of its own, for terminals without room beside it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from ..catalogue import Scenario
from ..widgets.key_bar import KeyBar
from ..widgets.lesson import LessonView
from .settled import SettledScreen


class LessonScreen(SettledScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f2", "dismiss", "keys.back"),
        Binding("up", "scroll(-1)", "keys.scroll"),
        Binding("down", "scroll(1)", "keys.scroll"),
    ]
    AUTO_FOCUS = "LessonView"

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self._scenario = scenario

    def compose(self) -> ComposeResult:
        yield LessonView(self._scenario)
        yield KeyBar()

    def action_scroll(self, lines: int) -> None:
        self.query_one(LessonView).scroll_relative(y=lines, animate=False)

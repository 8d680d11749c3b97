"""The scenarios in their groups; arrows or mouse choose, and words narrow it down."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ..catalogue import Catalogue, Scenario
from ..i18n import language, t
from ..look import Look, current_look
from ..renderables.cells import fit

INDENT = 2


def matches(scenario: Scenario, words: str) -> bool:
    """Whether every word is in the id, or in the title or summary in any language."""
    said = " ".join((scenario.id, scenario.kind, *scenario.title.values(), *scenario.summary.values()))
    said += " " + " ".join(kind for program in scenario.programs for kind in program.expects)
    said = said.lower().replace("_", " ") + " " + said.lower()
    return all(word in said for word in words.lower().split())


def row(title: str, kind: str, width: int, look: Look) -> Text:
    """Title at the left, kind at the right, in exactly `width` cells; no kind, more room for the title."""
    text = Text(" " * INDENT, no_wrap=True)
    room = max(1, width - INDENT - (cell_len(kind) + 1 if kind else 0))
    text.append(fit(title, room, look.symbol("ellipsis")))
    return text.append(" " + kind, look.style("muted")) if kind else text


def room_for_kinds(titles: Iterable[str], kinds: Iterable[str], width: int) -> bool:
    """Whether every title stays whole beside every kind; the details say the kind in any case."""
    widest = max(map(cell_len, titles), default=0) + max(map(cell_len, kinds), default=0)
    return INDENT + widest + 1 <= width


class ScenarioList(OptionList, inherit_bindings=False):
    DEFAULT_CSS = """
    ScenarioList, ScenarioList:focus {
        border: none; padding: 0 1 0 0; height: 1fr; max-height: 100%; background: transparent;
        background-tint: transparent; scrollbar-size-vertical: 1;
        & > .option-list--option { padding: 0; }
        & > .option-list--option-disabled { color: $accent; text-style: bold; }
    }
    """

    # not those of a scroll view: left and right are the screen's, they choose a program
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "keys.run"),
        Binding("up", "cursor_up", "keys.scenario", show=False),
        Binding("down", "cursor_down", "keys.scenario", show=False),
        Binding("pageup", "page_up", "keys.scenario", show=False),
        Binding("pagedown", "page_down", "keys.scenario", show=False),
        Binding("home", "first", "keys.scenario", show=False),
        Binding("end", "last", "keys.scenario", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """The highlighted scenario has changed; None when there is none to be highlighted."""

        scenario: Scenario | None

    @dataclass
    class RunRequested(Message):
        """Enter or a second click on a scenario."""

        scenario: Scenario

    def __init__(self) -> None:
        super().__init__()
        self._catalogue = Catalogue((), (), ())
        self._words = ""
        self._current: Scenario | None = None

    @property
    def current(self) -> Scenario | None:
        return self._current

    @property
    def shown(self) -> list[Scenario]:
        return [scenario for scenario in self._catalogue.scenarios if matches(scenario, self._words)]

    def show(self, catalogue: Catalogue, words: str = "") -> None:
        self._catalogue, self._words = catalogue, words
        self._fill()

    def retranslate(self) -> None:
        self._fill()

    def relook(self) -> None:
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        shown = self.shown
        keep = self._current if self._current in shown else (shown[0] if shown else None)
        self.clear_options()
        self.add_options(self._rows(shown))
        if keep is not None:
            self.highlighted = self.get_option_index(keep.id)
            if self.highlighted is not None and self.highlighted <= 1:
                self.scroll_home(animate=False)  # the name of the first group, too
        self._choose(keep)

    def _rows(self, shown: list[Scenario]) -> Iterator[Option]:
        look, width = current_look(), self.scrollable_content_region.width
        kinds = {each.kind: t(f"catalogue.kind.{each.kind}") for each in self._catalogue.scenarios}
        titles = [each.title[language()] for each in self._catalogue.scenarios]
        if not room_for_kinds(titles, kinds.values(), width):
            kinds = {}
        for group in self._catalogue.groups:
            members = [scenario for scenario in shown if scenario.group == group.id]
            if members:
                yield Option(Text(group.title[language()], no_wrap=True), disabled=True)
            for scenario in members:
                title, kind = scenario.title[language()], kinds.get(scenario.kind, "")
                yield Option(row(title, kind, width, look), id=scenario.id)

    def _choose(self, scenario: Scenario | None) -> None:
        if scenario is not self._current:
            self._current = scenario
            self.post_message(self.Chosen(scenario))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        # messages of options that have been replaced meanwhile are late
        if event.option_id is not None and self.highlighted == event.option_index:
            self._choose(self._of(event.option_id))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        scenario = self._of(event.option_id)
        if scenario is not None:
            self.post_message(self.RunRequested(scenario))

    def _of(self, id_: str | None) -> Scenario | None:
        return next((scenario for scenario in self._catalogue.scenarios if scenario.id == id_), None)

"""One scenario: what it shows, which of its programs to run, and with which settings."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from ..catalogue import Program, Scenario, Value
from ..i18n import language, t
from ..look import current_look
from .parameter_form import ParameterForm
from .program_chooser import ProgramChooser
from .prose import Prose


@dataclass(slots=True)
class Choice:
    """What the user has chosen for a scenario; kept while others are looked at."""

    program: str = ""
    values: dict[str, Value] = field(default_factory=dict)


class ScenarioDetails(VerticalScroll, can_focus=False):
    DEFAULT_CSS = """
    ScenarioDetails { padding: 0 1; background: $surface; scrollbar-size-vertical: 1; }
    ScenarioDetails > .heading { color: $accent; text-style: bold; margin-top: 1; }
    ScenarioDetails > .title { text-style: bold; }
    ScenarioDetails > .expects { color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._choices: dict[str, Choice] = {}
        self.scenario: Scenario | None = None

    def _parts(self) -> Iterator[Widget]:
        yield Static(classes="title", markup=False)
        yield Static(classes="kind")
        yield Prose(classes="summary")
        yield Static(classes="heading programs", markup=False)
        yield ProgramChooser()
        yield Static(classes="expects", markup=False)
        yield Static(classes="heading settings", markup=False)
        yield ParameterForm()

    @property
    def program(self) -> Program | None:
        return self.query_one(ProgramChooser).current if self.scenario is not None else None

    @property
    def form(self) -> ParameterForm:
        return self.query_one(ParameterForm)

    async def show(self, scenario: Scenario | None) -> None:
        self.display = scenario is not None
        if scenario is not None and not self.children:
            await self.mount_all(self._parts())  # not before: the first picture is the list, at once
        self.scenario = scenario
        if scenario is None:
            return
        choice = self._choices.setdefault(scenario.id, Choice())
        self.query_one(ProgramChooser).show(scenario.programs, choice.program)
        self._say()
        self.scroll_home(animate=False)
        await self._show_form()

    def step_program(self, by: int) -> None:
        if self.scenario is not None:
            self.query_one(ProgramChooser).step(by)

    def choose_program(self, number: int) -> None:
        if self.scenario is not None:
            self.query_one(ProgramChooser).choose(number)

    def retranslate(self) -> None:
        self._say()

    def relook(self) -> None:
        self._say()

    def _say(self) -> None:
        scenario, program = self.scenario, self.program
        if scenario is None or program is None:
            return
        look = current_look()
        kind = Text(t(f"catalogue.kind.{scenario.kind}"), look.style("note"))
        kind.append("  " + t(f"catalogue.kind.{scenario.kind}_means"), look.style("muted"))
        expects = ", ".join(t(f"catalogue.finding.{kind}") for kind in program.expects)
        self._set("title", scenario.title[language()])
        self._set("kind", kind)
        self.query_one(".summary", Prose).update(scenario.summary[language()])
        self._set("programs", t("catalogue.programs"))
        self._set(
            "expects", t("catalogue.expects", kinds=expects) if expects else t("catalogue.expects_nothing")
        )
        self._set("settings", t("catalogue.settings"))

    def _set(self, name: str, text: str | Text) -> None:
        self.query_one(f".{name}", Static).update(text)

    async def _show_form(self) -> None:
        scenario, program = self.scenario, self.program
        if scenario is not None and program is not None:
            values = self._choices[scenario.id].values
            await self.form.show(scenario.parameters_of(program), values)

    async def on_program_chooser_chosen(self, event: ProgramChooser.Chosen) -> None:
        event.stop()
        if self.scenario is not None:
            self._choices[self.scenario.id].program = event.program.id
            self._say()
            await self._show_form()

    def on_parameter_form_changed(self, event: ParameterForm.Changed) -> None:
        event.stop()
        if self.scenario is not None:
            kept = self._choices[self.scenario.id].values
            for field_ in self.form.fields:  # a value that another program of the scenario has stays
                kept.pop(field_.parameter.name, None)
            kept.update(event.values)

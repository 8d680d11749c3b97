"""What to run next from the run screen: another program of the scenario, or the same with other parameters."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from textual.app import App

from syncscope_engine.session import Target

from ..catalogue import Program, Scenario, Value
from ..i18n import language
from ..targets import scenario_target


@dataclass(frozen=True, slots=True)
class Choice:
    target: Target
    title: str
    scenario: Scenario | None = None
    program: Program | None = None

    @property
    def said(self) -> str:
        """The title in the present language; a script of the user's own has one only."""
        if self.scenario is None or self.program is None:
            return self.title
        return f"{self.scenario.title[language()]}: {self.program.title[language()]}"

    @property
    def values(self) -> dict[str, Value]:
        """The parameters that are set in the target's arguments."""
        if self.scenario is None or self.program is None:
            return {}
        known = {p.name.replace("_", "-"): p for p in self.scenario.parameters_of(self.program)}
        values: dict[str, Value] = {}
        for argument in self.target.args:
            name, equals, text = argument.removeprefix("--").partition("=")
            no = name.removeprefix("no-")
            with contextlib.suppress(ValueError):  # an argument of the user's own that only looks like one
                if equals and name in known:
                    values[known[name].name] = known[name].parse(text)
                elif not equals and no in known and known[no].type == "bool":
                    values[known[no].name] = no == name
        return values

    def with_values(self, values: dict[str, Value]) -> "Choice":
        assert self.scenario is not None
        assert self.program is not None
        target = scenario_target(self.scenario, self.program, values)
        return Choice(target, self.title, self.scenario, self.program)

    def offers(self, action: str) -> bool:
        """Is there something to choose: "other_program" or "parameters"?"""
        if self.scenario is None:
            return False
        return action == "parameters" or len(self.scenario.programs) > 1

    def next_program(self) -> "Choice":
        """The next program of the scenario, with those parameters that it knows too."""
        assert self.scenario is not None
        assert self.program is not None
        programs = self.scenario.programs
        program = programs[(programs.index(self.program) + 1) % len(programs)]
        known = {parameter.name for parameter in self.scenario.parameters_of(program)}
        values = {name: value for name, value in self.values.items() if name in known}
        return Choice(scenario_target(self.scenario, program, values), self.title, self.scenario, program)


def ask_for_parameters(app: App[object], choice: Choice, start: Callable[[Choice], None]) -> None:
    """Show the form; `start` is called with what was chosen, if anything was."""
    from .parameters import ParametersScreen, Values

    def chosen(values: Values | None) -> None:
        if values is not None:
            start(choice.with_values(values))

    if choice.scenario is not None and choice.program is not None:
        parameters = choice.scenario.parameters_of(choice.program)
        app.push_screen(ParametersScreen(parameters, choice.values), chosen)

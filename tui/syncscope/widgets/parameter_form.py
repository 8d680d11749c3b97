"""The settings of a program: a line each to type into or to step through, checked while typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from ..catalogue import Parameter, Value
from ..i18n import language, t
from ..look import current_look
from .prose import Prose


def written(value: Value) -> str:
    """A value as a person types it."""
    if isinstance(value, bool):
        return t("catalogue.yes") if value else t("catalogue.no")
    return f"{value:g}" if isinstance(value, float) else str(value)


def between(parameter: Parameter) -> str:
    low, high = parameter.minimum, parameter.maximum
    if low is None or high is None:
        return ""
    return t("catalogue.between", low=f"{low:.12g}", high=f"{high:.12g}")


class Stepper(Widget, can_focus=True):
    """One of a few values; left, right, space and a click go to the next."""

    DEFAULT_CSS = """
    Stepper { width: 14; height: 1; background: $panel; }
    Stepper:focus { background: $selection; text-style: bold; }
    Stepper:nocolor:focus { text-style: bold underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "keys.change", show=False),
        Binding("right,space", "step(1)", "keys.change", show=False),
    ]

    @dataclass
    class Changed(Message):
        stepper: "Stepper"

        @property
        def control(self) -> "Stepper":
            return self.stepper

    def __init__(self, values: tuple[Value, ...], value: Value) -> None:
        super().__init__()
        self.values, self.value = values, value

    def render(self) -> Text:
        look = current_look()
        return Text(f"{look.symbol('left')} {written(self.value)} {look.symbol('right')}", no_wrap=True)

    def action_step(self, by: int) -> None:
        self.set(self.values[(self.values.index(self.value) + by) % len(self.values)])

    def set(self, value: Value) -> None:
        self.value = value
        self.refresh()
        self.post_message(self.Changed(self))

    def retranslate(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_step(1)


class ParameterField(Vertical):
    """Name, value, range; below it the fault, or what the parameter means."""

    DEFAULT_CSS = """
    ParameterField { height: auto; }
    ParameterField Horizontal { height: 1; }
    ParameterField .name { width: auto; color: $text; }
    ParameterField .range { width: 1fr; color: $text-muted; padding-left: 1; }
    ParameterField Input {
        width: 14; height: 1; border: none; padding: 0 1; background: $panel; color: $text;
        &:focus { background: $selection; border: none; background-tint: transparent; }
        &.-invalid { color: $error; text-style: bold; border: none; }
        &:nocolor { text-style: underline; }
    }
    ParameterField .help { color: $text-muted; }
    ParameterField .help.-fault { color: $error; }
    """

    def __init__(self, parameter: Parameter, value: Value, column: int) -> None:
        super().__init__()
        self.parameter = parameter
        self._start = value
        self._column = column
        self.fault = ""

    def compose(self) -> ComposeResult:
        parameter = self.parameter
        name = parameter.name + " " * (self._column - cell_len(parameter.name) + 2)
        with Horizontal():
            yield Static(name, classes="name", markup=False)
            if parameter.type == "bool":
                yield Stepper((False, True), self._start)
            elif parameter.type == "choice":
                yield Stepper(parameter.choices, self._start)
            else:
                yield Input(
                    written(self._start), compact=True, restrict=r"[-+0-9.eE_]*", select_on_focus=True
                )
            yield Static(between(parameter), classes="range", markup=False)
        yield Prose(parameter.help[language()], classes="help")

    @property
    def value(self) -> Value | None:
        """What is set; None while it is not allowed."""
        if self.parameter.type in ("bool", "choice"):
            return self.query_one(Stepper).value
        try:
            return self.parameter.parse(self.query_one(Input).value.strip())
        except ValueError:
            return None

    def reset(self) -> None:
        if self.parameter.type in ("bool", "choice"):
            self.query_one(Stepper).set(self.parameter.default)
        else:
            self.query_one(Input).value = written(self.parameter.default)

    def check(self) -> None:
        kind = "wrong_whole" if self.parameter.type == "int" else "wrong_number"
        low, high = self.parameter.minimum, self.parameter.maximum
        self.fault = ""
        if self.value is None:
            self.fault = t(
                f"catalogue.{kind}", name=self.parameter.name, low=f"{low:.12g}", high=f"{high:.12g}"
            )
        line = self.query_one(Prose)
        line.set_class(bool(self.fault), "-fault")
        line.update(self.fault or self.parameter.help[language()])
        for field in self.query(Input):
            field.set_class(bool(self.fault), "-invalid")

    def retranslate(self) -> None:
        self.query_one(".range", Static).update(between(self.parameter))
        self.check()


class ParameterForm(Vertical):
    DEFAULT_CSS = """
    ParameterForm { height: auto; }
    ParameterForm > .none { color: $text-muted; }
    """

    @dataclass
    class Changed(Message):
        """A value was set; `values` has every parameter that is allowed and not its default."""

        values: dict[str, Value]

    @dataclass
    class RunRequested(Message):
        """Enter in a field."""

    def __init__(self) -> None:
        super().__init__()
        self._parameters: tuple[Parameter, ...] = ()

    async def show(self, parameters: tuple[Parameter, ...], values: Mapping[str, Value]) -> None:
        if parameters == self._parameters and self.children:
            return
        self._parameters = parameters
        column = max((cell_len(each.name) for each in parameters), default=0)
        with self.app.batch_update():
            await self.remove_children()
            await self.mount_all(
                ParameterField(each, values.get(each.name, each.default), column) for each in parameters
            )
            if not parameters:
                await self.mount(Static(t("catalogue.no_settings"), classes="none", markup=False))

    @property
    def fields(self) -> list[ParameterField]:
        return list(self.query(ParameterField))

    @property
    def values(self) -> dict[str, Value]:
        """What differs from the defaults."""
        found = {field.parameter.name: (field.value, field.parameter.default) for field in self.fields}
        return {
            name: value for name, (value, default) in found.items() if value is not None and value != default
        }

    @property
    def fault(self) -> ParameterField | None:
        """The first field whose value is not allowed."""
        return next((field for field in self.fields if field.value is None), None)

    def reset(self) -> None:
        for field in self.fields:
            field.reset()

    def focus_first(self) -> None:
        target = self.fault or next(iter(self.fields), None)
        if target is not None:
            target.query("Input, Stepper").first().focus()

    def retranslate(self) -> None:
        for line in self.query(".none").results(Static):
            line.update(t("catalogue.no_settings"))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._changed(event.input)

    def on_stepper_changed(self, event: Stepper.Changed) -> None:
        event.stop()
        self._changed(event.stepper)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.RunRequested())

    def _changed(self, control: Widget) -> None:
        for field in control.ancestors:
            if isinstance(field, ParameterField):
                field.check()
        self.post_message(self.Changed(self.values))

"""The settings of the program that is on the screen; Enter runs it again with them."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from ..catalogue import Parameter, Value
from ..i18n import t
from ..widgets.key_bar import KeyBar
from ..widgets.parameter_form import ParameterForm
from .settled import SettledModal

Values = dict[str, Value]


class ParametersScreen(SettledModal[Values | None]):
    CSS = """
    ParametersScreen { align: center middle; background: $background; }
    ParametersScreen VerticalScroll {
        width: 64; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; background: $surface;
    }
    ParametersScreen Static.title { text-style: bold; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f5", "run", "keys.run"),
        Binding("tab,down", "app.focus_next", "run.keys.move"),
        Binding("shift+tab,up", "app.focus_previous", "run.keys.move", show=False),
        Binding("escape", "dismiss", "run.keys.leave_input"),
    ]

    def __init__(self, parameters: tuple[Parameter, ...], values: Mapping[str, Value]) -> None:
        super().__init__()
        self._parameters, self._values = parameters, values

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(t("run.parameters.title"), classes="title")
            yield ParameterForm()
        yield KeyBar()

    async def on_mount(self) -> None:
        form = self.query_one(ParameterForm)
        await form.show(self._parameters, self._values)
        form.focus_first()

    def on_parameter_form_run_requested(self) -> None:
        self.action_run()

    def action_run(self) -> None:
        form = self.query_one(ParameterForm)
        if form.fault is not None:
            form.focus_first()
            self.app.bell()
            return
        self.dismiss(form.values)

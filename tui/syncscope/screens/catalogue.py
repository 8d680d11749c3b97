"""What there is to run: the scenarios at the left, the chosen one at the right, its lesson where there is room."""

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from .. import i18n
from ..catalogue import Catalogue, Scenario, load_catalogue
from ..i18n import t
from ..look import current_look
from ..widgets.key_bar import KeyBar
from ..widgets.lesson import LessonView
from ..widgets.scenario_details import ScenarioDetails
from ..widgets.scenario_list import ScenarioList
from ..widgets.title_bar import TitleBar
from .settled import SettledScreen

if TYPE_CHECKING:
    from syncscope_engine.launch import Options

LESSON_FROM_WIDTH = 116


class CatalogueScreen(SettledScreen[None]):
    DEFAULT_CSS = """
    CatalogueScreen #left { width: 2fr; min-width: 33; max-width: 44; }
    CatalogueScreen ScenarioDetails { width: 3fr; }
    CatalogueScreen #lesson { width: 3fr; display: none; margin-left: 1; }
    CatalogueScreen.-wide #lesson { display: block; }
    CatalogueScreen #search { display: none; border: none; height: 1; padding: 0 1; background: $panel; }
    CatalogueScreen #search:focus { border: none; background: $selection; background-tint: transparent; }
    CatalogueScreen.-searching #search { display: block; }
    CatalogueScreen #nothing { display: none; padding: 1 2; color: $warning; }
    CatalogueScreen.-nothing #nothing { display: block; }
    CatalogueScreen.-nothing ScenarioList { display: none; }
    CatalogueScreen #problems { height: auto; max-height: 5; color: $error; padding: 0 1; overflow-y: auto; }
    """
    AUTO_FOCUS = "ScenarioList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f5", "run", "keys.run"),
        Binding("left", "program(-1)", "keys.program"),
        Binding("right", "program(1)", "keys.program"),
        *(
            Binding(str(n), f"program_number({n - 1})", "keys.program_number", show=False)
            for n in range(1, 10)
        ),
        Binding("tab", "app.focus_next", "keys.settings"),
        Binding("shift+tab", "app.focus_previous", "keys.settings", show=False),
        Binding("slash,f3", "search", "keys.search"),
        Binding("f2", "lesson", "keys.lesson"),
        Binding("f8", "defaults", "keys.defaults", show=False),
        Binding("escape", "leave", "keys.back", show=False),
    ]

    def __init__(
        self,
        catalogue: Catalogue | None = None,
        *,
        options: "Options | None" = None,
        in_front: bool = True,
    ) -> None:
        """`in_front`: shown at once; otherwise filled when the screen above it is left."""
        super().__init__()
        self._catalogue = catalogue
        self._options = options
        self._in_front = in_front

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Horizontal():
            with Vertical(id="left"):
                yield Input(id="search", compact=True, placeholder=t("catalogue.search_here"))
                yield ScenarioList()
                yield Static(id="nothing", markup=False)
                yield Static(id="problems", markup=False)
            yield ScenarioDetails()
            yield LessonView(id="lesson")
        yield KeyBar()

    def on_mount(self) -> None:
        if self._in_front:
            self._fill()

    def on_screen_resume(self) -> None:
        if not self._in_front:
            self._in_front = True
            self._fill()

    def _fill(self) -> None:
        if self._catalogue is None:
            self._catalogue = load_catalogue()
        # the details follow when the list says what is chosen; the list itself is there at once
        scenarios = self.query_one(ScenarioList)
        scenarios.show(self._catalogue)
        self.query_one(ScenarioDetails).display = scenarios.current is not None
        self._say()

    def on_resize(self) -> None:
        self.set_class(self.app.size.width >= LESSON_FROM_WIDTH, "-wide")
        self.call_later(self._show_lesson)

    def retranslate(self) -> None:
        if self._catalogue is not None:
            self._say()

    def relook(self) -> None:
        self.retranslate()

    def _say(self) -> None:
        """Everything of the screen itself that is said in words."""
        catalogue = self._catalogue or Catalogue((), (), ())
        count = t("catalogue.count", n=len(catalogue.scenarios))
        self.query_one(TitleBar).show("Syncscope", t("catalogue.tagline"), count)
        self.query_one("#search", Input).placeholder = t("catalogue.search_here")
        problems = self.query_one("#problems", Static)
        problems.display = bool(catalogue.problems)
        if catalogue.problems:
            sign = current_look().symbol("warning")
            lines = [t("catalogue.problems", n=len(catalogue.problems))]
            lines += [f"{sign} {problem}" for problem in catalogue.problems]
            problems.update(Text("\n".join(lines)))
        words = self.query_one("#search", Input).value
        self.query_one("#nothing", Static).update(t("catalogue.no_match", words=words))

    # searching

    def action_search(self) -> None:
        self.add_class("-searching")
        self.query_one("#search", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "search" and self._catalogue is not None:
            scenarios = self.query_one(ScenarioList)
            scenarios.show(self._catalogue, event.value)
            self.set_class(bool(self._catalogue.scenarios) and not scenarios.shown, "-nothing")
            self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "search" and self.query_one(ScenarioList).current is not None:
            self.query_one(ScenarioList).focus()

    def on_key(self, event: events.Key) -> None:
        """From the search line the arrows go straight to the list."""
        if event.key in ("down", "up") and self.focused is self.query_one("#search", Input):
            event.stop()
            scenarios = self.query_one(ScenarioList)
            if scenarios.current is not None:
                scenarios.focus()
                if event.key == "down":
                    scenarios.action_cursor_down()
                else:
                    scenarios.action_cursor_up()

    def action_leave(self) -> None:
        """Out of the search, or out of the settings; not out of the application."""
        search = self.query_one("#search", Input)
        if self.has_class("-searching"):
            search.value = ""
            self.remove_class("-searching")
        self.query_one(ScenarioList).focus()

    # choosing

    async def on_scenario_list_chosen(self, event: ScenarioList.Chosen) -> None:
        await self._choose(event.scenario)

    async def _choose(self, scenario: Scenario | None) -> None:
        if scenario is not self.query_one(ScenarioList).current:
            return  # a newer choice is on its way
        await self.query_one(ScenarioDetails).show(scenario)
        await self._show_lesson()

    async def _show_lesson(self) -> None:
        if self.has_class("-wide") and self._in_front:
            await self.query_one("#lesson", LessonView).show(self.query_one(ScenarioList).current)

    def action_program(self, by: int) -> None:
        self.query_one(ScenarioDetails).step_program(by)

    def action_program_number(self, number: int) -> None:
        self.query_one(ScenarioDetails).choose_program(number)

    def action_defaults(self) -> None:
        details = self.query_one(ScenarioDetails)
        if details.scenario is not None:
            details.form.reset()

    def action_lesson(self) -> None:
        scenario = self.query_one(ScenarioList).current
        if scenario is not None:
            from .lesson import LessonScreen

            self.app.push_screen(LessonScreen(scenario))

    # running

    def on_scenario_list_run_requested(self) -> None:
        self.action_run()

    def on_parameter_form_run_requested(self) -> None:
        self.action_run()

    def action_run(self) -> None:
        details = self.query_one(ScenarioDetails)
        scenario, program = details.scenario, details.program
        if scenario is None or program is None or self.query_one(ScenarioList).current is None:
            return
        if details.form.fault is not None:
            details.form.focus_first()
            self.app.bell()
            return
        from syncscope_engine.launch import Options

        from ..targets import scenario_target
        from .run import RunScreen

        title = f"{scenario.title[i18n.language()]}: {program.title[i18n.language()]}"
        target = scenario_target(scenario, program, details.form.values)
        options = self._options or Options()
        self.app.push_screen(RunScreen(target, options, title, scenario, program))

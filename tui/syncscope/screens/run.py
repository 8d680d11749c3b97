"""A running program on the screen: passes each snapshot to the widgets, and what the keys ask for to the feed."""

import asyncio
import traceback
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.layout import Layout

from syncscope_engine.session import Options, Target, UsageError

from ..catalogue import Program, Scenario
from ..direct_paint import DirectPainter
from ..feed import Feed, Snapshot
from ..i18n import t
from ..narrow_compositor import NarrowCompositor
from ..renderables.mode import Mode, mode_of
from ..widgets.banner import Banner
from ..widgets.cores import CoresPanel
from ..widgets.detail import DetailLines
from ..widgets.findings import FindingsPanel
from ..widgets.header import HeaderLine
from ..widgets.key_bar import KeyBar
from ..widgets.lanes import Lanes
from ..widgets.output import InputLine, OutputPanel
from ..widgets.panel_tabs import PanelTabs
from ..widgets.resources import ResourcesPanel
from ..widgets.source import SourcePanel
from ..widgets.story import StoryPanel
from .run_choice import Choice
from .run_keys import RUN_BINDINGS
from .run_panels import RunPanels
from .run_program import Running
from .settled import SettledScreen


class RunScreen(SettledScreen[None], inherit_bindings=False):
    AUTO_FOCUS = "Lanes"
    BINDINGS: ClassVar[list[BindingType]] = RUN_BINDINGS

    def __init__(
        self, target: Target, options: Options, title: str, scenario: Scenario | None, program: Program | None
    ) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()
        self.painter = DirectPainter(self)
        self._choice = Choice(target, title, scenario, program)
        self._options = options
        self._run: Running | None = None
        self._turn = asyncio.Lock()  # one program at a time
        self._snapshot: Snapshot | None = None
        self.problem = ""  # why there is nothing to show, or no more
        self._panels = RunPanels(self)

    def compose(self) -> ComposeResult:
        yield HeaderLine(id="header")
        yield Lanes(id="lanes")
        yield DetailLines(id="detail")
        yield Banner(id="banner")
        yield PanelTabs(id="tabs")
        yield ResourcesPanel(id="resources")
        yield SourcePanel(id="source")
        yield CoresPanel(id="cores")
        yield FindingsPanel(id="findings")
        yield OutputPanel(id="output")
        yield StoryPanel(id="story")
        yield KeyBar()

    @property
    def layout(self) -> Layout:
        return self._panels.layout

    async def on_mount(self) -> None:
        self._panels.arrange()
        await self._begin(self._choice)

    # the program

    async def _begin(self, choice: Choice) -> None:
        """Run `choice`; what ran before is killed first."""
        async with self._turn:
            await self._end()
            self._choice, self._snapshot, self.problem = choice, None, ""
            self._panels.forget(choice.target)
            try:
                running = Running(choice.target, self._options, self.post_message, self._fps)
            except UsageError as error:
                self._fail(t("run.problem.start", error=error))
                return
            self._run = running
            running.feed.start()
            self._show_header()

    async def _end(self) -> None:
        if self._run is not None:
            running, self._run = self._run, None
            await asyncio.to_thread(running.feed.close)

    async def on_unmount(self) -> None:
        await self._end()

    @property
    def _fps(self) -> float:
        return float(getattr(self.app, "fps", 10))

    @on(Feed.Updated)
    def _updated(self, message: Feed.Updated) -> None:
        if self._run is None or message.feed is not self._run.feed:
            return
        self._snapshot = snapshot = message.snapshot
        try:
            with self.painter.frame():
                self._show_header()
                self._panels.show(snapshot)
        except Exception as error:  # a picture that fails must not take a demonstration with it
            self.log.error(traceback.format_exc())
            self._fail(t("run.problem.picture", error=f"{type(error).__name__}: {error}"))

    @on(Feed.Failed)
    def _failed(self, message: Feed.Failed) -> None:
        if self._run is not None and message.feed is self._run.feed:
            self.log.error(message.trace)
            self._fail(t("run.problem.observer", error=message.error))

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self._panels.say("error", problem)
        self._show_header()

    def _show_header(self) -> None:
        said, label = self._choice.said, self._choice.target.label
        self.query_one(HeaderLine).show(said, label if label != said else "", self._mode, self._snapshot)

    @property
    def _mode(self) -> Mode:
        snapshot, running = self._snapshot, self._run
        if self.problem:
            return Mode("observer_failed")
        if snapshot is None:
            return Mode("starting")
        if running is not None and running.stopping and snapshot.status != "ended":
            return Mode("stopping")
        return mode_of(snapshot.status, snapshot.outcome, snapshot.exit_code, snapshot.stuck)

    # what the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "other_program":
            return self._choice.has_others
        if action == "parameters":
            return self._choice.scenario is not None
        if action in ("pause", "stop", "type"):
            ended = self._snapshot is not None and self._snapshot.status == "ended"
            return None if ended or self.problem else True
        return True

    def action_pause(self) -> None:
        if self._run is not None:
            self._run.toggle_pause()

    def action_stop(self) -> None:
        if self._run is not None:
            self._run.stop()
            self._show_header()

    def action_restart(self) -> None:
        self._start(self._choice)

    def action_other_program(self) -> None:
        self._start(self._choice.next_program())

    def action_parameters(self) -> None:
        from .parameters import ParametersScreen, Values

        def chosen(values: Values | None) -> None:
            if values is not None:
                self._start(choice.with_values(values))

        choice = self._choice
        if choice.scenario is not None and choice.program is not None:
            parameters = choice.scenario.parameters_of(choice.program)
            self.app.push_screen(ParametersScreen(parameters, choice.values), chosen)

    def _start(self, choice: Choice) -> None:
        if not self._turn.locked():  # an impatient key does not start the program once for each press
            self.run_worker(self._begin(choice))

    def action_back(self) -> None:
        """Back to the catalogue at once; the program is killed on the way."""
        self.app.pop_screen()

    def action_follow(self) -> None:
        lanes = self.query_one(Lanes)
        lanes.follow = not lanes.follow

    def action_lanes(self, action: str, *arguments: int) -> None:
        getattr(self.query_one(Lanes), f"action_{action}")(*arguments)

    def action_panel(self, number: int) -> None:
        self._panels.choose(number - 1)

    def action_next_place(self, by: int) -> None:
        self._panels.next_place(by)

    def action_page(self, direction: int) -> None:
        self._panels.page(direction)

    def action_type(self) -> None:
        self._panels.type()

    # what the widgets say

    @on(Lanes.TaskFocused)
    def _task_focused(self, message: Lanes.TaskFocused) -> None:
        self._panels.focus_task(message.task)

    @on(ResourcesPanel.Highlighted)
    def _highlighted(self, message: ResourcesPanel.Highlighted) -> None:
        self.query_one(Lanes).resource = message.resource

    @on(FindingsPanel.EvidenceAsked)
    def _evidence_asked(self, message: FindingsPanel.EvidenceAsked) -> None:
        self._panels.show_evidence(message.finding)

    @on(OutputPanel.LineTyped)
    def _line_typed(self, message: OutputPanel.LineTyped) -> None:
        if self._run is not None:
            self._run.feed.send_input(message.text)

    @on(InputLine.Ended)
    def _input_ended(self) -> None:
        if self._run is not None:
            self._run.feed.close_input()

    @on(InputLine.Left)
    def _input_left(self) -> None:
        self.query_one(Lanes).focus()

    @on(PanelTabs.Clicked)
    def _tab_clicked(self, message: PanelTabs.Clicked) -> None:
        self._panels.choose(message.index)

    @on(Banner.Clicked)
    def _banner_clicked(self) -> None:
        self._panels.choose_by_name("findings")

    def on_resize(self, event: events.Resize) -> None:
        self._panels.arrange()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._panels.focus_moved()

    def retranslate(self) -> None:
        self._panels.arrange()
        self._show_header()

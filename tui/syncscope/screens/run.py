"""A running program on the screen: passes each snapshot to the widgets, and what the keys ask for to the feed."""

import asyncio
import traceback
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.layout import Layout

from syncscope_engine.recording import RecordingError
from syncscope_engine.session import Options, Target, UsageError

from ..catalogue import Program, Scenario
from ..direct_paint import DirectPainter
from ..feed import Feed, Snapshot
from ..i18n import t
from ..narrow_compositor import NarrowCompositor
from ..widgets.banner import Banner
from ..widgets.cores import CoresPanel
from ..widgets.detail import DetailLines
from ..widgets.findings import FindingsPanel
from ..widgets.header import HeaderLine
from ..widgets.key_bar import KeyBar
from ..widgets.lanes import Lanes
from ..widgets.minimap import MinimapLine
from ..widgets.output import InputLine, OutputPanel
from ..widgets.panel_tabs import PanelTabs
from ..widgets.resources import ResourcesPanel
from ..widgets.source import SourcePanel
from ..widgets.story import StoryPanel
from .run_choice import Choice, ask_for_parameters
from .run_keys import RUN_BINDINGS
from .run_mode import mode_shown
from .run_panels import RunPanels
from .run_program import Recorded, Running, Shown
from .run_time import RunTime
from .settled import SettledScreen


class RunScreen(SettledScreen[None], inherit_bindings=False):
    AUTO_FOCUS = "Lanes"
    BINDINGS: ClassVar[list[BindingType]] = RUN_BINDINGS

    def __init__(
        self,
        target: Target,
        options: Options,
        title: str,
        scenario: Scenario | None,
        program: Program | None,
        recorded: Path | None = None,
    ) -> None:
        """`recorded`: a file with a run of the target, shown instead of a new one."""
        super().__init__()
        self._compositor = NarrowCompositor()
        self.painter = DirectPainter(self)
        self._choice = Choice(target, title, scenario, program)
        self._options = options
        self._recorded = recorded
        self._n_runs = 0
        self._run: Shown | None = None
        self._turn = asyncio.Lock()  # one program at a time
        self.snapshot: Snapshot | None = None
        self.problem = ""  # why there is nothing to show, or no more
        self._panels = RunPanels(self)
        self.time = RunTime(self)

    def compose(self) -> ComposeResult:
        yield HeaderLine(id="header")
        yield MinimapLine(id="minimap")
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
            self._choice, self.snapshot, self.problem = choice, None, ""
            self._panels.forget(choice.target)
            self._show_header()
            try:
                running = await self._open(choice)
            except (UsageError, RecordingError) as error:
                self._fail(t("run.problem.start", error=error))
                return
            self._run = running
            if running.recording.damage:
                self._panels.say("warning", running.recording.damage)
            running.feed.start()
            self._show_header()

    async def _open(self, choice: Choice) -> Shown:
        fps = float(getattr(self.app, "fps", 10))
        if self._recorded is not None:
            return await asyncio.to_thread(Recorded, self._recorded, self.post_message, fps)
        self._n_runs += 1
        return Running(choice.target, self._options, self.post_message, fps, self._n_runs)

    async def _end(self) -> None:
        if self._run is not None:
            running, self._run = self._run, None
            await asyncio.to_thread(running.feed.close)

    async def on_unmount(self) -> None:
        await self._end()

    @on(Feed.Updated)
    def _updated(self, message: Feed.Updated) -> None:
        if self._run is None or message.feed is not self._run.feed:
            return
        self.snapshot = snapshot = message.snapshot
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
        mode = mode_shown(self.snapshot, self._run, self.problem, recorded=self._recorded is not None)
        self.query_one(HeaderLine).show(said, label if label != said else "", mode, self.snapshot)

    # what the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("other_program", "parameters"):
            return self._choice.offers(action)
        if action in ("stop", "type"):
            ended = self.snapshot is not None and self.snapshot.status == "ended"
            return None if ended or self.problem else True
        return True

    def action_pause(self) -> None:
        """The program, while its present is looked at; else the way through its past."""
        if self._run is None or self.snapshot is None:
            return
        if self.snapshot.position.live and self.snapshot.status != "ended":
            self._run.toggle_pause()
        else:
            self.time.play()

    def action_slow(self) -> None:
        """The program itself, apart from the speed at which its past is played."""
        if self._run is not None and self.snapshot is not None and self.snapshot.status != "ended":
            self._run.slow_next()

    def action_time(self, action: str, *arguments: int) -> None:
        getattr(self.time, action)(*arguments)

    def action_stop(self) -> None:
        if self._run is not None:
            self._run.stop()
            self._show_header()

    def action_restart(self) -> None:
        if self._recorded is None:
            self._start(self._choice)
        else:
            self.time.start()
            self.time.play()

    def action_other_program(self) -> None:
        self._start(self._choice.next_program())

    def action_parameters(self) -> None:
        ask_for_parameters(self.app, self._choice, self._start)

    def _start(self, choice: Choice) -> None:
        if not self._turn.locked():  # an impatient key does not start the program once for each press
            self.run_worker(self._begin(choice))

    def action_back(self) -> None:
        """From the past to the present; from there to the catalogue at once, the program is killed on the way."""
        snapshot = self.snapshot
        if self._recorded is None and snapshot is not None and not snapshot.position.live:
            self.time.present()
        else:
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

    # what others ask for

    @property
    def feed(self) -> Feed | None:
        return self._run.feed if self._run is not None else None

    def focus_task(self, task: int) -> None:
        self._panels.focus_task(task)

    def say(self, severity: str, text: str) -> None:
        self._panels.say(severity, text)

    @property
    def label(self) -> str:
        return self._choice.target.label

    # what the widgets say

    @on(MinimapLine.Pointed)
    def _pointed(self, message: MinimapLine.Pointed) -> None:
        if self.snapshot is not None:
            self.time.seek(self.snapshot.start_ns + message.t_ns)

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

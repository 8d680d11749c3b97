"""Which panels of the run screen are shown, which has the keys, and what each is told."""

from typing import TYPE_CHECKING

from textual.widget import Widget

from syncscope_engine.detectors.base import Finding
from syncscope_engine.session import Target

from ..feed import Snapshot
from ..i18n import t
from ..look import current_look
from ..pace import Pace
from ..palettes import Role
from ..renderables.findings import SHOWN
from ..renderables.tabs import Tab
from ..widgets.banner import Banner
from ..widgets.cores import CoresPanel
from ..widgets.detail import DetailLines
from ..widgets.findings import FindingsPanel, tell
from ..widgets.lanes import Lanes
from ..widgets.minimap import MinimapLine
from ..widgets.output import OutputPanel
from ..widgets.panel_tabs import PanelTabs
from ..widgets.resources import ResourcesPanel
from ..widgets.rows_view import RowsView
from ..widgets.source import SourcePanel
from ..widgets.story import StoryPanel
from .run_layout import PANELS, RunLayout, Wishes, slots_for

if TYPE_CHECKING:
    from .run import RunScreen

PANELS_S = 0.25
"""So often the panels are made anew while the program runs; the lanes with every snapshot."""
AXIS = 1  # line of the lanes that is no lane
CORE_LINES = 4  # of the panel of cores that are no core: title, queue, GIL, its shares


class RunPanels:
    def __init__(self, screen: "RunScreen") -> None:
        self._screen = screen
        self.layout = RunLayout()
        # the panel that was chosen last is the first; of those that share a place, output is the first to be shown
        self._recent = sorted(PANELS, key=lambda name: name == "findings")
        self._snapshot: Snapshot | None = None
        self._task = 0
        self._n_outputs_seen = 0
        self._n_announced = 0  # findings
        self._pace = Pace(PANELS_S)

    # data

    def forget(self, target: Target) -> None:
        """Another program: nothing of the last one stays."""
        screen = self._screen
        self._snapshot, self._task = None, 0
        self._n_outputs_seen = self._n_announced = 0
        screen.query_one(Lanes).snapshot = None
        screen.query_one(MinimapLine).forget()
        screen.query_one(ResourcesPanel).forget()
        screen.query_one(SourcePanel).forget(str(target.script or ""))
        screen.query_one(FindingsPanel).forget()
        screen.query_one(OutputPanel).forget()
        screen.query_one(StoryPanel).forget()
        self.be_silent()

    def show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        screen = self._screen
        lanes = screen.query_one(Lanes)
        lanes.snapshot = snapshot
        self._wish(
            minimap=not snapshot.position.live,
            lanes=len(lanes.rows) + AXIS,
            resources=len(snapshot.tables.resources) + 2,
            cores=(len(snapshot.sample.cores) if snapshot.sample else 2) + CORE_LINES + len(snapshot.missing),
        )
        if not self._task:
            self._task = lanes.focused_task
        # numbers that run faster cannot be read, and are most of what a frame writes
        looks_back = not snapshot.position.live and snapshot.now_ns
        if self._pace.is_due((self._task, snapshot.status, snapshot.findings, looks_back)):
            screen.query_one(MinimapLine).show(snapshot, lanes.page, screen.time.bookmarks)
            screen.query_one(DetailLines).show(snapshot, self._task)
            for panel in self._all():
                if panel.display or isinstance(panel, OutputPanel):
                    panel.show(snapshot, self._task)
            self._show_tabs()
        if len(snapshot.findings) > self._n_announced:
            self._announce(snapshot.findings[self._n_announced :], snapshot)
            self._n_announced = len(snapshot.findings)

    def focus_task(self, task: int) -> None:
        self._task = task
        self._pace.hurry()
        if self._snapshot is not None:
            self.show(self._snapshot)

    def show_evidence(self, finding: Finding) -> None:
        """The events of the finding in the story; its first task and resource in the lanes."""
        lanes = self._screen.query_one(Lanes)
        if finding.resources:
            lanes.resource = finding.resources[0]
            self._screen.query_one(ResourcesPanel).highlighted = finding.resources[0]
        if finding.tasks:
            lanes.focused_task = finding.tasks[0]
            self.focus_task(finding.tasks[0])
        self.choose_by_name("story")
        self._screen.query_one(StoryPanel).point_out(finding.evidence)
        if self._snapshot is not None:
            last = max(finding.evidence, default=0)
            lanes.show_time(self._snapshot.recording[last].t_ns if last else finding.t_ns)

    # which panel

    def arrange(self) -> None:
        """After a change of size, language or choice: who is shown where."""
        size = self._screen.app.size
        slots = slots_for(size.width, size.height)
        shown = {min(slot, key=self._recent.index) for slot in slots}
        for number, panel in enumerate(self._all(), 1):
            name = PANELS[number - 1]
            title = f"{number} {t(f'run.panel.{name}')}" if len(slots) > 1 else ""
            rows = self._rows_of(panel)
            rows.panel_title = title
            was, panel.display = panel.display, name in shown
            if panel.display and not was and self._snapshot is not None:
                panel.show(self._snapshot, self._task)
        self._show_tabs()

    def choose(self, index: int) -> None:
        self.choose_by_name(PANELS[index])

    def choose_by_name(self, name: str) -> None:
        """Show this panel.  The keys follow only when a panel has them: else they stay with the lanes."""
        self._recent.remove(name)
        self._recent.insert(0, name)
        if name == "findings":
            self.be_silent()
        follow = self._panel_with_focus() is not None
        self.arrange()
        if follow:
            self._focus(name)

    def next_place(self, by: int) -> None:
        """The keys go to the next of: the lanes, and the panels that are shown."""
        places: list[str | None] = [None, *(n for n in PANELS if self._screen.query_one(f"#{n}").display)]
        at = places.index(self._panel_with_focus()) if self._panel_with_focus() in places else 0
        name = places[(at + by) % len(places)]
        if name is None:
            self._screen.query_one(Lanes).focus()
        else:
            self.choose_by_name(name)
            self._focus(name)

    def page(self, direction: int) -> None:
        """A page of the chosen panel; past its end, the next panel."""
        name = self._panel_with_focus() or self._recent[0]
        if not self._rows_of(self._screen.query_one(f"#{name}")).page(direction):
            self.choose((PANELS.index(name) + direction) % len(PANELS))

    def type(self) -> None:
        self.choose_by_name("output")
        self._screen.query_one(OutputPanel).input.focus()

    def focus_moved(self) -> None:
        name = self._panel_with_focus()
        if name is not None and name != self._recent[0]:
            self._recent.remove(name)
            self._recent.insert(0, name)
        self._show_tabs()

    # the banner

    def say(self, severity: str, text: str, hint: str = "") -> None:
        banner = self._screen.query_one(Banner)
        banner.display = True
        self._wish(banner=True)
        banner.say(severity, text, hint)

    def _announce(self, found: tuple[Finding, ...], snapshot: Snapshot) -> None:
        rank = tuple(SHOWN)
        worst = min(found, key=lambda finding: rank.index(finding.severity))
        title = tell(worst, snapshot).title
        if self._recent[0] == "findings" and self._screen.query_one(FindingsPanel).display:
            return  # it is being read
        banner = self._screen.query_one(Banner)
        if banner.display and rank.index(banner.severity) < rank.index(worst.severity):
            return  # what is worse stays
        if len(found) > 1:
            title += f" ({t('run.findings.more', n=len(found) - 1)})"
        self.say(worst.severity, title, t("run.findings.look"))

    def be_silent(self) -> None:
        self._screen.query_one(Banner).display = False
        self._wish(banner=False)

    # inside

    def _all(self) -> list["Panel"]:
        found: list[Panel] = []
        for name in PANELS:
            panel = self._screen.query_one(f"#{name}")
            assert isinstance(panel, PANEL_TYPES)
            found.append(panel)
        return found

    def _rows_of(self, panel: Widget) -> RowsView:
        if isinstance(panel, OutputPanel):
            return panel.rows_view
        assert isinstance(panel, RowsView)
        return panel

    def _focus(self, name: str) -> None:
        self._rows_of(self._screen.query_one(f"#{name}")).focus()

    def _panel_with_focus(self) -> str | None:
        node = self._screen.focused
        while node is not None and node.id not in PANELS:
            node = node.parent if isinstance(node.parent, Widget) else None
        return node.id if node is not None else None

    def _wish(
        self,
        lanes: int | None = None,
        resources: int | None = None,
        cores: int | None = None,
        banner: bool | None = None,
        minimap: bool | None = None,
    ) -> None:
        old = self.layout.wishes
        wishes = Wishes(
            # lanes only grow: a picture that jumps cannot be read
            max(lanes, old.lanes) if lanes is not None else old.lanes,
            resources if resources is not None else old.resources,
            cores if cores is not None else old.cores,
            banner if banner is not None else old.banner,
            minimap if minimap is not None else old.minimap,
        )
        if wishes != old:
            self.layout.wishes = wishes
            # asked of a child: a screen keeps its own old arrangement
            self._screen.query_one(Lanes).refresh(layout=True)

    def _show_tabs(self) -> None:
        focus = self._panel_with_focus()
        tabs = []
        for number, name in enumerate(PANELS, 1):
            shown = bool(self._screen.query_one(f"#{name}").display)
            mark, role = self._mark(name, shown)
            chosen = name == self._recent[0]
            title = t(f"run.panel.{name}")
            tabs.append(Tab(str(number), title, shown, chosen, chosen and focus == name, mark, role))
        self._screen.query_one(PanelTabs).show(tabs)

    def _mark(self, name: str, shown: bool) -> tuple[str, Role]:
        look, snapshot = current_look(), self._snapshot
        if snapshot is None:
            return "", "text"
        if name == "findings" and snapshot.findings:
            severities = {finding.severity for finding in snapshot.findings}
            worst = next(severity for severity in SHOWN if severity in severities)
            _, symbol, role = SHOWN[worst]
            return f" {look.symbol(symbol)}{len(snapshot.findings)}", role
        if name == "output":
            n = len(snapshot.recording.outputs)
            if shown:
                self._n_outputs_seen = n
            elif n > self._n_outputs_seen:
                return f" {look.symbol('mark')}", "accent"
        return "", "text"


Panel = ResourcesPanel | SourcePanel | CoresPanel | FindingsPanel | OutputPanel | StoryPanel
PANEL_TYPES = (ResourcesPanel, SourcePanel, CoresPanel, FindingsPanel, OutputPanel, StoryPanel)

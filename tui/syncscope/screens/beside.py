"""Two recorded runs on one clock, one above the other, and what differs between them in figures."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip

from syncscope_engine.analysis import Analysis
from syncscope_engine.comparison import Comparison, compare
from syncscope_engine.recording import Recording, RecordingError
from syncscope_engine.replay import analyse
from syncscope_engine.report import RunFacts, build_report

from ..feed import Feed
from ..i18n import language
from ..look import current_look
from ..playhead import Playhead
from ..recorded_session import NoSampler, RecordedSession
from ..renderables.differences_table import difference_lines
from ..renderables.mode import Mode, mode_of
from ..snapshot import Snapshot
from ..widgets.banner import Banner
from ..widgets.fixed_lines import FixedLines
from ..widgets.header import HeaderLine
from ..widgets.key_bar import KeyBar
from ..widgets.lanes import Lanes
from .settled import SettledScreen


class DifferenceLines(FixedLines):
    DEFAULT_CSS = "DifferenceLines { height: 1fr; }"
    comparison: Comparison | None = None
    names = ("", "")

    def build(self, width: int, height: int) -> Sequence[Strip]:
        if self.comparison is None:
            return []
        return difference_lines(self.comparison, self.names, current_look(), width)


class BesideScreen(SettledScreen[None], inherit_bindings=False):
    """`left` is above, `right` below; both begin at the same column, and the playhead is at one time in both."""

    AUTO_FOCUS = "#above"
    DEFAULT_CSS = """
    BesideScreen Lanes { height: 2fr; }
    BesideScreen DifferenceLines { height: 2fr; border-top: none; }
    BesideScreen Banner { display: none; }
    """
    # before the lanes' own keys: what is done to one is done to both
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,full_stop", "play", "run.keys.play"),
        Binding("tab,shift+tab", "other", "run.beside.switch"),
        Binding("left", "lanes('pan', -1)", "run.keys.earlier", priority=True, show=False),
        Binding("right", "lanes('pan', 1)", "run.keys.later", priority=True, show=False),
        Binding("plus,equals_sign", "lanes('zoom', 1)", "run.keys.closer", priority=True),
        Binding("minus", "lanes('zoom', -1)", "run.keys.farther", priority=True),
        Binding("0", "lanes('fit')", "run.keys.zoom_reset", priority=True, show=False),
        Binding("shift+left", "shift(-1)", "run.keys.playhead_back", show=False),
        Binding("shift+right", "shift(1)", "run.keys.playhead_on", show=False),
        Binding("ctrl+left", "shift(-10)", "run.keys.playhead_far_back", show=False),
        Binding("ctrl+right", "shift(10)", "run.keys.playhead_far_on", show=False),
        Binding("less_than_sign", "faster(-1)", "run.keys.slower", show=False),
        Binding("greater_than_sign", "faster(1)", "run.keys.faster", show=False),
        Binding("escape,backspace", "app.pop_screen", "keys.back"),
    ]

    def __init__(self, left: Path, right: Path) -> None:
        super().__init__()
        self._paths = (left, right)
        self._names = (left.stem, right.stem) if left.stem != right.stem else (str(left), str(right))
        self._feeds: list[Feed] = []
        self.snapshots: dict[Feed, Snapshot] = {}

    def compose(self) -> ComposeResult:
        yield HeaderLine(id="above-title")
        yield Lanes(id="above")
        yield HeaderLine(id="below-title")
        yield Lanes(id="below")
        yield Banner()
        yield DifferenceLines()
        yield KeyBar()

    async def on_mount(self) -> None:
        for title, name in zip(self._titles, self._names, strict=True):
            title.show(name, "", Mode("reading"), None)
        self.run_worker(self._read())

    async def _read(self) -> None:
        try:
            read = [await asyncio.to_thread(_read, path) for path in self._paths]
        except RecordingError as error:
            banner = self.query_one(Banner)
            banner.display = True
            banner.say("error", str(error))
            return
        fps = float(getattr(self.app, "fps", 10))
        for recording, analysis in read:
            feed = Feed(RecordedSession(recording), analysis, NoSampler(), self.post_message, fps, live=False)
            self._feeds.append(feed)
            feed.look(Playhead.go_live)  # the whole runs first; space plays them
            feed.start()
        reports = [build_report(RunFacts.recorded(r), r, a, language()) for r, a in read]
        lines = self.query_one(DifferenceLines)
        lines.comparison, lines.names = compare(*reports), self._names
        lines.update_lines()

    async def on_unmount(self) -> None:
        for feed in self._feeds:
            await asyncio.to_thread(feed.close)

    @property
    def _titles(self) -> list[HeaderLine]:
        return [self.query_one("#above-title", HeaderLine), self.query_one("#below-title", HeaderLine)]

    @property
    def _both(self) -> list[Lanes]:
        return [self.query_one("#above", Lanes), self.query_one("#below", Lanes)]

    @on(Feed.Updated)
    def _updated(self, message: Feed.Updated) -> None:
        if message.feed not in self._feeds:
            return
        n_before = len(self.snapshots)
        i = self._feeds.index(message.feed)
        self.snapshots[message.feed] = snapshot = message.snapshot
        self._both[i].snapshot = snapshot
        position = snapshot.position
        mode = mode_of(snapshot.status, snapshot.outcome, snapshot.exit_code, snapshot.stuck)
        if not position.live:
            mode = Mode("playing" if position.playing else "past", speed=position.speed)
        self._titles[i].show(self._names[i], "", mode, snapshot)
        if n_before < len(self.snapshots) == len(self._paths):
            self.action_lanes("fit")

    # keys

    def _look(self, act: Callable[[Playhead], object]) -> None:
        for feed, lanes in zip(self._feeds, self._both, strict=False):
            lanes.follow = True
            feed.look(act)

    def action_play(self) -> None:
        playing = any(snapshot.position.playing for snapshot in self.snapshots.values())
        self._look(Playhead.stop if playing else Playhead.play)

    def action_shift(self, columns: int) -> None:
        if self.snapshots:
            # from one time in both, whichever of them has come to its end
            times = [s.now_ns - s.start_ns for s in self.snapshots.values()]
            to_ns = max(times) + columns * self._both[0].zoom
            for feed, snapshot in self.snapshots.items():
                feed.look(_seek(snapshot.start_ns + to_ns))

    def action_faster(self, steps: int) -> None:
        self._look(lambda playhead: playhead.faster(steps))

    def action_lanes(self, action: str, *arguments: int) -> None:
        """The same in both, so that they stay on one clock."""
        above, below = self._both
        getattr(above, f"action_{action}")(*arguments)
        getattr(below, f"action_{action}")(*arguments)
        above.zoom = below.zoom = max(above.zoom, below.zoom)

    def action_other(self) -> None:
        above, below = self._both
        (below if above.has_focus else above).focus()


def _seek(t_ns: int) -> Callable[[Playhead], None]:
    return lambda playhead: playhead.seek(t_ns)


def _read(path: Path) -> tuple[Recording, Analysis]:
    recording = Recording.open(path)
    return recording, analyse(recording)

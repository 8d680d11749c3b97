"""The lanes: one row per task, time along the row.

The widget keeps the lines that are on the screen.  Whatever changes, it makes the visible lines anew, compares
them with those, and asks for a refresh of the columns that differ: a frame in which the pen moves writes one
column, a frame in which nothing happens writes nothing.
"""

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from ..direct_paint import paint
from ..feed import Snapshot
from ..look import current_look
from ..renderables.difference import differences
from ..renderables.label import gutter_width
from ..renderables.lanes_view import LanesView
from ..renderables.time_window import TimeWindow
from .lane_actions import LaneActions


class Lanes(LaneActions, can_focus=True):
    """Assign `snapshot` to show it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Lanes { height: 1fr; width: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._view = LanesView(current_look())
        self._snapshot: Snapshot | None = None
        self._lines: list[list[Segment]] = []
        self._ground = Style.null()

    # what is shown

    @property
    def snapshot(self) -> Snapshot | None:
        return self._snapshot

    @snapshot.setter
    def snapshot(self, snapshot: Snapshot | None) -> None:
        before = self._snapshot
        if snapshot is None or before is None or snapshot.spans is not before.spans:
            # another run: the same zoom and way of moving, nothing else
            window = self._view.window
            self._view = LanesView(
                current_look(),
                TimeWindow(
                    window.width, window.ns_per_column, scrolling=window.scrolling, zoomed=window.zoomed
                ),
            )
            self._top = self._stands_for = 0
            self.words, self.typing = "", False
        self._snapshot = snapshot
        self._redraw()

    @property
    def resource(self) -> int:
        """The resource that is highlighted; 0 = none."""
        return self._view.resource

    @resource.setter
    def resource(self, resource: int) -> None:
        if resource != self._view.resource:
            self._view.resource = resource
            self._redraw()

    @property
    def zoom(self) -> int:
        """Nanoseconds per column."""
        return self._view.window.ns_per_column

    @zoom.setter
    def zoom(self, ns_per_column: int) -> None:
        self._view.window.zoom_to(ns_per_column)
        self._redraw()

    @property
    def follow(self) -> bool:
        """Whether the pen is kept in view."""
        return self._view.window.follow

    @follow.setter
    def follow(self, follow: bool) -> None:
        if follow:
            self._view.window.to_end()
        else:
            self._view.window.follow = False
        self._redraw()

    @property
    def ns_per_column(self) -> int:
        return self._view.window.ns_per_column

    @property
    def page(self) -> tuple[int, int]:
        """The stretch of time that is shown."""
        window = self._view.window
        return window.start_ns, window.end_ns

    @property
    def scrolling(self) -> bool:
        """Smooth: the pen stays at the right edge and the past moves.  Costs many times a page's bytes."""
        return self._view.window.scrolling

    @scrolling.setter
    def scrolling(self, scrolling: bool) -> None:
        self._view.window.scrolling = scrolling
        if self.follow:
            self._view.window.to_end()
        self._redraw()

    def show_time(self, t_ns: int) -> None:
        """Bring a moment into view."""
        self._view.window.to_time(t_ns)
        self._redraw()

    # drawing

    def relook(self) -> None:
        self._view.use(current_look())
        self._redraw()

    def retranslate(self) -> None:
        self._redraw()

    def on_resize(self) -> None:
        self._view.window.resize(self.size.width - gutter_width(self.size.width))
        self._reveal()
        self._redraw()

    def _redraw(self) -> None:
        """Make the visible lines anew and refresh the columns in which they differ."""
        if not self.size.area:
            return
        lines = self._make_lines()
        changed = []
        for y, line in enumerate(lines):
            if y >= len(self._lines):
                changed.append(Region(0, y, self.size.width, 1))
                continue
            changed += [Region(c.start, y, c.end - c.start, 1) for c in differences(self._lines[y], line)]
        self._lines = lines
        if changed:
            paint(self, changed)

    def _make_lines(self) -> list[list[Segment]]:
        view, snapshot = self._view, self._snapshot
        width, height = self.size
        gutter = gutter_width(width)
        if snapshot is not None:
            view.list.room = self.n_visible
            view.update(
                snapshot.state, snapshot.tables, snapshot.spans, snapshot.holds, snapshot.now_ns,
                snapshot.sample, stands_still=snapshot.stands_still,
                accesses=snapshot.accesses, samples=snapshot.recording.samples,
                known_ns=snapshot.end_ns, tape_ns=snapshot.tape_ns,
            )  # fmt: skip
        n = len(view.rows)
        self._top = max(0, min(self._top, n - self.n_visible))
        shown = view.rows[self._top : self._top + self.n_visible]
        lines = [view.axis(gutter, self._top, n - self._top - len(shown))]
        lines += [view.line(row, gutter) for row in shown]
        blank = [Segment(" " * width)]
        return (lines + [blank] * (height - len(lines)))[:height]

    def raw_line(self, y: int) -> list[Segment]:
        return self._lines[y] if y < len(self._lines) else []

    def render_lines(self, crop: Region) -> list[Strip]:
        self._ground = self.rich_style  # which takes its time: once for all lines
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self._ground)
        return Strip(self._lines[y], self.size.width).apply_style(self._ground)

"""The lanes: one row per task, time along the row.

The widget keeps the lines that are on the screen.  Whatever changes, it makes the visible lines anew, compares
them with those, and asks for a refresh of the columns that differ: a frame in which the pen moves writes one
column, a frame in which nothing happens writes nothing.
"""

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ..feed import Snapshot
from ..look import current_look
from ..renderables.difference import differences
from ..renderables.label import gutter_width
from ..renderables.lane_rows import Row
from ..renderables.lanes_view import LanesView
from ..renderables.time_window import TimeWindow

_AXIS = 1  # lines above the first lane


class Lanes(Widget, can_focus=True):
    """Assign `snapshot` to show it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Lanes { height: 1fr; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "lanes.keys.task"),
        Binding("down,j", "step(1)", "lanes.keys.task"),
        Binding("enter", "fold", "lanes.keys.fold", show=False),
        Binding("left", "pan(-1)", "lanes.keys.pan", show=False),
        Binding("right", "pan(1)", "lanes.keys.pan", show=False),
        Binding("plus,equals_sign", "zoom(1)", "lanes.keys.zoom", show=False),
        Binding("minus", "zoom(-1)", "lanes.keys.zoom", show=False),
        Binding("home", "to_start", "lanes.keys.start", show=False),
        Binding("end", "to_end", "lanes.keys.end", show=False),
        Binding("0", "fit", "lanes.keys.fit", show=False),
    ]

    @dataclass
    class TaskFocused(Message):
        """The lane of `task` is now the one that is looked at."""

        task: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._view = LanesView(current_look())
        self._snapshot: Snapshot | None = None
        self._top = 0  # first row in view
        self._lines: list[list[Segment]] = []
        self._ground = Style.null()
        self._grounded: dict[Style | None, Style] = {}

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
            self._top = 0
        self._snapshot = snapshot
        self._redraw()

    @property
    def focused_task(self) -> int:
        return self._view.focused

    @focused_task.setter
    def focused_task(self, task: int) -> None:
        """Follows without a message: the message tells of what the user did here."""
        self._view.focused = task
        self._reveal()
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
    def scrolling(self) -> bool:
        """Smooth: the pen stays at the right edge and the past moves.  Costs many times a page's bytes."""
        return self._view.window.scrolling

    @scrolling.setter
    def scrolling(self, scrolling: bool) -> None:
        self._view.window.scrolling = scrolling
        if self.follow:
            self._view.window.to_end()
        self._redraw()

    @property
    def rows(self) -> list[Row]:
        return self._view.rows

    def show_time(self, t_ns: int) -> None:
        """Bring a moment into view."""
        self._view.window.to_time(t_ns)
        self._redraw()

    # keys and mouse

    def action_step(self, lanes: int) -> None:
        """Look at the lane so many further down."""
        rows = self.rows
        if not rows:
            return
        at = next((y for y, row in enumerate(rows) if row.task == self.focused_task), None)
        y = 0 if at is None else max(0, min(len(rows) - 1, at + lanes))
        self._look_at(rows[y].task)

    def action_fold(self) -> None:
        row = next((row for row in self.rows if row.task == self.focused_task), None)
        if row is not None and row.n_inside:
            self._view.folded ^= {row.task}
            self._redraw()

    def action_pan(self, tenths: int) -> None:
        self._view.window.pan(tenths * max(self._view.window.width // 8, 1))
        self._redraw()

    def action_zoom(self, steps: int) -> None:
        self._view.window.zoom(steps)
        self._redraw()

    def action_fit(self) -> None:
        self._view.window.fit()
        self._redraw()

    def action_to_start(self) -> None:
        self._view.window.to_start()
        self._redraw()

    def action_to_end(self) -> None:
        self._view.window.to_end()
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        y = event.get_content_offset_capture(self).y - _AXIS + self._top
        if not 0 <= y < len(self.rows):
            return
        row = self.rows[y]
        again = row.task == self.focused_task
        self._look_at(row.task)
        if row.n_inside and (row.kind == "process" or again):
            self.action_fold()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, notches: int) -> None:
        if event.ctrl:
            self.action_zoom(-notches)
        elif event.shift:
            self.action_pan(notches)
        else:
            self._top += 3 * notches
            self._redraw()

    def _look_at(self, task: int) -> None:
        if task != self.focused_task:
            self._view.focused = task
            self.post_message(self.TaskFocused(task))
        self._reveal()
        self._redraw()

    def _reveal(self) -> None:
        """Scroll so that the focused lane is in view."""
        y = next((y for y, row in enumerate(self.rows) if row.task == self.focused_task), None)
        if y is not None and self._n_visible > 0:
            self._top = max(min(self._top, y), y - self._n_visible + 1)

    # drawing

    @property
    def _n_visible(self) -> int:
        return max(self.size.height - _AXIS, 0)

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
        if self.rich_style != self._ground:  # which takes its time: once in a frame
            self._ground = self.rich_style
            self._grounded.clear()
        lines = self._make_lines()
        changed = []
        for y, line in enumerate(lines):
            if y >= len(self._lines):
                changed.append(Region(0, y, self.size.width, 1))
                continue
            changed += [Region(c.start, y, c.end - c.start, 1) for c in differences(self._lines[y], line)]
        self._lines = lines
        if changed:
            self.refresh(*changed)

    def _make_lines(self) -> list[list[Segment]]:
        view, snapshot = self._view, self._snapshot
        width, height = self.size
        gutter = gutter_width(width)
        if snapshot is not None:
            view.update(
                snapshot.state, snapshot.tables, snapshot.spans, snapshot.holds, snapshot.now_ns,
                snapshot.sample, stands_still=snapshot.status in ("paused", "ended"),
                accesses=snapshot.accesses, samples=snapshot.recording.samples,
            )  # fmt: skip
        n = len(view.rows)
        self._top = max(0, min(self._top, n - self._n_visible))
        shown = view.rows[self._top : self._top + self._n_visible]
        lines = [view.axis(gutter, self._top, n - self._top - len(shown))]
        lines += [view.line(row, gutter) for row in shown]
        blank = [Segment(" " * width)]
        return (lines + [blank] * (height - len(lines)))[:height]

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self._ground)
        on_ground = self._on_ground
        return Strip([Segment(s.text, on_ground(s.style)) for s in self._lines[y]], self.size.width)

    def _on_ground(self, style: Style | None) -> Style:
        """`style` on the widget's background; a lane's few styles come again in every frame."""
        known = self._grounded.get(style)
        if known is None:
            known = self._grounded[style] = self._ground + style if style is not None else self._ground
        return known

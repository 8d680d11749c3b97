"""What keys and the mouse do in the lanes: choose, fold, sort, look for, move through time."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from ..renderables.lane_order import first_of_crowd
from ..renderables.lane_rows import Rows
from ..renderables.lanes_view import LanesView
from .finder import Finder

AXIS = 1  # lines above the first lane


class LaneActions(Finder):
    """The half of the lanes that acts; `Lanes` draws."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "lanes.keys.task"),
        Binding("down,j", "step(1)", "lanes.keys.task"),
        Binding("enter", "fold", "lanes.keys.fold", show=False),
        Binding("f12,g", "crowds", "lanes.keys.crowds", show=False),
        Binding("f4,o", "order", "lanes.keys.order", show=False),
        Binding("slash,f3", "find", "lanes.keys.find"),
        Binding("n", "match(1)", "lanes.keys.next_match", show=False),
        Binding("N", "match(-1)", "lanes.keys.previous_match", show=False),
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
        """The lane of `task` is now the one that is looked at; of a crowd, who has waited for the longest time."""

        task: int

    _view: LanesView
    _top = 0  # first row in view
    _stands_for = 0  # the task of a crowd that is told of below the lanes

    @property
    def rows(self) -> Rows:
        return self._view.rows

    @property
    def n_visible(self) -> int:
        return max(self.size.height - AXIS, 0)

    @property
    def focused_task(self) -> int:
        """Of a folded crowd: the task that stands for it."""
        focused = self._view.focused
        return focused if focused > 0 else self._stands_for

    @focused_task.setter
    def focused_task(self, task: int) -> None:
        """Follows without a message: the message tells of what the user did here."""
        self._view.focused = self._view.list.lane_of(task) or task
        self._stands_for = task
        self._reveal()
        self._redraw()

    def _redraw(self) -> None:
        raise NotImplementedError

    # lanes

    def action_step(self, lanes: int) -> None:
        """Look at the lane so many further down."""
        rows = self.rows
        if rows:
            at = rows.place(self._view.focused)
            y = 0 if at is None else max(0, min(len(rows) - 1, at + lanes))
            self._look_at(rows[y].task)

    def action_match(self, by: int) -> None:
        """The next of those that are looked for, round and round."""
        rows = self.rows
        if rows and self._view.list.words:
            at = rows.place(self._view.focused)
            self._look_at(rows[(at + by) % len(rows) if at is not None else 0].task)

    def action_fold(self) -> None:
        at = self.rows.place(self._view.focused)
        if at is not None and (self.rows[at].n_inside or self.rows[at].is_crowd):
            self._view.list.toggle(self._view.focused)
            self._changed()

    def action_crowds(self) -> None:
        self._view.list.toggle_crowds()
        self._changed()

    def action_order(self) -> None:
        self._view.list.next_order()
        self._top = 0
        self._changed()

    def look_for(self, words: str) -> None:
        """Only the lanes of tasks that have all of `words` about them; all lanes when it is empty."""
        self._view.list.look_for(words)
        self._view.typing = self.typing
        self._changed()

    def _changed(self) -> None:
        """The list of lanes is another one: the lane that is looked at stays in view, or is another one too."""
        before = self._view.focused
        self._redraw()
        self._reveal()
        self._redraw()
        if self._view.focused != before and self.focused_task:
            self.post_message(self.TaskFocused(self.focused_task))

    # time

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

    # mouse

    def on_click(self, event: events.Click) -> None:
        y = event.get_content_offset_capture(self).y - AXIS + self._top
        if not 0 <= y < len(self.rows):
            return
        row = self.rows[y]
        again = row.task == self._view.focused
        self._look_at(row.task)
        if row.is_crowd or (row.n_inside and (row.kind == "process" or again)):
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

    def _look_at(self, key: int) -> None:
        if key != self._view.focused:
            self._view.focused = key
            page = self._view.page
            if key < 0 and page is not None:
                crowd = self._view.list.outline.crowds[key]
                self._stands_for = first_of_crowd(crowd.living or crowd.ended, page.state)
            if self.focused_task:
                self.post_message(self.TaskFocused(self.focused_task))
        self._reveal()
        self._redraw()

    def _reveal(self) -> None:
        """Scroll so that the focused lane is in view."""
        y = self.rows.place(self._view.focused)
        if y is not None and self.n_visible > 0:
            self._top = max(min(self._top, y), y - self.n_visible + 1)

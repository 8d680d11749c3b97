"""A panel of rows: scrolls, and sends to the terminal only the lines that came out different."""

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..direct_paint import paint
from ..look import current_look
from ..renderables.difference import differences
from ..renderables.rows import Rows
from ..renderables.title import title_line


class RowsView(ScrollView, can_focus=True, inherit_bindings=False):
    """Subclasses say in `build` what there is to see; nothing is built while the panel is hidden."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RowsView {
        background: $background; color: $text; overflow-x: hidden; overflow-y: auto;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "run.keys.move", show=False),
        Binding("down", "move(1)", "run.keys.move", show=False),
        Binding("home", "edge(-1)", "run.keys.edge", show=False),
        Binding("end", "edge(1)", "run.keys.edge", show=False),
    ]
    follows_end: ClassVar[bool] = False  # stays at the end when it is there

    panel_title: reactive[str] = reactive("", init=False)  # "" = none: a line of tabs names the panel

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.rows: Rows | None = None
        self._lines: list[Strip] = []
        self._top: list[Strip] = []

    def build(self, width: int) -> Rows | None:
        """The rows as they are now; None: nothing to show yet."""
        raise NotImplementedError

    def update_rows(self) -> None:
        """Look at the data again."""
        size = self.scrollable_content_region.size
        if not self.is_mounted or not self.is_on_screen or not size:
            return
        at_end = self.scroll_offset.y >= self.max_scroll_y
        self.rows = self.build(size.width)
        if self.rows is None:
            return
        self._make_top(size.width)
        virtual = Size(size.width, self.rows.n_rows + len(self._top))
        if virtual != self.virtual_size:
            self._grow(virtual, size.height)
            if self.follows_end and at_end:
                self.scroll_row(self.max_scroll_y)
        self._fill()

    def _grow(self, virtual: Size, height: int) -> None:
        """Have `virtual` rows.  The screen is laid out anew only when the scroll bar comes or goes: it takes long."""
        before = self.virtual_size
        if virtual.width != before.width or (virtual.height > height) != (before.height > height):
            self.virtual_size = virtual
            return
        self.set_reactive(RowsView.virtual_size, virtual)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = virtual.height

    @property
    def is_on_screen(self) -> bool:
        return all(node.display for node in self.ancestors_with_self if hasattr(node, "display"))

    @property
    def room(self) -> int:
        """Rows that are in view at once."""
        return max(1, self.scrollable_content_region.height - len(self._top))

    def _make_top(self, width: int) -> None:
        self._top = []
        if self.panel_title:
            self._top.append(title_line(self.panel_title, self.has_focus, current_look(), width))
        if self.rows is not None and self.rows.heading is not None:
            self._top.append(self.rows.heading)

    def _fill(self) -> None:
        """Make the lines in view, and have those drawn that have changed."""
        rows, size = self.rows, self.scrollable_content_region.size
        if rows is None or not size:
            return
        first = self.scroll_offset.y
        lines = list(self._top[: size.height])
        lines += [rows.row(y) for y in range(first, min(first + size.height - len(lines), rows.n_rows))]
        blank = Strip.blank(size.width)
        lines += [blank] * (size.height - len(lines))
        old, self._lines = self._lines, lines
        if len(old) != len(lines):
            self.refresh()
            return
        changed = [
            Region(part.start, y, part.end - part.start, 1)
            for y, (before, after) in enumerate(zip(old, lines, strict=True))
            if before is not after
            for part in differences(list(before), list(after))
        ]
        if changed:
            paint(self, changed)

    def raw_line(self, y: int) -> list[Segment]:
        return list(self._lines[y]) if y < len(self._lines) else []

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        return self._lines[y].apply_style(self.rich_style)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self._fill()

    def scroll_row(self, y: int) -> None:
        """Row `y` to the top, at once; `force`: the scroll bar may not have been laid out yet."""
        self.scroll_to(y=y, animate=False, force=True)

    def bring_into_view(self, first: int, end: int | None = None) -> None:
        """Bring rows `first`..`end` into view, moving as little as possible."""
        end = first + 1 if end is None else end
        y = self.scroll_offset.y
        if first < y or end - first >= self.room:
            self.scroll_row(first)
        elif end > y + self.room:
            self.scroll_row(end - self.room)

    def page(self, direction: int) -> bool:
        """A page up (-1) or down (1); False when there is nothing more in that direction."""
        y = self.scroll_offset.y
        target = max(0, min(self.max_scroll_y, y + direction * max(1, self.room - 1)))
        if target == y:
            return False
        self.scroll_row(target)
        return True

    def action_move(self, rows: int) -> None:
        self.scroll_row(self.scroll_offset.y + rows)

    def action_edge(self, direction: int) -> None:
        self.scroll_row(0 if direction < 0 else self.max_scroll_y)

    def row_clicked(self, row: int) -> None:
        """A row was clicked or tapped."""

    def relook(self) -> None:
        self.update_rows()

    def retranslate(self) -> None:
        self.update_rows()

    def watch_panel_title(self) -> None:
        self.update_rows()

    def on_show(self) -> None:
        self.update_rows()

    def on_resize(self) -> None:
        self.update_rows()

    def on_focus(self) -> None:
        self.update_rows()

    def on_blur(self) -> None:
        self.update_rows()

    def on_click(self, event: events.Click) -> None:
        y = event.y - len(self._top)
        if self.rows is not None and y >= 0 and y + self.scroll_offset.y < self.rows.n_rows:
            self.row_clicked(y + self.scroll_offset.y)

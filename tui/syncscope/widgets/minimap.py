"""The whole run on one line; a click goes to that moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip

from ..look import current_look
from ..renderables.minimap import Minimap, Scale, minimap
from ..snapshot import Snapshot
from .fixed_lines import FixedLines


class MinimapLine(FixedLines):
    DEFAULT_CSS = "MinimapLine { background: $surface; }"

    @dataclass
    class Pointed(Message):
        """The user wants to see the moment `t_ns`, counted from the program's start."""

        t_ns: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._snapshot: Snapshot | None = None
        self._page = (0, 0)
        self._bookmarks: Sequence[int] = ()

    def show(self, snapshot: Snapshot, page: tuple[int, int], bookmarks: Sequence[int]) -> None:
        """`page`: the stretch of time that the lanes show; all times are the tape's."""
        self._snapshot, self._page, self._bookmarks = snapshot, page, bookmarks
        if self.display:
            self.update_lines()

    def forget(self) -> None:
        self._snapshot = None
        self.update_lines()

    def _scale(self, snapshot: Snapshot) -> Scale:
        return Scale.of(snapshot.end_ns - snapshot.start_ns, self.size.width)

    def build(self, width: int, height: int) -> Sequence[Strip]:
        snapshot = self._snapshot
        if snapshot is None:
            return []
        start_ns = snapshot.start_ns
        told = Minimap(
            snapshot.end_ns - start_ns,
            snapshot.now_ns - start_ns,
            (max(self._page[0] - start_ns, 0), max(self._page[1] - start_ns, 0)),
            [finding.t_ns - start_ns for finding in snapshot.findings if finding.t_ns >= start_ns],
            [t_ns - start_ns for t_ns in self._bookmarks],
        )
        scale = self._scale(snapshot)
        changes = snapshot.spans.tally(start_ns, scale.column_ns, scale.width)
        return [Strip(minimap(told, scale, changes, current_look(), width))]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.capture_mouse()
        self._point(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button and self.app.mouse_captured is self:
            self._point(event.x)

    def on_mouse_up(self) -> None:
        self.release_mouse()

    def _point(self, x: int) -> None:
        if self._snapshot is not None:
            self.post_message(self.Pointed(self._scale(self._snapshot).time(x)))

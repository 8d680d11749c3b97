"""The panel of events as sentences; stays at the newest one until you go back."""

from dataclasses import dataclass

from textual.strip import Strip

from syncscope_engine.events import Event
from syncscope_engine.model.story import sentence

from ..feed import Snapshot
from ..i18n import language
from ..look import current_look
from ..renderables.story import StoryWindow, spoken_after, spoken_at_or_before
from .rows_view import RowsView


@dataclass(frozen=True)
class _Ready:
    """Strips that are made already, as rows."""

    strips: list[Strip]
    heading: Strip | None = None

    @property
    def n_rows(self) -> int:
        return len(self.strips)

    def row(self, y: int) -> Strip:
        return self.strips[y]


AFTERWARDS = 2  # sentences that are shown after the last one that is pointed out


class StoryPanel(RowsView):
    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.snapshot: Snapshot | None = None
        self.looked_at = 0
        self._evidence: frozenset[int] = frozenset()
        self._bottom = 0  # number of the last event in view; 0 = the newest one, always

    def show(self, snapshot: Snapshot, task: int) -> None:
        self.snapshot, self.looked_at = snapshot, task
        self.update_rows()

    def forget(self) -> None:
        self._bottom, self._evidence = 0, frozenset()

    def point_out(self, evidence: tuple[int, ...]) -> None:
        """Go to these events; some of what came after the last one is shown too."""
        self._evidence = frozenset(evidence)
        if evidence and self.snapshot is not None:
            self._bottom = max(evidence)
            for _ in range(AFTERWARDS):
                self._bottom = spoken_after(self.snapshot.recording, self._bottom, self._say) or self._bottom
        self.update_rows()

    def build(self, width: int) -> _Ready | None:
        if (snapshot := self.snapshot) is None:
            return None
        height = max(1, self.scrollable_content_region.height - (1 if self.panel_title else 0))
        bottom = self._bottom or snapshot.n_events
        window = StoryWindow(
            snapshot.recording, bottom, self._say, snapshot.start_ns, current_look(), width, height,
            self.looked_at, self._evidence,
        )  # fmt: skip
        return _Ready(window.strips())

    def action_move(self, rows: int) -> None:
        for _ in range(abs(rows)):
            self._step(rows)
        self.update_rows()

    def action_edge(self, direction: int) -> None:
        self._bottom = 0
        if direction < 0 and self.snapshot is not None:
            n = 0
            for _ in range(self.room):
                n = spoken_after(self.snapshot.recording, n, self._say) or n
            self._bottom = n
        self.update_rows()

    def page(self, direction: int) -> bool:
        before = self._bottom
        for _ in range(max(1, self.room - 1)):
            if not self._step(direction):
                break
        self.update_rows()
        return self._bottom != before

    def _step(self, direction: int) -> bool:
        """One sentence back or on; False at either end."""
        if (snapshot := self.snapshot) is None:
            return False
        events = snapshot.recording
        if direction < 0:
            last = self._bottom or snapshot.n_events
            if (shown := spoken_at_or_before(events, last, self._say)) is None:
                return False
            older = spoken_at_or_before(events, shown[0].n - 1, self._say)
            if older is None:
                return False
            self._bottom = older[0].n
            return True
        if not self._bottom:
            return False
        self._bottom = spoken_after(events, self._bottom, self._say)
        return True

    def _say(self, event: Event) -> str | None:
        assert self.snapshot is not None
        return sentence(event, self.snapshot.tables, None, language())

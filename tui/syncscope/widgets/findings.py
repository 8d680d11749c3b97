"""The panel of findings; Enter shows the tasks and the moment of the chosen one."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from syncscope_engine.detectors.base import Finding
from syncscope_engine.texts import finding_text

from ..feed import Snapshot
from ..i18n import language
from ..look import current_look
from ..renderables.findings import FindingsView, Told
from .rows_view import RowsView


class FindingsPanel(RowsView):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "evidence", "run.keys.evidence"),
    ]

    @dataclass
    class EvidenceAsked(Message):
        """Show where this finding comes from."""

        finding: Finding

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.snapshot: Snapshot | None = None
        self.cursor = 0

    def show(self, snapshot: Snapshot, task: int) -> None:
        before, self.snapshot = self.snapshot, snapshot
        if before is None or _shown(before) != _shown(snapshot):
            self.update_rows()

    def forget(self) -> None:
        self.cursor = 0

    def build(self, width: int) -> FindingsView | None:
        if (snapshot := self.snapshot) is None:
            return None
        told = [tell(finding, snapshot) for finding in snapshot.findings]
        ended = snapshot.status == "ended"
        return FindingsView(
            told,
            snapshot.tables,
            snapshot.start_ns,
            ended,
            current_look(),
            width,
            self.cursor,
            tuple(snapshot.tables.notes),
        )

    def action_move(self, rows: int) -> None:
        n = len(self.snapshot.findings) if self.snapshot else 0
        cursor = max(0, min(n - 1, self.cursor + rows))
        if not isinstance(self.rows, FindingsView) or cursor == self.cursor:
            super().action_move(rows)
            return
        first, end = self.rows.rows_of(self.cursor)
        y = self.scroll_offset.y
        if (rows > 0 and end > y + self.room) or (rows < 0 and first < y):
            super().action_move(rows)  # read the rest of this one first
            return
        self.cursor = cursor
        self.update_rows()
        self.bring_into_view(*self.rows.rows_of(cursor))

    def action_evidence(self) -> None:
        if self.snapshot and self.cursor < len(self.snapshot.findings):
            self.post_message(self.EvidenceAsked(self.snapshot.findings[self.cursor]))

    def row_clicked(self, row: int) -> None:
        if isinstance(self.rows, FindingsView) and (finding := self.rows.finding_at(row)) >= 0:
            self.cursor = finding
            self.update_rows()
            self.action_evidence()


def _shown(snapshot: Snapshot) -> tuple[object, ...]:
    """What the panel depends on: findings are rare, snapshots are not."""
    return snapshot.findings, len(snapshot.tables.notes), snapshot.status, snapshot.start_ns


def tell(finding: Finding, snapshot: Snapshot) -> Told:
    text = finding_text(finding, snapshot.tables, language())
    return Told(finding, text.title, text.explanation, text.remedy)

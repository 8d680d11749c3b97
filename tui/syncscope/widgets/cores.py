"""The panel of the machine's cores."""

from ..feed import Snapshot
from ..look import current_look
from ..renderables.cores import CoresView
from .rows_view import RowsView

HISTORY = 60  # samples handed to the renderable


class CoresPanel(RowsView):
    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.snapshot: Snapshot | None = None
        self.looked_at = 0

    def show(self, snapshot: Snapshot, task: int) -> None:
        before = self.snapshot
        if before and (before.sample, before.missing, self.looked_at) == (
            snapshot.sample,
            snapshot.missing,
            task,
        ):
            return  # five samples a second, ten frames
        self.snapshot, self.looked_at = snapshot, task
        self.update_rows()

    def build(self, width: int) -> CoresView | None:
        if (snapshot := self.snapshot) is None:
            return None
        samples = snapshot.samples(HISTORY)
        return CoresView(samples, snapshot.tables, current_look(), width, self.looked_at, snapshot.missing)

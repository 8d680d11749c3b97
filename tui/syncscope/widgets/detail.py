"""The lines about the focused task: its stack of waits in words, and where in the source each one stands."""

import linecache
from collections.abc import Sequence

from textual.strip import Strip

from syncscope_engine.model.state import Run
from syncscope_engine.model.waits import describe_wait, wait_chain

from ..feed import Snapshot
from ..i18n import language, t
from ..look import current_look
from ..renderables.detail import Standing, detail_lines
from ..renderables.names import task_label
from .fixed_lines import FixedLines


class DetailLines(FixedLines):
    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.snapshot: Snapshot | None = None
        self.looked_at = 0

    def show(self, snapshot: Snapshot, task: int) -> None:
        self.snapshot, self.looked_at = snapshot, task
        self.update_lines()

    def build(self, width: int, height: int) -> Sequence[Strip]:
        chain, ring = [], False
        if self.snapshot is not None and self.looked_at in self.snapshot.state.tasks:
            ids = wait_chain(self.looked_at, self.snapshot.state, self.snapshot.tables)
            ring = len(ids) > 1 and ids[-1] in ids[:-1]
            chain = [self._standing(task, self.snapshot) for task in (ids[:-1] if ring else ids)]
        return detail_lines(chain, ring, current_look(), width, height)

    def _standing(self, task: int, snapshot: Snapshot) -> Standing:
        state, tables = snapshot.state.tasks[task], snapshot.tables
        place = tables.places.get(state.place)
        line = place.line if place else 0
        code = linecache.getline(place.file, line).strip() if place and line else ""
        return Standing(task_label(task, tables), state.run, self._words(task, snapshot), line, code)

    def _words(self, task: int, snapshot: Snapshot) -> str:
        """Why it stands still or how it ended."""
        run = snapshot.state.tasks[task].run
        wait = describe_wait(task, snapshot.state, snapshot.tables, snapshot.now_ns)
        if wait is not None:
            return wait.words(language(), snapshot.tables)
        if run is Run.FAILED:
            for error in reversed(snapshot.tables.exceptions):
                if error.task == task:
                    return f"{error.type}: {error.message}" if error.message else error.type
        return t(f"states.{run.value}_means")

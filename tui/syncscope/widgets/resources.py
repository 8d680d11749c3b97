"""The panel of resources: choose one with the arrows, Enter highlights it in the lanes."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from ..feed import Snapshot
from ..look import current_look
from ..renderables.resource_crowds import CrowdCounter
from ..renderables.resource_list import ResourceList
from ..renderables.resources import ResourceTable
from .finder import Finder
from .rows_view import RowsView


class ResourcesPanel(RowsView, Finder):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "run.keys.highlight"),
        Binding("f4,o", "order", "run.keys.order"),
        Binding("slash,f3", "find", "run.keys.find"),
    ]

    @dataclass
    class Highlighted(Message):
        """The lanes should show where this resource is used; 0 = none any more."""

        resource: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.snapshot: Snapshot | None = None
        self.looked_at = 0  # task
        self.highlighted = 0
        self._list = ResourceList()
        self._counter = CrowdCounter()
        self._chosen = 0  # resource under the cursor: it stays when the order changes
        self._ids: list[int] = []

    def show(self, snapshot: Snapshot, task: int) -> None:
        self.snapshot, self.looked_at = snapshot, task
        self.update_rows()

    def forget(self) -> None:
        """Another program: ids mean something else."""
        self.highlighted = self._chosen = 0
        self._list, self._counter = ResourceList(), CrowdCounter()
        self.words, self.typing = "", False

    def build(self, width: int) -> ResourceTable | None:
        if (snapshot := self.snapshot) is None:
            return None
        state, tables = snapshot.state, snapshot.tables
        self._list.room = self.room
        self._ids = self._list.update(state, tables, snapshot.now_ns)
        return ResourceTable(
            self._ids, state, tables, snapshot.now_ns, current_look(), width,
            cursor=self._cursor if self.has_focus else -1, highlighted=self.highlighted, task=self.looked_at,
            source=self._list, counter=self._counter, typing=self.typing,
        )  # fmt: skip

    @property
    def _cursor(self) -> int:
        return self._ids.index(self._chosen) if self._chosen in self._ids else 0

    def action_move(self, rows: int) -> None:
        if self._ids:
            row = max(0, min(len(self._ids) - 1, self._cursor + rows))
            self._chosen = self._ids[row]
            self.update_rows()
            self.bring_into_view(row)

    def action_edge(self, direction: int) -> None:
        self.action_move(direction * len(self._ids))

    def action_choose(self) -> None:
        if self._ids:
            self._use(self._ids[self._cursor])

    def action_order(self) -> None:
        self._list.next_order()
        self.update_rows()

    def look_for(self, words: str) -> None:
        self._list.look_for(words)
        self.update_rows()

    def row_clicked(self, row: int) -> None:
        if row < len(self._ids):
            self._chosen = self._ids[row]
            self._use(self._chosen)

    def _use(self, row: int) -> None:
        """Unfold or fold a crowd; have the lanes show where a resource is used."""
        if row < 0:
            self._list.toggle(row)
            self.update_rows()
        else:
            self._highlight(row)

    def _highlight(self, resource: int) -> None:
        self.highlighted = 0 if resource == self.highlighted else resource
        self.update_rows()
        self.post_message(self.Highlighted(self.highlighted))

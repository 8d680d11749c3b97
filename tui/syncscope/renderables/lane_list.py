"""The list of lanes: folded as there is room, or flat in another order, or only what is looked for."""

from time import monotonic

from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import State
from syncscope_engine.tables import Tables

from ..i18n import t
from .amounts import count
from .lane_order import ORDERS, Order, RunTimes, first_lanes
from .lane_rows import Folding, Rows, lane_rows
from .outline import Outline

CROWDED = 2
"""With so many times more lanes than there is room for, large crowds are folded by themselves."""
PORTION = 50_000
AGAIN_S = 1.0
SHARE = 10
"""A flat list is made anew each second, or after this many times what making it took."""


class LaneList:
    def __init__(self) -> None:
        self.outline = Outline()
        self.folding = Folding()
        self.room = 0  # lanes that are in view at once; 0 = not known
        self.order: Order = ORDERS[0]
        self.words = ""  # that are looked for
        self.focused = 0
        self.n_found = 0
        self.shape = 0  # grows when tasks that had a lane may have another one
        self.may_crowd = True  # False: the user wants to see every task
        self.rows = Rows(Tables())
        self.folded_tasks: frozenset[int] = frozenset()
        self._lanes: dict[int, int] = {}
        self._run_times = RunTimes()
        self._n_changes = 0
        self._made_for: tuple[object, ...] = ()
        self._next_s = 0.0
        self._folds = 0

    @property
    def is_flat(self) -> bool:
        return self.order != "program" or bool(self.words.strip())

    @property
    def has_folded(self) -> bool:
        folding = self.folding
        return not self.is_flat and (folding.by_crowds or bool(folding.toggled) or self.outline.n_library > 0)

    @property
    def said(self) -> str:
        """What is special about the list; empty when nothing is."""
        if self.words.strip():
            return f"/{self.words} {count(self.n_found)}"
        return t(f"lanes.order.{self.order}") if self.order != "program" else ""

    def toggle(self, key: int) -> None:
        self.folding.toggled ^= {key}
        self._folds += 1

    def look_for(self, words: str) -> None:
        self.words = words
        self._next_s = 0.0

    def next_order(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self._next_s = 0.0

    def toggle_crowds(self) -> None:
        self.may_crowd = not self.folding.by_crowds
        self.folding.by_crowds = self.may_crowd
        self._folds += 1

    def lane_of(self, task: int) -> int:
        """The lane that stands for a task: its own, or the folded one around it; 0 = none."""
        lane = self._lanes.get(task)
        if lane is None:
            places = self.rows.places
            lane = next((key for key in self.outline.above(task) if key in places), 0)
            if lane:
                self._lanes[task] = lane
        return lane

    def update(self, state: State, tables: Tables, spans: Spans, now_ns: int) -> None:
        self.outline.take(tables)
        if not self.folding.by_crowds and self.may_crowd and self.room:
            self.folding.by_crowds = self.outline.n_tasks > CROWDED * self.room
        if self.folding.by_crowds:
            changes = spans.changes(self._n_changes, self._n_changes + PORTION)
            self._n_changes += len(changes)
            self.outline.note_ends(changes)
        if self.order == "busy":
            self._run_times.take(spans, PORTION)
        if self.is_flat:
            self._list_flat(state, tables, now_ns)
        else:
            self._list_tree(tables)

    def _list_tree(self, tables: Tables) -> None:
        made_for = (id(tables), self.outline.version, self._folds, self.folding.by_crowds)
        if made_for == self._made_for:
            return
        before, self._made_for = self._made_for, made_for
        rows = lane_rows(self.outline, self.folding, tables)
        self.folded_tasks = frozenset(row.task for row in rows.single if row.folded and row.task > 0)
        if before[2:] != made_for[2:]:
            self._show(rows)
        else:
            self.rows = rows  # who has a lane keeps it
        if self.focused and rows.place(self.focused) is None:
            self.focused = next(
                (key for key in self.outline.above(self.focused) if rows.place(key) is not None), 0
            )

    def _list_flat(self, state: State, tables: Tables, now_ns: int) -> None:
        began = monotonic()
        if began < self._next_s:
            return
        keys, self.n_found = first_lanes(self.order, self.words, state, tables, self._run_times, now_ns)
        rows = Rows(tables)
        rows.add_tasks(keys, 1)
        self._made_for = ()
        if list(rows.places) != list(self.rows.places):
            self._show(rows)
        self._next_s = monotonic() + max(AGAIN_S, SHARE * (monotonic() - began))
        if self.focused not in rows.places and keys:
            self.focused = keys[0]

    def _show(self, rows: Rows) -> None:
        self.rows = rows
        self.shape += 1
        self._lanes.clear()

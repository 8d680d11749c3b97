"""Which lanes there are, in which order: processes, in them threads, in them asyncio tasks, as they were made.

Rows are made when they are asked for: of 20,000 tasks in a row only those on the screen.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import overload

from syncscope_engine.tables import Tables, TaskKind

from .outline import Crowd, Outline


@dataclass(frozen=True, slots=True)
class Row:
    task: int  # below zero: the key of a crowd
    kind: TaskKind
    depth: int  # 0 process, 1 thread, 2 asyncio task; one more inside each crowd
    n_inside: int  # tasks inside it, at any depth
    folded: bool = False

    @property
    def is_crowd(self) -> bool:
        return self.task < 0


@dataclass(slots=True)
class Folding:
    """What is folded: crowds, unless somebody unfolded them; the rest only when somebody folded it."""

    by_crowds: bool = False  # large crowds have a lane
    toggled: set[int] = field(default_factory=set)  # rows that are not as they would be by themselves

    def is_folded(self, key: int, outline: Outline) -> bool:
        by_itself = key < 0
        if key > 0 and self.by_crowds and (crowd := outline.crowd_of(key)) is not None:
            by_itself = crowd.kind == "process" and crowd.is_large
        return by_itself != (key in self.toggled)


class Rows(Sequence[Row]):
    """Single rows, and stretches of tasks that have nothing inside."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._parts: list[Row | tuple[list[int], int]] = []
        self._starts: list[int] = []
        self._n = 0
        self._places: dict[int, int] | None = None

    def add(self, row: Row) -> None:
        self._starts.append(self._n)
        self._parts.append(row)
        self._n += 1

    def add_tasks(self, tasks: list[int], depth: int) -> None:
        if tasks:
            self._starts.append(self._n)
            self._parts.append((tasks, depth))
            self._n += len(tasks)

    @property
    def single(self) -> list[Row]:
        """Those that may have something inside."""
        return [part for part in self._parts if isinstance(part, Row)]

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, y: int) -> Row: ...
    @overload
    def __getitem__(self, y: slice) -> list[Row]: ...
    def __getitem__(self, y: int | slice) -> Row | list[Row]:
        if isinstance(y, slice):
            return [self[i] for i in range(*y.indices(self._n))]
        if not -self._n <= y < self._n:
            raise IndexError(y)
        y %= self._n
        i = bisect_right(self._starts, y) - 1
        part = self._parts[i]
        if isinstance(part, Row):
            return part
        tasks, depth = part
        task = tasks[y - self._starts[i]]
        return Row(task, self._tables.tasks[task].kind, depth, 0)

    def place(self, key: int) -> int | None:
        """Which row is that of `key`."""
        return self.places.get(key)

    @property
    def places(self) -> dict[int, int]:
        if self._places is None:
            self._places = places = {}
            for start, part in zip(self._starts, self._parts, strict=True):
                if isinstance(part, Row):
                    places[part.task] = start
                else:
                    places.update(zip(part[0], range(start, start + len(part[0])), strict=True))
        return self._places


def lane_rows(outline: Outline, folding: Folding, tables: Tables) -> Rows:
    """The visible lanes.  What is folded hides what is inside it; in a crowd only the living have lanes."""
    rows = Rows(tables)
    _add_inside(rows, 0, 0, outline, folding, tables)
    return rows


def _add_inside(
    rows: Rows, parent: int, depth: int, outline: Outline, folding: Folding, tables: Tables
) -> None:
    if folding.by_crowds:
        for crowd in outline.inside(parent):
            if crowd.is_large:
                _add_crowd(rows, crowd, depth, outline, folding, tables)
            else:
                _add_tasks(rows, crowd.tasks, depth, outline, folding, tables)
        return
    library: Crowd | None = None
    tasks = []
    for task in outline.members(parent):
        crowd_of = outline.crowd_of(task)
        if crowd_of is not None and crowd_of.library:
            library = crowd_of
        else:
            tasks.append(task)
    _add_tasks(rows, tasks, depth, outline, folding, tables)
    if library is not None:
        _add_crowd(rows, library, depth, outline, folding, tables)


def _add_crowd(
    rows: Rows, crowd: Crowd, depth: int, outline: Outline, folding: Folding, tables: Tables
) -> None:
    folded = folding.is_folded(crowd.key, outline)
    rows.add(Row(crowd.key, crowd.kind, depth, len(crowd), folded))
    if not folded:
        shown = crowd.tasks if crowd.library else list(crowd.living)
        _add_tasks(rows, shown, depth + 1, outline, folding, tables)


def _add_tasks(
    rows: Rows, tasks: list[int], depth: int, outline: Outline, folding: Folding, tables: Tables
) -> None:
    leaves: list[int] = []
    for task in tasks:
        if not outline.has_inside(task) and tables.tasks[task].kind != "process":
            leaves.append(task)
            continue
        rows.add_tasks(leaves, depth)
        leaves = []
        folded = outline.has_inside(task) and folding.is_folded(task, outline)
        rows.add(Row(task, tables.tasks[task].kind, depth, outline.n_inside(task), folded))
        if not folded:
            _add_inside(rows, task, depth + 1, outline, folding, tables)
    rows.add_tasks(leaves, depth)

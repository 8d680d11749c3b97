"""The tree of all tasks, kept up to date at the cost of what is new: processes, threads, asyncio tasks, crowds.

A *crowd* is the tasks in one place whose names differ by a number only, or that run the same coroutine.  Small
ones are just tasks; large ones can be folded into one lane.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from syncscope_engine.model.spans import Change
from syncscope_engine.tables import Tables, TaskInfo, TaskKind

from .stems import name_of_stem, stem_of

PORTION = 2000
"""New tasks that are taken in for one frame at most: some 8 ms."""
CROWD = 5
"""So many tasks are worth a lane that stands for all of them."""
LIBRARY = ""
"""Stem of what the standard library made for itself, whatever it is called."""
MANY_STEMS = 64
"""Where there are so many different names, those that come later are told apart by what they run only."""


@dataclass(slots=True, eq=False)
class Crowd:
    key: int  # below zero: never the id of a task
    parent: int  # task that they live in; 0 = processes
    stem: str
    kind: TaskKind
    living: dict[int, None] = field(default_factory=dict)  # an ordered set
    ended: dict[int, None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.living) + len(self.ended)

    @property
    def library(self) -> bool:
        return self.stem == LIBRARY

    @property
    def is_large(self) -> bool:
        return self.library or len(self) >= CROWD

    @property
    def name(self) -> str:
        return name_of_stem(self.stem)

    @property
    def tasks(self) -> list[int]:
        return [*self.living, *self.ended]


class Outline:
    def __init__(self) -> None:
        self.crowds: dict[int, Crowd] = {}  # by key
        self.version = 0  # grows when a task or a large crowd has come, moved or gone
        self.n_tasks = 0  # the library's own left out
        self.n_library = 0
        self.large: list[int] = []  # keys of the crowds that are large, in the order in which they became so
        self._of_task: dict[int, Crowd] = {}
        self._inside: dict[int, dict[str, Crowd]] = {}  # task -> crowds in it, in the order of their first
        self._members: dict[int, dict[int, None]] = {}  # task -> tasks in it, in the order of their coming
        self._n_seen = 0
        self._n_changed = 0
        self._ended: set[int] = set()  # ended before they were known

    # what is new

    def take(self, tables: Tables) -> None:
        """Tasks that have come, and those that are called something else now."""
        if len(tables.tasks) > self._n_seen:
            # the tables grow in another thread: `list` of a dict is one step of the interpreter
            new = list(tables.tasks)[self._n_seen : self._n_seen + PORTION]
            self._n_seen += len(new)
            for task in new:
                self._add(tables.tasks[task], tables)
            self.version += 1
        for task in tables.changed_tasks[self._n_changed :]:
            self._n_changed += 1
            if task in self._of_task:
                self._move(tables.tasks[task], tables)

    def note_ends(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.run.ended:
                crowd = self._of_task.get(change.task)
                if crowd is None:
                    self._ended.add(change.task)
                elif change.task in crowd.living:
                    del crowd.living[change.task]
                    crowd.ended[change.task] = None
                    self.version += 1

    def _add(self, info: TaskInfo, tables: Tables) -> None:
        parent = 0 if info.kind == "process" else info.parent or info.process
        if parent not in tables.tasks and parent:
            parent = info.process
        stem = LIBRARY if info.internal else stem_of(info)
        crowds = self._inside.setdefault(parent, {})
        # workers of two pools are two crowds, though their names differ by numbers only
        name = f"{stem} {info.serves}" if info.serves and stem else stem
        if name not in crowds and len(crowds) >= MANY_STEMS and info.kind != "process":
            name = stem = info.callee or "#"
        crowd = crowds.get(name)
        if crowd is None:
            crowd = crowds[name] = Crowd(-1 - len(self.crowds), parent, stem, info.kind)
            self.crowds[crowd.key] = crowd
        self._members.setdefault(parent, {})[info.id] = None
        (crowd.ended if info.id in self._ended else crowd.living)[info.id] = None
        if len(crowd) == (1 if crowd.library else CROWD):
            self.large.append(crowd.key)
        self._of_task[info.id] = crowd
        self.n_tasks += not info.internal
        self.n_library += info.internal

    def _move(self, info: TaskInfo, tables: Tables) -> None:
        old = self._of_task.pop(info.id)
        if info.id in old.ended:
            self._ended.add(info.id)
        for group in (old.living, old.ended, self._members[old.parent]):
            group.pop(info.id, None)
        self.n_tasks -= not old.library
        self.n_library -= old.library
        self._add(info, tables)
        self.version += 1

    # the tree

    def inside(self, task: int) -> Iterator[Crowd]:
        """Crowds of the tasks in `task`; 0 = the processes.  The library's own come last."""
        crowds = self._inside.get(task, {})
        yield from (crowd for crowd in crowds.values() if not crowd.library and len(crowd))
        if LIBRARY in crowds and len(crowds[LIBRARY]):
            yield crowds[LIBRARY]

    def members(self, task: int) -> list[int]:
        """The tasks in `task` in the order of their coming, all of them."""
        return list(self._members.get(task, ()))

    def has_inside(self, task: int) -> bool:
        return bool(self._members.get(task))

    def n_inside(self, task: int) -> int:
        """Tasks in `task`, at any depth."""
        n = 0
        for crowd in self._inside.get(task, {}).values():
            n += len(crowd)
            if crowd.kind != "asyncio":
                n += sum(map(self.n_inside, [m for m in crowd.tasks if m in self._members]))
        return n

    def tasks_in(self, key: int) -> Iterator[int]:
        """The threads and asyncio tasks that the lane of `key` stands for, the library's own left out."""
        crowds = [self.crowds[key]] if key < 0 else [c for c in self.inside(key) if not c.library]
        if key > 0 and key in self._of_task and self._of_task[key].kind != "process":
            yield key
        for crowd in crowds:
            for task in crowd.tasks:
                if self.has_inside(task):
                    yield from self.tasks_in(task)
                elif crowd.kind != "process":
                    yield task

    def crowd_of(self, task: int) -> Crowd | None:
        return self._of_task.get(task)

    def is_in(self, task: int, key: int) -> bool:
        """Is `task` one of those that the lane of `key` stands for?"""
        crowd = self._of_task.get(task)
        if crowd is None or crowd.library:
            return crowd is not None and crowd.key == key
        return key in self.above(task)

    def above(self, key: int) -> Iterator[int]:
        """Whatever could stand for `key`, the nearest first: itself, its crowd, what that lives in, ..."""
        while key:
            yield key
            if key < 0:
                key = self.crowds[key].parent
                continue
            crowd = self._of_task.get(key)
            if crowd is None:
                return
            yield crowd.key
            key = crowd.parent

"""Lanes in another order than the program's, and only those that are looked for: a flat list, the first of many.

Looking through all tasks takes its time, so it is not done for every frame.
"""

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import Literal

from syncscope_engine.events import Kind
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import Run, State, TaskState
from syncscope_engine.tables import Tables, TaskInfo

from ..i18n import t

Order = Literal["program", "waits", "busy"]
ORDERS: tuple[Order, ...] = ("program", "waits", "busy")
MOST_ROWS = 1000
"""Rows of a flat list; nobody scrolls further."""
_CALM = (Kind.JOIN, Kind.PROGRAM_END)  # waits that are nobody's trouble


class RunTimes:
    """How long each task has run, as the probes saw it; takes in only what is new."""

    def __init__(self) -> None:
        self.run_ns: dict[int, int] = {}
        self._since_ns: dict[int, int] = {}
        self._n_taken = 0

    def take(self, spans: Spans, portion: int) -> None:
        changes = spans.changes(self._n_taken, self._n_taken + portion)
        self._n_taken += len(changes)
        for t_ns, task, run, _ in changes:
            since_ns = self._since_ns.pop(task, None)
            if since_ns is not None:
                self.run_ns[task] = self.run_ns.get(task, 0) + t_ns - since_ns
            if run is Run.RUNNING:
                self._since_ns[task] = t_ns

    def of(self, task: int, now_ns: int) -> int:
        since_ns = self._since_ns.get(task, now_ns)
        return self.run_ns.get(task, 0) + max(now_ns - since_ns, 0)


def first_lanes(
    order: Order, words: str, state: State, tables: Tables, run_times: RunTimes, now_ns: int
) -> tuple[list[int], int]:
    """The tasks to show, and how many there would be.  In an order of its own only what lives is shown."""
    terms = words.casefold().split()
    found = [
        task
        for info, task in _tasks(state, tables)
        if (terms or not task.run.ended) and matches(terms, info, task, tables)
    ]
    if order == "waits":
        first = nsmallest(MOST_ROWS, found, key=_by_wait)
    elif order == "busy":
        first = nsmallest(MOST_ROWS, found, key=lambda task: -run_times.of(task.id, now_ns))
    else:
        first = found[:MOST_ROWS]
    return [task.id for task in first], len(found)


def first_of_crowd(tasks: Iterable[int], state: State) -> int:
    """Who of `tasks` has waited for the longest time; 0 = nothing is known of any of them."""
    known = [task for id_ in tasks if (task := state.tasks.get(id_)) is not None]
    return min(known, key=_by_wait).id if known else 0


def _tasks(state: State, tables: Tables) -> Iterator[tuple[TaskInfo, TaskState]]:
    for task in state.tasks.values():
        info = tables.tasks.get(task.id)
        if info is not None and info.kind != "process":
            yield info, task


def _by_wait(task: TaskState) -> tuple[int, int]:
    wait = task.wait
    if wait is None or task.run is not Run.BLOCKED:
        return 2, task.id
    return int(wait.kind in _CALM), wait.since_ns


def matches(terms: list[str], info: TaskInfo, task: TaskState, tables: Tables) -> bool:
    """Whether every one of `terms` is in its name, its state, what it waits for or what it holds."""
    if not terms:
        return True
    text = f"{info.name}\n{info.callee}".casefold()
    left = [term for term in terms if term not in text]
    if not left:
        return True
    about = [task.run.value, t(f"states.{task.run.value}")]
    if task.wait is not None and task.wait.obj:
        named = task.wait.obj in tables.tasks
        about.append(tables.task_name(task.wait.obj) if named else _resource(task.wait.obj, tables))
    about += [_resource(resource, tables) for resource in task.held]
    text = "\n".join(about).casefold()
    return all(term in text for term in left)


def _resource(resource: int, tables: Tables) -> str:
    info = tables.resources.get(resource)
    whole = tables.resources.get(info.part_of) if info is not None else None
    return f"{info.name} {whole.name if whole else ''}" if info is not None else ""

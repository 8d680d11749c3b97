"""Which lanes there are, in which order: processes, in them threads, in them asyncio tasks, as they were made."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from syncscope_engine.tables import TaskInfo, TaskKind


@dataclass(frozen=True, slots=True)
class Row:
    task: int
    kind: TaskKind
    depth: int  # 0 process, 1 thread, 2 asyncio task
    n_inside: int  # tasks inside it, at any depth
    folded: bool = False


def lane_rows(tasks: Iterable[TaskInfo], folded: Collection[int] = ()) -> list[Row]:
    """The visible lanes.  A folded task hides what is inside it; ended tasks stay; the library's own do not show."""
    processes: list[TaskInfo] = []
    inside: dict[int, list[TaskInfo]] = {}
    for info in tasks:
        if info.internal:
            continue
        if info.kind == "process":
            processes.append(info)
        else:
            inside.setdefault(info.parent or info.process, []).append(info)
    rows: list[Row] = []
    for process in processes:
        _add(rows, process, 0, inside, folded)
    return rows


def _add(
    rows: list[Row], info: TaskInfo, depth: int, inside: dict[int, list[TaskInfo]], folded: Collection[int]
) -> int:
    at = len(rows)
    members = inside.get(info.id, ())
    n = sum(1 + _add(rows, member, depth + 1, inside, folded) for member in members)
    closed = info.id in folded and n > 0
    if closed:
        del rows[at:]
    rows.insert(at, Row(info.id, info.kind, depth, n, closed))
    return n


def shown_as(tasks: dict[int, TaskInfo], shown: Collection[int]) -> dict[int, int]:
    """For every task the lane that stands for it: its own, or that of the folded one around it; 0 = none."""
    stands: dict[int, int] = {}
    for id_ in list(tasks):
        at = id_
        seen = 0
        while at and at not in shown and seen < 8:
            info = tasks.get(at)
            at = (info.parent or info.process) if info and info.kind != "process" else 0
            seen += 1
        stands[id_] = at if at in shown else 0
    return stands

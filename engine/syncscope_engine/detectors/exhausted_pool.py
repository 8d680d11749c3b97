"""Executors that can never go on: each of their workers waits for something that only they could do.

A call that no worker has taken yet can be begun by any worker of its executor, so who waits for its result is
stuck when every one of them is.  Who waits for a task, or for what a task owns or runs, is stuck when that
task is.  The answer is the largest set of waits without a time limit for which this holds of each.
"""

from dataclasses import dataclass

from ..model.state import Run, State, TaskState
from ..model.waits import full_executor, waits_for, workers_of
from ..tables import Tables


@dataclass(frozen=True, slots=True)
class ExhaustedPool:
    executor: int
    workers: tuple[int, ...]  # longest wait first
    since_ns: int


def exhausted_pools(state: State, tables: Tables) -> list[ExhaustedPool]:
    waiting = {id_: task for id_, task in state.tasks.items() if _waits(task, state, tables)}
    executors = {
        id_: executor for id_, task in waiting.items() if (executor := full_executor(task, state, tables))
    }
    if not executors:
        return []
    workers = {executor: workers_of(executor, state, tables) for executor in set(executors.values())}
    if not any(all(id_ in waiting for id_ in found) for found in workers.values()):
        return []
    needs = {id_: waits_for(task, state, tables) for id_, task in waiting.items()}
    stuck = set(waiting)
    while True:
        free = {
            id_
            for id_ in stuck
            if not any(need in stuck for need in needs[id_])
            and not (id_ in executors and all(worker in stuck for worker in workers[executors[id_]]))
        }
        if not free:
            break
        stuck -= free
    found = []
    for executor in sorted({executors[id_] for id_ in stuck if id_ in executors}):
        if all(worker in stuck for worker in workers[executor]):
            since = {id_: wait.since_ns for id_ in workers[executor] if (wait := state.tasks[id_].wait)}
            found.append(
                ExhaustedPool(executor, tuple(sorted(since, key=since.__getitem__)), max(since.values()))
            )
    return found


def _waits(task: TaskState, state: State, tables: Tables) -> bool:
    """Does it stand still, for as long as it takes?"""
    info, wait = tables.tasks.get(task.id), task.wait
    if info is None or wait is None or task.run is not Run.BLOCKED or wait.timed:
        return False
    return wait.event > state.gaps.get(info.process, 0)


def waits_for_work(task: TaskState, tables: Tables) -> bool:
    """A worker that has nothing to do: no part of what is wrong."""
    wait = task.wait
    resource = tables.resources.get(wait.obj) if wait is not None else None
    return resource is not None and resource.kind == "executor"

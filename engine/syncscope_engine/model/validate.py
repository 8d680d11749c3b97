"""What is true of every state, whatever the tape said.  Tests call it when they have finished."""

from ..tables import Tables
from .state import Run, State


def validate(state: State, tables: Tables) -> None:
    """Raises AssertionError with a sentence that names the task or resource."""
    for id_, task in state.tasks.items():
        name = f"task {id_} ({tables.task_name(id_)})"
        assert task.id == id_, name
        assert id_ not in state.resources, f"{name} is a resource too"
        standing = task.run in (Run.BLOCKED, Run.SLEEPING)
        assert (task.wait is not None) == standing, f"{name} is {task.run.value} with wait {task.wait}"
        assert (task.end_ns > 0) == task.run.ended, f"{name} is {task.run.value}, ended at {task.end_ns}"
        assert task.since_ns <= state.t_ns, f"{name}: since {task.since_ns}, now {state.t_ns}"
        assert task.wait_ns >= 0 <= task.cancel_requests, name
        for lock in task.held:
            owner = state.resources[lock].owner if lock in state.resources else 0
            assert owner == id_, f"{name} holds {tables.resource_name(lock)}, whose owner is {owner}"
        if task.wait is not None and task.wait.obj in state.resources:
            carried = _is_carried(id_, task.wait.obj, tables)
            waits = id_ in state.resources[task.wait.obj].waiters
            assert waits or carried, f"{name} is not among the waiters of {task.wait}"
    for id_, resource in state.resources.items():
        name = f"resource {id_} ({tables.resource_name(id_)})"
        assert resource.id == id_, name
        assert len(set(resource.waiters)) == len(resource.waiters), f"{name}: waiters {resource.waiters}"
        since = -1
        for waiter in resource.waiters:
            wait = state.tasks[waiter].wait
            assert wait is not None, f"{name}: waiter {waiter} does not wait"
            assert wait.obj == id_, f"{name}: waiter {waiter} waits for {wait.obj}"
            assert wait.since_ns >= since, f"{name}: waiters are not in order: {resource.waiters}"
            since = wait.since_ns
        if resource.owner:
            assert id_ in state.tasks[resource.owner].held, f"{name}: {resource.owner} does not hold it"
        for count in (
            resource.n_acquired, resource.n_released, resource.n_contended, resource.n_unrecorded,
            resource.n_excess, resource.wait_ns, resource.max_wait_ns,
        ):  # fmt: skip
            assert count >= 0, f"{name}: {resource}"


def _is_carried(task: int, resource: int, tables: Tables) -> bool:
    """An asyncio task that stands still because its thread waits; the thread is the waiter."""
    info = tables.resources.get(resource)
    return task in tables.tasks and tables.tasks[task].kind == "asyncio" and not (info and info.asyncio)

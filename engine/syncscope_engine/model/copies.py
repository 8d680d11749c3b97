"""Copies of a state that goes on changing: of each entity, a new one only when something was done to it."""

from collections.abc import Iterable

from .entities import Entities
from .state import ResourceState, State, TaskState, resource_fields, task_fields


class Copies:
    """Of one reducer, which tells nobody else what it touched."""

    def __init__(self, reducer: Entities) -> None:
        self._reducer = reducer
        self._copy: State | None = None

    def newest(self) -> State:
        """The state as it is now; it does not change any more, and shares with other copies what is the same."""
        reducer, state, before = self._reducer, self._reducer.state, self._copy
        new_tasks: Iterable[int] = reducer.touched_tasks
        new_resources: Iterable[int] = reducer.touched_resources
        if before is None:
            tasks: dict[int, TaskState] = {}
            resources: dict[int, ResourceState] = {}
            new_tasks, new_resources = list(state.tasks), list(state.resources)
        elif state.n == before.n:
            return before
        else:
            tasks, resources = dict(before.tasks), dict(before.resources)
        for id_ in new_tasks:
            tasks[id_] = task = TaskState(*task_fields(state.tasks[id_]))
            task.held = dict(task.held)
        for id_ in new_resources:
            resources[id_] = resource = ResourceState(*resource_fields(state.resources[id_]))
            resource.waiters = list(resource.waiters)
            resource.users = dict(resource.users)
        reducer.touched_tasks.clear()
        reducer.touched_resources.clear()
        self._copy = State(
            state.t_ns, state.n, tasks, resources, state.paused, state.gate_ns, dict(state.gaps), state.n_gaps
        )
        return self._copy

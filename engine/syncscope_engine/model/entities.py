"""Who and what the events are about: the tasks and resources of the state, found or made, and what does not fit."""

from ..events import Event, Flag
from ..tables import Tables
from .spans import Spans
from .state import ResourceState, Run, State, TaskState, Wait

SAMPLED, TIMED, REENTRANT, IN_CONDITION = (
    int(flag) for flag in (Flag.SAMPLED, Flag.TIMED, Flag.REENTRANT, Flag.IN_CONDITION)
)  # plain numbers: the `&` of a Flag costs more than all the rest of a rule

ANY = (
    "lock",
    "rlock",
    "semaphore",
    "condition",
    "event",
    "barrier",
    "queue",
    "pipe",
    "future",
    "executor",
    "shared_memory",
    "variable",
)


class Entities:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.state = State()
        self.spans = Spans()
        self.touched_tasks: set[int] = set()
        self.touched_resources: set[int] = set()
        self._asked: dict[int, Wait] = {}
        """asyncio tasks: what they asked for and have not got, through all their steps until they get it."""
        self._kinds: dict[int, str] = {}
        """Kind of each known resource, as the tables or, without an entry there, its first event told."""
        self._lossy: set[int] = set()
        """Resources and processes of which records are known to be missing: no surprise counts as a gap."""

    # entities

    def task(self, id_: int) -> TaskState | None:
        """The task, made when it is new; None when the id cannot be a task's."""
        task = self.state.tasks.get(id_)
        if task is None:
            if id_ <= 0 or id_ in self.state.resources or id_ in self.tables.resources:
                return None
            task = self.state.tasks[id_] = TaskState(id_)
        self.touched_tasks.add(id_)
        return task

    def resource(self, id_: int, kinds: tuple[str, ...]) -> ResourceState | None:
        """The resource, made when it is new; None when the id cannot be that of one of `kinds`."""
        resource = self.state.resources.get(id_)
        if resource is None:
            if id_ <= 0 or id_ in self.state.tasks or id_ in self.tables.tasks:
                return None
            info = self.tables.resources.get(id_)
            self._kinds[id_] = info.kind if info else kinds[0]
            resource = self.state.resources[id_] = ResourceState(id_)
            self.touched_resources.add(id_)
            if info is not None and info.kind == "semaphore":
                resource.value = info.capacity
        if self._kinds[id_] not in kinds:
            return None
        self.touched_resources.add(id_)
        return resource

    def task_or_resource(self, id_: int) -> TaskState | ResourceState | None:
        """Whatever has the id; an id that is new and not described is taken for a resource's."""
        if id_ in self.state.tasks or id_ in self.tables.tasks:
            return self.task(id_)
        return self.resource(id_, ANY)

    def is_asyncio(self, resource: int) -> bool:
        info = self.tables.resources.get(resource)
        return info is not None and info.asyncio

    def is_shared(self, resource: int) -> bool:
        info = self.tables.resources.get(resource)
        return info is not None and bool(info.shared)

    def actor(self, event: Event) -> TaskState | None:
        """Who acts on the event's resource: the asyncio task on one of asyncio, else the thread."""
        id_ = event.task
        if event.thread != id_ and not self.is_asyncio(event.obj):
            id_ = self.carrier(event) or id_
        return self.task(id_)

    def carrier(self, event: Event) -> int:
        """The thread that carries the acting asyncio task; 0 when a thread acts."""
        info = self.tables.tasks.get(event.task)
        if info is None or info.kind != "asyncio" or event.thread == event.task:
            return 0
        return event.thread or info.parent

    # what does not fit

    def misfit(self, event: Event) -> None:
        """The event does not follow from the state.  Expected where records are missing, else counted."""
        if event.flags & SAMPLED or event.obj in self._lossy:
            return
        info = self.tables.tasks.get(event.task)
        if info is not None and (info.process in self._lossy or self._process_end(event.task) is not None):
            return
        self.state.n_gaps += 1

    def _process_end(self, task: int) -> Run | None:
        """How the process of `task` ended; None while it lives.  Its last records may be read after its end."""
        info = self.tables.tasks.get(task)
        process = self.state.tasks.get(info.process) if info is not None else None
        return process.run if process is not None and process.run.ended and process.id != task else None

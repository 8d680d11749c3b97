"""Who waits for whom: the wait-for graph, and the reason of a wait in words."""

from dataclasses import dataclass

from ..events import Awaited, Kind
from ..phrases import duration, list_of, name_of, place_of, say
from ..tables import Tables
from .state import ResourceState, Run, State, TaskState, Wait

SOMEDAY_NS = 1 << 62
"""Asked by an event loop without a timer that watches files: it sleeps until something comes from outside."""

_AWAITED: dict[int, str] = {
    Awaited.TASK: "task",
    Awaited.SLEEP: "asleep",
    Awaited.FUTURE: "a_future",
    Awaited.IO: "io",
    Awaited.TASKS: "tasks",
    Awaited.CLEANUP: "cleanup",
    Awaited.IO_READ: "io",
    Awaited.IO_WRITE: "io",
    Awaited.IO_CONNECT: "io",
    Awaited.IO_ACCEPT: "io",
}
_AWAITED_OF: dict[int, str] = {
    Awaited.IO: "connection",
    Awaited.IO_READ: "connection_read",
    Awaited.IO_WRITE: "connection_write",
    Awaited.IO_CONNECT: "connection_made",
    Awaited.IO_ACCEPT: "connection_accept",
}
_MOST_NAMES = 3


def waits_for(task: TaskState, state: State, tables: Tables) -> list[int]:
    """The tasks without which `task` cannot go on: it needs every one of them.

    Empty for a task that runs, and for waits that any task could end: those have no owner.
    """
    info = tables.tasks.get(task.id)
    if info is not None and info.kind == "process":
        return [] if task.run.ended else threads_of(task.id, state, tables)
    wait = task.wait
    found: list[int] = []
    if wait is not None:
        if wait.kind == Kind.PROGRAM_END:
            found = [id_ for id_ in threads_of(wait.obj, state, tables) if id_ != task.id]
        elif wait.kind == Kind.SUSPEND and wait.detail == Awaited.TASKS:
            left = left_of(task, state)
            found = left if left is not None and len(left) == 1 else []
        elif wait.obj in state.tasks:
            found = [wait.obj]
        elif wait.obj in state.resources and state.resources[wait.obj].owner and not waits_for_one_of(wait):
            found = [state.resources[wait.obj].owner]
    if info is not None and info.kind == "asyncio" and task.run is not Run.RUNNING:
        loop = state.tasks.get(info.parent)
        if loop is not None and loop.run is Run.BLOCKED and loop.wait is not wait:
            found.append(loop.id)
    return found


def left_of(task: TaskState, state: State) -> list[int] | None:
    """Of several tasks that `task` waits for together: those without which it certainly does not go on before
    one of them does something.  None: not all of them are known, or it goes on anyway."""
    if not task.awaits or len(task.awaits) < task.n_awaits:
        return None
    if any(id_ not in state.tasks for id_ in task.awaits):
        return None
    left = [id_ for id_ in task.awaits if not state.tasks[id_].run.ended]
    return left if left and (task.awaits_all or len(left) == len(task.awaits)) else None


def waits_for_one_of(wait: Wait) -> bool:
    """Does it wait for several futures together, of which perhaps one is enough?"""
    return wait.kind == Kind.RESULT_WAIT and wait.detail > 0


def full_executor(task: TaskState, state: State, tables: Tables) -> int:
    """The executor all of whose workers are there, so that one of them has to finish what it does before it can
    begin the call whose result `task` waits for; 0 = there is none."""
    wait = task.wait
    if wait is None or waits_for_one_of(wait):
        return 0
    info, future = tables.resources.get(wait.obj), state.resources.get(wait.obj)
    if info is None or info.kind != "future" or future is None or future.owner or future.value:
        return 0
    executor = tables.resources.get(info.part_of)
    if executor is None or not executor.capacity:
        return 0
    return executor.id if len(workers_of(executor.id, state, tables)) >= executor.capacity else 0


def workers_of(executor: int, state: State, tables: Tables) -> list[int]:
    """The tasks that live to serve it; of a worker process, its main thread."""
    found = []
    for id_, task in state.tasks.items():
        info = tables.tasks.get(id_)
        if info is None or info.serves != executor or info.internal or task.run.ended:
            continue
        found.append(id_ if info.kind != "process" else main_thread_of(id_, state, tables) or id_)
    return found


def main_thread_of(process: int, state: State, tables: Tables) -> int:
    """The first thread of `process`; 0 = it has not said that it has one."""
    return next(
        (
            id_
            for id_ in state.tasks
            if (info := tables.tasks.get(id_)) is not None
            and info.kind == "thread"
            and info.process == process
            and info.name == "MainThread"
        ),
        0,
    )


def threads_of(process: int, state: State, tables: Tables) -> list[int]:
    """Threads of `process` that have to end before it can: those that live and are not daemons."""
    found = []
    for task in state.tasks.values():
        info = tables.tasks.get(task.id)
        if (
            info is not None
            and info.kind == "thread"
            and info.process == process
            and not info.daemon
            and not task.run.ended
        ):
            found.append(task.id)
    return found


def wait_chain(task: int, state: State, tables: Tables | None = None) -> list[int]:
    """`task`, who it waits for, who that one waits for, ...: the last one runs, or waits for nobody in
    particular, or is in the chain already: there a cycle closes.

    With the tables the chain also leads from a process into its threads.
    """
    tables = tables or Tables()
    chain = [task]
    while True:
        current = state.tasks.get(chain[-1])
        following = waits_for(current, state, tables) if current is not None else []
        if not following:
            return chain
        chain.append(following[0])
        if following[0] in chain[:-1]:
            return chain


@dataclass(frozen=True, slots=True)
class WaitText:
    """Why a task stands still: facts, and the words for them."""

    key: str  # of the phrase
    obj: int  # resource or task; 0 = none
    holder: int  # who owns or runs it, or the executor that will; 0 = nobody
    place: int  # where the holder acquired it; 0 = unknown
    waited_ns: int
    timed: bool
    names: tuple[tuple[str, str], ...]  # what else the phrase is filled with, in no language

    def reason(self, lang: str, tables: Tables) -> str:
        """``waits for `lock` held by T1 (line 12)``"""
        values = dict(self.names)
        if "tasks" in values:
            names = [name_of(lang, int(id_), tables) for id_ in values["tasks"].split()]
            more = int(values["more"])
            values["tasks"] = say(lang, "list.comma").join(names) if more else list_of(lang, names)
        if "asked_ns" in values:
            values["asked"] = duration(lang, int(values.pop("asked_ns")))
        text = say(
            lang,
            self.key,
            obj=name_of(lang, self.obj, tables),
            holder=name_of(lang, self.holder, tables),
            **values,
        )
        place = place_of(lang, self.place, tables)
        return say(lang, "place.in_brackets", text=text, place=place) if place else text

    def words(self, lang: str, tables: Tables) -> str:
        """``waits for `lock` held by T1 (line 12) · 1.2 s``"""
        text = self.reason(lang, tables)
        return say(lang, "wait.with_time", text=text, time=duration(lang, self.waited_ns))


def describe_wait(task: int, state: State, tables: Tables, now_ns: int) -> WaitText | None:
    """Why `task` stands still; None when it does not."""
    current = state.tasks.get(task)
    if current is None or current.wait is None:
        return None
    wait = current.wait
    key, holder, place, names = _reason(task, wait, state, tables)
    waited = max(now_ns - wait.since_ns, 0)
    return WaitText(f"wait.{key}", wait.obj, holder, place, waited, wait.timed, names)


def _reason(
    task: int, wait: Wait, state: State, tables: Tables
) -> tuple[str, int, int, tuple[tuple[str, str], ...]]:
    """(key, holder, place, names)"""
    key = reason_key(wait.kind, wait.obj, wait.detail, tables)
    resource = state.resources.get(wait.obj)
    if key == "future" and resource is not None:
        return _reason_of_future(wait, resource, state, tables)
    if key == "message" and wait.kind == Kind.GET_WAIT and wait.detail:
        return "messages", 0, 0, (("n", str(wait.detail)),)
    if wait.kind == Kind.SUSPEND and wait.detail == Awaited.TASKS:
        return _reason_of_several(state.tasks[task], state)
    if key == "sleep":
        if not wait.timed:
            info = tables.tasks.get(task)
            is_loop = info is None or not info.internal
            return "loop" if is_loop else "idle", 0, 0, ()
        if wait.detail >= SOMEDAY_NS:
            return "loop_outside", 0, 0, ()
        if wait.files:
            key = "loop_files"
        return key, 0, 0, (("asked_ns", str(wait.detail)),)
    if key == "lock" and resource is not None and resource.owner:
        owner = state.tasks[resource.owner]
        key = "lock_own" if owner.id == task else "lock_abandoned" if owner.run.ended else "lock_held"
        return key, owner.id, resource.owner_place, ()
    if key == "barrier":
        parties = tables.resources[wait.obj].capacity
        n = resource.value if resource is not None else 0
        return key, 0, 0, (("n", str(n)), ("parties", str(parties or "?")))
    return key, 0, 0, ()


def _reason_of_several(task: TaskState, state: State) -> tuple[str, int, int, tuple[tuple[str, str], ...]]:
    left = [id_ for id_ in task.awaits if id_ not in state.tasks or not state.tasks[id_].run.ended]
    n = task.n_awaits - (len(task.awaits) - len(left))
    if not left:
        return "tasks", 0, 0, ()
    more = n - len(left[:_MOST_NAMES])
    names = (("n", str(n)), ("tasks", " ".join(str(id_) for id_ in left[:_MOST_NAMES])), ("more", str(more)))
    which = "one" if n == 1 else "all" if task.awaits_all else "some"
    return f"tasks_{which}{'_more' if more else ''}", 0, 0, names


def _reason_of_future(
    wait: Wait, future: ResourceState, state: State, tables: Tables
) -> tuple[str, int, int, tuple[tuple[str, str], ...]]:
    if waits_for_one_of(wait):
        key = "future_and_another" if wait.detail == 1 else "future_and_others"
        return key, 0, 0, (("n", str(wait.detail)),)
    if future.owner:
        key = "future_abandoned" if state.tasks[future.owner].run.ended else "future_run"
        return key, future.owner, 0, ()
    info = tables.resources.get(wait.obj)
    if info is not None and info.part_of and not future.value:
        return "future_queued", info.part_of, 0, ()
    return "future", 0, 0, ()


_BY_KIND: dict[int, str] = {
    Kind.JOIN: "join",
    Kind.PROGRAM_END: "program_end",
    Kind.SLEEP: "sleep",
    Kind.PUT_WAIT: "put",
    Kind.GET_WAIT: "get",
    Kind.QUEUE_JOIN: "queue_join",
}
_BY_RESOURCE = {
    "semaphore": "semaphore",
    "condition": "condition",
    "event": "event",
    "barrier": "barrier",
    "future": "future",
    "queue": "get",
    "pipe": "message",
}


def reason_key(kind: int, obj: int, detail: int, tables: Tables) -> str:
    """Which phrase of `wait` tells of a wait for `obj` that an event of `kind` began."""
    resource = tables.resources.get(obj)
    if kind == Kind.GET_WAIT and resource is not None and resource.kind == "executor":
        return "work"
    if kind == Kind.GET_WAIT and resource is not None and resource.kind == "pipe":
        return "message"
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    if kind == Kind.SUSPEND and detail == Awaited.TASKS:
        return "tasks"
    if kind == Kind.SUSPEND and resource is not None and detail in _AWAITED_OF:
        return _AWAITED_OF[detail]
    if kind == Kind.SUSPEND and resource is None:
        return _AWAITED.get(detail, "other")
    return _BY_RESOURCE.get(resource.kind if resource is not None else "", "lock")

"""Who waits for whom: the wait-for graph, and the reason of a wait in words."""

from dataclasses import dataclass

from ..events import Awaited, Kind
from ..phrases import duration, name_of, place_of, say
from ..tables import Tables
from .state import Run, State, TaskState, Wait

_AWAITED = {
    Awaited.TASK: "task",
    Awaited.SLEEP: "asleep",
    Awaited.FUTURE: "a_future",
    Awaited.IO: "io",
    Awaited.TASKS: "tasks",
    Awaited.CLEANUP: "cleanup",
}


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
        elif wait.obj in state.tasks:
            found = [wait.obj]
        elif wait.obj in state.resources and state.resources[wait.obj].owner:
            found = [state.resources[wait.obj].owner]
    if info is not None and info.kind == "asyncio" and task.run is not Run.RUNNING:
        loop = state.tasks.get(info.parent)
        if loop is not None and loop.run is Run.BLOCKED and loop.wait is not wait:
            found.append(loop.id)
    return found


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
    holder: int  # who owns it; 0 = nobody
    place: int  # where the holder acquired it; 0 = unknown
    waited_ns: int
    timed: bool
    names: tuple[tuple[str, str], ...]  # what else the phrase is filled with, in no language

    def reason(self, lang: str, tables: Tables) -> str:
        """``waits for `lock` held by T1 (line 12)``"""
        values = dict(self.names)
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
    match wait.kind:
        case Kind.JOIN:
            return "join", 0, 0, ()
        case Kind.PROGRAM_END:
            return "program_end", 0, 0, ()
        case Kind.SLEEP if wait.timed:
            return "sleep", 0, 0, (("asked_ns", str(wait.detail)),)
        case Kind.SLEEP:
            return "loop", 0, 0, ()
        case Kind.PUT_WAIT:
            return "put", 0, 0, ()
        case Kind.GET_WAIT:
            return "get", 0, 0, ()
        case Kind.QUEUE_JOIN:
            return "queue_join", 0, 0, ()
        case Kind.SUSPEND if wait.obj not in state.resources:
            return _AWAITED.get(Awaited(wait.detail), "other") if 0 <= wait.detail <= 8 else "other", 0, 0, ()
    resource = state.resources.get(wait.obj)
    info = tables.resources.get(wait.obj)
    kind = info.kind if info is not None else "lock"
    if resource is not None and kind in ("lock", "rlock"):
        if not resource.owner:
            return "lock", 0, 0, ()
        owner = state.tasks[resource.owner]
        key = "lock_own" if owner.id == task else "lock_abandoned" if owner.run.ended else "lock_held"
        return key, owner.id, resource.owner_place, ()
    if resource is not None and info is not None and kind == "barrier":
        return "barrier", 0, 0, (("n", str(resource.value)), ("parties", str(info.capacity or "?")))
    keys = {"semaphore": "semaphore", "condition": "condition", "event": "event", "future": "future"}
    return keys.get(kind, "get" if kind in ("queue", "pipe") else "lock"), 0, 0, ()

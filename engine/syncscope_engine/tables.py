"""The facts about tasks, resources and places that do not change while the program runs.

Events carry ids; these tables say what the ids mean.  They only grow.  Ids are unique in a recording, over
all processes of the program; tasks and resources share one counter.
"""

from dataclasses import dataclass, field
from typing import Literal

TaskKind = Literal["process", "thread", "asyncio"]
ResourceKind = Literal[
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
]


@dataclass(frozen=True, slots=True)
class Place:
    id: int
    file: str  # absolute path as the program knows it
    line: int  # from 1; 0 = unknown
    function: str = ""


@dataclass(slots=True)
class TaskInfo:
    id: int
    kind: TaskKind
    name: str  # as the program last named it
    parent: int = (
        0  # containment: process of a thread, loop's thread of an asyncio task, starter of a process
    )
    spawner: int = 0  # the task that asked for it to start; 0 = unknown
    process: int = 0  # id of the process task that it lives in (its own id for a process)
    place: int = 0  # where it was spawned
    callee: str = ""  # qualified name of what it runs
    daemon: bool = False
    internal: bool = False  # made by the standard library for itself
    pid: int = 0  # processes only
    native: int = 0  # native thread id; 0 = unknown
    serves: int = 0  # resource that it works for: executor of a worker, queue of a feeder thread; 0 = none
    created_ns: int = 0


@dataclass(slots=True)
class ResourceInfo:
    id: int
    kind: ResourceKind
    name: str  # the program's own name for it: `lock`, `self.not_empty`, `Account.lock`
    type: str = ""  # class name, e.g. BoundedSemaphore
    process: int = 0
    place: int = 0  # where it was created
    part_of: int = 0  # what it belongs to: condition of its own lock, executor of a future
    lock: int = 0  # condition: its lock
    capacity: int = 0  # permits at the start, maxsize, parties; 0 = none or unbounded
    bounded: bool = False  # BoundedSemaphore: refuses too many releases
    asyncio: bool = False
    shared: str = ""  # identity between processes, for what they share; "" = lives in one process
    callee: str = ""  # future: the call, `prime(7)`; several that are done as one: `prime × 25`
    created_ns: int = 0


@dataclass(frozen=True, slots=True)
class ExceptionInfo:
    task: int
    type: str
    message: str
    traceback: tuple[tuple[str, int, str], ...]  # (file, line, function), outermost first
    t_ns: int
    where: str = "thread"  # thread, main, process, asyncio, compile


@dataclass(slots=True)
class Tables:
    tasks: dict[int, TaskInfo] = field(default_factory=dict)
    resources: dict[int, ResourceInfo] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    exceptions: list[ExceptionInfo] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # limits that the user should know of
    changed_tasks: list[int] = field(
        default_factory=list
    )  # tasks whose name or place in the tree was learned after they had appeared here, in this order
    python: str = ""  # version of the program's interpreter
    start_ns: int = 0  # clock when the program was started; times on screen count from here
    cost_ns: int = 0  # measured cost of one record in the program

    def task_name(self, task: int) -> str:
        info = self.tasks.get(task)
        return info.name if info else f"task {task}" if task else "?"

    def resource_name(self, resource: int) -> str:
        info = self.resources.get(resource)
        return info.name if info else f"resource {resource}" if resource else "?"

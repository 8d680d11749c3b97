"""The program at one moment: what every task does and what every resource is in."""

from dataclasses import dataclass, field, fields
from enum import Enum
from operator import attrgetter
from typing import Any


class Run(str, Enum):
    """State of a task.  `READY` could run but has no processor or no GIL: known from samples only."""

    CREATED = "created"
    READY = "ready"
    RUNNING = "running"
    BLOCKED = "blocked"
    SLEEPING = "sleeping"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    ordinal: int

    def __new__(cls, value: str) -> "Run":
        run = str.__new__(cls, value)
        run._value_ = value
        run.ordinal = len(cls.__members__)
        return run

    __hash__ = str.__hash__  # that of Enum is Python code, and every span is looked up by its state

    @property
    def ended(self) -> bool:
        return self.ordinal >= 5  # DONE, FAILED, CANCELLED


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a task stands still."""

    kind: int  # the `Kind` that began it: ACQUIRE, WAIT, JOIN, SUSPEND, ...
    obj: int  # resource or task waited for; 0 = none of the program's objects
    since_ns: int
    event: int  # number of the event that began it
    timed: bool = False
    detail: int = 0  # SUSPEND: `Awaited`; SLEEP: asked ns; RESULT_WAIT: other futures waited for, too

    def __reduce__(self) -> tuple[Any, ...]:
        return Wait, wait_fields(self)  # half the time of what pickle does by itself

    files: bool = False  # an event loop that is also woken by input or output


@dataclass(slots=True)
class TaskState:
    id: int
    run: Run = Run.CREATED
    since_ns: int = 0  # when `run` began
    wait: Wait | None = None  # set exactly while BLOCKED or SLEEPING
    place: int = 0  # last known place in the source
    held: dict[int, int] = field(default_factory=dict)  # lock -> event number of its acquisition
    start_ns: int = 0  # 0 = not started
    end_ns: int = 0  # 0 = not ended
    wait_ns: int = 0  # time spent blocked, finished waits only
    run_ns: int = 0  # time spent running as far as the probes see it, until `since_ns`
    sleep_ns: int = 0  # likewise asleep
    n_waits: int = 0
    exit_code: int | None = None  # processes
    cancel_requests: int = 0  # asyncio: requested minus taken back
    awaits: tuple[int, ...] = ()  # asyncio: tasks and futures that it waits for together, the first of them
    n_awaits: int = 0  # how many they were in all
    awaits_all: bool = True  # it needs every one of them; else some are enough
    last_event: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return TaskState, task_fields(self)


@dataclass(slots=True)
class ResourceState:
    id: int
    owner: int = 0  # locks: task id, 0 = free; futures: task that runs it
    owner_place: int = 0  # where the owner acquired it; 0 = unknown
    owner_since_ns: int = 0  # when; 0 = free
    waiters: list[int] = field(default_factory=list)  # tasks, longest wait first
    value: int = 0  # permits left, depth of a queue, 1/0 of an event, parties waiting at a barrier
    n_acquired: int = 0  # acquisitions; puts; waits that ended; sets; writes
    n_released: int = 0  # releases; gets; notifies; clears; reads
    n_contended: int = 0  # times that somebody had to wait
    max_wait_ns: int = 0
    wait_ns: int = 0
    n_unrecorded: int = 0  # operations that are in the counts but have no event of their own
    n_excess: int = 0  # semaphore: permits above its initial number
    users: dict[int, int] = field(default_factory=dict)  # task -> event number of its last use
    last_event: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return ResourceState, resource_fields(self)


@dataclass(slots=True)
class State:
    """Everything at the time `t_ns`, after event `n`."""

    t_ns: int = 0
    n: int = 0
    tasks: dict[int, TaskState] = field(default_factory=dict)
    resources: dict[int, ResourceState] = field(default_factory=dict)
    paused: bool = False
    gate_ns: int = 0  # the program is slowed: every thread is held up so long at each operation
    gaps: dict[int, int] = field(
        default_factory=dict
    )  # process -> number of its last GAP: what is older is doubtful
    n_gaps: int = 0  # times that the tape did not fit the state (lost or sampled records)


wait_fields = attrgetter(*(field.name for field in fields(Wait)))
task_fields = attrgetter(*(field.name for field in fields(TaskState)))
resource_fields = attrgetter(*(field.name for field in fields(ResourceState)))
"""What each is made of, in the order of its constructor."""

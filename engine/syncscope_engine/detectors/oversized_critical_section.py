"""A lock is held while its owners sleep or wait for something else, and others stand in line for it meanwhile.

Told only when it clearly costs: somebody waited for the lock most of the time, for a second at least and
over ten holds, and its owners spent most of their holds asleep or blocked.  What a wait costs on a condition does
not count: that gives its lock up.  Locks of asyncio are made to be held across an await, and keep no thread.  Of a
lock that is taken so often that not every hold is recorded, only the time after that counts.
"""

from dataclasses import dataclass, field

from ..events import Event, Kind
from ..model.entities import IN_CONDITION, REENTRANT, SAMPLED
from ..model.state import State
from ..tables import Tables
from .base import Finding

LEAST_NS = 1_000_000_000
LEAST_HOLDS = 10
_IDLE_ENDS = frozenset(
    {Kind.SLEPT, Kind.JOINED, Kind.WOKE, Kind.PUT, Kind.GET, Kind.QUEUE_JOINED, Kind.RESULT, Kind.ACQUIRED}
)
_LINE = frozenset({Kind.ACQUIRE, Kind.ACQUIRED, Kind.ACQUIRE_FAILED, Kind.RELEASE})


@dataclass(slots=True)
class _Lock:
    first_ns: int
    last_ns: int = 0
    since_ns: int = 0  # of the present hold; 0 = free
    n: int = 0
    held_ns: int = 0
    idle_ns: int = 0  # of that
    line_since_ns: int = 0  # somebody waits; 0 = nobody
    line_ns: int = 0
    places: dict[int, int] = field(default_factory=dict)  # where its owners were idle: ns
    owners: dict[int, int] = field(default_factory=dict)  # task -> idle ns
    evidence: int = 0
    n_told: int = 0


class OversizedCriticalSection:
    kinds: frozenset[int] = _IDLE_ENDS | _LINE

    def __init__(self) -> None:
        self._locks: dict[int, _Lock] = {}

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        if event.kind in _IDLE_ENDS and event.a > 0 and event.thread == event.task:
            task = state.tasks.get(event.task)
            if task is not None and task.held:
                self._was_idle(event, task.held, tables)
        if event.kind in _LINE and not event.flags & REENTRANT:
            self._changes(event, state, tables)

    def _was_idle(self, event: Event, held: dict[int, int], tables: Tables) -> None:
        info = tables.resources.get(event.obj)
        given_up = info.lock if info is not None else 0
        for id_ in held:
            lock = self._locks.get(id_)
            if lock is None or id_ in (event.obj, given_up) or not lock.since_ns:
                continue
            idle = min(event.a, event.t_ns - lock.since_ns)
            lock.idle_ns += idle
            lock.places[event.place] = lock.places.get(event.place, 0) + idle
            lock.owners[event.task] = lock.owners.get(event.task, 0) + idle
            lock.evidence = event.n

    def _changes(self, event: Event, state: State, tables: Tables) -> None:
        lock, resource = self._locks.get(event.obj), state.resources.get(event.obj)
        if lock is not None and event.flags & SAMPLED:
            lock = None  # holds were not recorded: what is known of the rest tells nothing of them
        if lock is None:
            info = tables.resources.get(event.obj)
            if info is None or info.kind not in ("lock", "rlock") or info.asyncio:
                return
            lock = self._locks[event.obj] = _Lock(event.t_ns)
        lock.last_ns = event.t_ns
        if event.kind == Kind.ACQUIRED:
            lock.since_ns = event.t_ns
            lock.n += not event.flags & IN_CONDITION
        elif event.kind == Kind.RELEASE and lock.since_ns:
            lock.held_ns += event.t_ns - lock.since_ns
            lock.since_ns = 0
        in_line = resource is not None and bool(resource.waiters)
        if in_line and not lock.line_since_ns:
            lock.line_since_ns = event.t_ns
        elif not in_line and lock.line_since_ns:
            lock.line_ns += event.t_ns - lock.line_since_ns
            lock.line_since_ns = 0

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        found = []
        for id_, lock in self._locks.items():
            if lock.n < LEAST_HOLDS or lock.n == lock.n_told or lock.since_ns:
                continue
            time_ns = lock.last_ns - lock.first_ns
            line_ns = lock.line_ns + (lock.last_ns - lock.line_since_ns if lock.line_since_ns else 0)
            if time_ns < LEAST_NS or 2 * line_ns <= time_ns or 2 * lock.idle_ns <= lock.held_ns:
                continue
            lock.n_told = lock.n
            found.append(_finding(id_, lock, time_ns, line_ns, now_ns))
        return found or None


def _finding(id_: int, lock: _Lock, time_ns: int, line_ns: int, now_ns: int) -> Finding:
    place = max(lock.places, key=lambda place: lock.places[place])
    return Finding(
        kind="oversized_critical_section",
        severity="note",
        variant="waits",
        values=(
            ("n", str(lock.n)),
            ("place", str(place)),
            ("time_ns", str(time_ns)),
            ("held_ns", str(lock.held_ns)),
            ("idle", str(round(100 * lock.idle_ns / lock.held_ns))),
            ("blocked", str(round(100 * line_ns / time_ns))),
        ),
        tasks=tuple(sorted(lock.owners, key=lambda task: -lock.owners[task])),
        resources=(id_,),
        places=(place,) if place else (),
        evidence=(lock.evidence,),
        t_ns=now_ns,
    )

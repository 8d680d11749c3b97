"""Two tasks change a variable, each from what it read, with no common lock and no order between them.

An *update* is a write by a task that has read the variable since its own last write; storing a constant (a flag,
a counter set back) is none.  A pair of updates by two tasks counts when they held no lock in common and the
second one's task knew nothing of the first (see `model.clocks`); of two asyncio tasks of one loop also only
when one of them awaited between its read and its write.

What orders tasks without a trace on the tape, a socket or a polled flag, orders them one way: so a pair is told
only when updates of the same two tasks are found both ways round, or when both come from the same line.  It is
dropped where operations were counted but not recorded at that time, and left to `lost_update` when an
update really was lost.
"""

from dataclasses import dataclass, field

from ..events import Event, Flag, Kind
from ..model.clocks import Clocks, Stamp
from ..model.state import State
from ..tables import Tables
from .base import Finding, Recheck
from .source import source_of

HELD_BACK_NS = 1_000_000_000
_STALE = int(Flag.STALE)
_MOST_PAIRS = 16
_MOST_TASKS = 8


@dataclass(slots=True)
class _Update:
    task: int
    thread: int
    place: int
    read: int  # event numbers
    write: int
    read_ns: int
    write_ns: int
    locks: frozenset[int]
    stamp: Stamp
    awaits: bool  # between read and write


@dataclass(slots=True)
class _Variable:
    newest: dict[int, _Update] = field(default_factory=dict)  # task -> its newest update
    pairs: list[tuple[_Update, _Update]] = field(default_factory=list)
    orders: set[tuple[int, int]] = field(default_factory=set)  # of pairs: (first, second task)
    done: bool = False  # told, or somebody else's


class DataRace:
    kinds: frozenset[int] = frozenset({Kind.READ, Kind.WRITE, Kind.SUSPEND})

    def __init__(self, clocks: Clocks) -> None:
        """`clocks`: with locks."""
        self._clocks = clocks
        self._variables: dict[int, _Variable] = {}
        self._reads: dict[tuple[int, int], Event] = {}
        self._suspended: dict[int, int] = {}  # asyncio task -> event of its last suspension
        self._suspects: set[int] = set()

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        if event.kind == Kind.SUSPEND:
            self._suspended[event.task] = event.n
            return
        if event.kind == Kind.READ:
            self._reads[event.obj, event.task] = event
            return
        variable = self._variables.get(event.obj)
        if variable is None:
            variable = self._variables[event.obj] = _Variable(done=_has_parts(event.obj, tables))
        read = self._reads.pop((event.obj, event.task), None)
        variable.done = variable.done or bool(event.flags & _STALE)
        if variable.done or read is None or not _is_update(event.place, tables):
            return
        update = _Update(
            event.task,
            event.thread,
            event.place,
            read.n,
            event.n,
            read.t_ns,
            event.t_ns,
            _held(event, state),
            self._clocks.stamp(event.task, event.n, tables),
            read.n < self._suspended.get(event.task, 0),
        )
        for other in variable.newest.values():
            if len(variable.pairs) < _MOST_PAIRS and self._races(other, update, tables):
                variable.pairs.append((other, update))
                variable.orders.add((other.task, update.task))
                self._suspects.add(event.obj)
        variable.newest.pop(event.task, None)
        variable.newest[event.task] = update
        if len(variable.newest) > _MOST_TASKS:
            del variable.newest[next(iter(variable.newest))]

    def _races(self, first: _Update, second: _Update, tables: Tables) -> bool:
        if first.task == second.task or not first.locks.isdisjoint(second.locks):
            return False
        if first.thread == second.thread:
            on_loop = all(
                update.task != update.thread and update.task in tables.tasks for update in (first, second)
            )
            if not on_loop or not (first.awaits or second.awaits):
                return False
        return not self._clocks.knows(second.task, first.stamp, tables)

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | Recheck | None:
        found = []
        recheck_ns = 0
        for id_ in list(self._suspects):
            variable = self._variables[id_]
            due_ns = variable.pairs[0][1].write_ns + HELD_BACK_NS if variable.pairs else 0
            if not variable.done and now_ns < due_ns and not final:
                recheck_ns = max(recheck_ns, due_ns)
                continue
            self._suspects.discard(id_)
            if variable.done:
                continue
            pair = self._convincing(variable)
            if pair is not None:
                variable.done = True
                found.append(_finding(id_, *pair, tables, now_ns))
            variable.pairs = []
        return found or (Recheck(recheck_ns) if recheck_ns else None)

    def _convincing(self, variable: _Variable) -> tuple[_Update, _Update] | None:
        for first, second in variable.pairs:
            both_ways = (second.task, first.task) in variable.orders
            convinces = both_ways or (first.place and first.place == second.place)
            if convinces and self._clocks.is_complete(first.read_ns, second.write_ns):
                return first, second
        return None


def _held(event: Event, state: State) -> frozenset[int]:
    held: set[int] = set()
    for id_ in (event.task, event.thread):
        task = state.tasks.get(id_)
        if task is not None:
            held.update(task.held)
    return frozenset(held)


def _has_parts(resource: int, tables: Tables) -> bool:
    """Whose reads and writes do not tell which of its places they touch: an array."""
    info = tables.resources.get(resource)
    return info is None or info.capacity > 1 or "array" in info.type.lower()


def _is_update(id_: int, tables: Tables) -> bool:
    place = tables.places.get(id_)
    source = source_of(place.file) if place is not None else None
    return place is not None and source is not None and place.line not in source.constant_stores


def _finding(variable: int, first: _Update, second: _Update, tables: Tables, now_ns: int) -> Finding:
    processes = {tables.tasks[u.task].process for u in (first, second) if u.task in tables.tasks}
    same_loop = first.thread == second.thread
    return Finding(
        kind="data_race",
        severity="warning",
        variant="processes" if len(processes) > 1 else "tasks" if same_loop else "threads",
        values=(("place", str(second.place)), ("other_place", str(first.place))),
        tasks=(second.task, first.task),
        resources=(variable,),
        places=tuple(dict.fromkeys(place for place in (first.place, second.place) if place)),
        evidence=tuple(sorted({first.read, first.write, second.read, second.write})),
        basis="inferred",
        t_ns=now_ns,
    )

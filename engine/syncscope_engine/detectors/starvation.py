"""A task stands in line for a lock or a permit while others, who ask later, get it again and again.

Told when it was overtaken often, waited long, and much longer than others usually do.  A long wait alone says
nothing: the lock may have been held for long; nor does being overtaken: no lock of Python promises an order.
"""

from collections import deque
from dataclasses import dataclass, field
from statistics import median_low

from ..events import Event, Kind
from ..model.entities import IN_CONDITION, REENTRANT
from ..model.state import State
from ..tables import Tables
from .base import Finding, Recheck

LEAST_NS = 1_000_000_000
LEAST_OVERTAKINGS = 20
TIMES_MEDIAN = 10


@dataclass(slots=True)
class _Waiter:
    asked_n: int
    asked_ns: int
    place: int
    overtaken: int = 0
    last: int = 0  # event of the last overtaking


@dataclass(slots=True)
class _Line:
    waiters: dict[int, _Waiter] = field(default_factory=dict)
    waits: deque[int] = field(default_factory=lambda: deque(maxlen=500))


class Starvation:
    kinds: frozenset[int] = frozenset({Kind.ACQUIRE, Kind.ACQUIRED, Kind.ACQUIRE_FAILED})

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}
        self._found: list[tuple[int, int, _Waiter, int]] = []  # (lock, task, waiter, when it was over)
        self._told: set[int] = set()

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        if event.flags & (REENTRANT | IN_CONDITION):
            return
        line = self._lines.get(event.obj)
        if line is None:
            line = self._lines[event.obj] = _Line()
        task = event.task
        if event.kind == Kind.ACQUIRE:
            line.waiters[task] = _Waiter(event.n, event.t_ns, event.place)
            return
        waiter = line.waiters.pop(task, None)
        if waiter is not None and waiter.overtaken >= LEAST_OVERTAKINGS:
            self._judge(event.obj, task, waiter, event.t_ns)
        if event.kind == Kind.ACQUIRED:
            line.waits.append(max(event.a, 0))
            asked_n = waiter.asked_n if waiter is not None else event.n
            for other in line.waiters.values():
                if other.asked_n < asked_n:
                    other.overtaken += 1
                    other.last = event.n

    def _judge(self, lock: int, task: int, waiter: _Waiter, t_ns: int) -> None:
        waited_ns = t_ns - waiter.asked_ns
        if lock in self._told or waited_ns < LEAST_NS:
            return
        if waited_ns >= TIMES_MEDIAN * median_low(self._lines[lock].waits):
            self._told.add(lock)
            self._found.append((lock, task, waiter, t_ns))

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | Recheck | None:
        recheck_ns = 0
        for lock, line in self._lines.items():
            for task, waiter in line.waiters.items():
                if waiter.overtaken >= LEAST_OVERTAKINGS and lock not in self._told and not state.paused:
                    self._judge(lock, task, waiter, now_ns)
                    recheck_ns = waiter.asked_ns + LEAST_NS
        found = [
            _finding(lock, task, waiter, t_ns, median_low(self._lines[lock].waits), now_ns)
            for lock, task, waiter, t_ns in self._found
        ]
        self._found.clear()
        return found or (Recheck(recheck_ns) if recheck_ns > now_ns else None)


def _finding(lock: int, task: int, waiter: _Waiter, end_ns: int, median_ns: int, now_ns: int) -> Finding:
    return Finding(
        kind="starvation",
        severity="warning",
        variant="overtaken",
        values=(
            ("n", str(waiter.overtaken)),
            ("place", str(waiter.place)),
            ("waited_ns", str(end_ns - waiter.asked_ns)),
            ("median_ns", str(median_ns)),
        ),
        tasks=(task,),
        resources=(lock,),
        places=(waiter.place,) if waiter.place else (),
        evidence=(waiter.asked_n, waiter.last),
        t_ns=now_ns,
    )

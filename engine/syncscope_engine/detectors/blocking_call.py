"""A step of a task, or a callback, kept the thread of its event loop while something else there had to wait.

The probe says how long, and who was ready or due all that time; so were tasks that had let others run just
before.  Without anybody it is no fault: a loop with nothing else to do may well be busy.  Tasks that the step
itself made before it stood still count too; while it only worked, perhaps to make them, they do not.

What the time was spent on is known when the thread slept or waited for something that is observed.  Otherwise
the system tells: the processor was used, so the step computed; or the thread stood still, in a call that is
not observed (the network, a file, a child process).  A thread that only had no processor is nobody's fault, and
while other threads of the process run, one that stands still may wait for the GIL.
"""

from collections import deque
from dataclasses import dataclass

from ..events import BLOCKING, UNBLOCKING, Event, Flag, Kind
from ..model.state import Run, State
from ..tables import Tables
from .base import Finding

HELD_NS = 100_000_000
UNSEEN_NS = 500_000_000
"""A step of which nothing is known is told from here on only."""
SHORTEST_NS = 1_000_000
_MOST = 256
_ENDS = frozenset(kind for kinds in UNBLOCKING.values() for kind in kinds)


@dataclass(frozen=True, slots=True)
class _Operation:
    """The thread stood still by itself."""

    kind: int
    obj: int
    place: int
    start_ns: int
    end_ns: int
    events: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Unclear:
    """A long step of a task, of which only the end will tell where it was."""

    event: Event
    variant: str
    after: int
    waiter: int
    n_waiting: int


@dataclass(slots=True)
class _Fault:
    tasks: tuple[int, ...]  # who held the loop, one who had to wait
    variant: str
    place: int  # of the call that took the time; of a callback; else where the step ended
    n: int = 0
    after: int = 0  # where the step began, if what took the time is not known
    longest_ns: int = 0
    spent_ns: int = 0
    n_waiting: int = 0
    kind: int = 0
    obj: int = 0
    callback: bool = False
    evidence: tuple[int, ...] = ()
    grown: bool = False

    def counts(self, event: Event, n_waiting: int, evidence: tuple[int, ...]) -> bool:
        """It happened once more; True when never as long before."""
        self.n += 1
        self.grown = True
        if event.a <= self.longest_ns:
            return False
        self.longest_ns, self.n_waiting, self.evidence = event.a, n_waiting, evidence
        self.callback = event.task == event.thread
        return True


class BlockingCall:
    kinds: frozenset[int] = frozenset(
        {*BLOCKING, *_ENDS, Kind.HELD, Kind.RESUME, Kind.SLOWED, Kind.SUSPEND, Kind.EXIT}
    )

    def __init__(self) -> None:
        self._asked: dict[int, Event] = {}  # of each thread
        self._done: dict[int, deque[_Operation]] = {}
        self._resumed_ns = 0
        self._faults: dict[tuple[str, int], _Fault] = {}
        self._unclear: dict[int, _Unclear] = {}

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        kind = event.kind
        if kind == Kind.HELD:
            self._held(event, state, tables)
        elif kind in (Kind.SUSPEND, Kind.EXIT):
            unclear = self._unclear.pop(event.task, None) if self._unclear else None
            if unclear is not None:
                self._add(unclear, event.place)
        elif kind in (Kind.RESUME, Kind.SLOWED):
            self._resumed_ns = event.t_ns
        elif kind in BLOCKING:
            self._asked[event.thread] = event
        else:
            asked = self._asked.pop(event.thread, None)
            if asked is not None and kind in UNBLOCKING[Kind(asked.kind)]:
                self._stood(asked, event)

    def _stood(self, asked: Event, event: Event) -> None:
        if event.t_ns - asked.t_ns < SHORTEST_NS or asked.task != event.task:
            return
        done = self._done.setdefault(event.thread, deque(maxlen=_MOST))
        place = asked.place or event.place
        done.append(_Operation(asked.kind, asked.obj, place, asked.t_ns, event.t_ns, (asked.n, event.n)))

    def _held(self, event: Event, state: State, tables: Tables) -> None:
        start_ns = event.t_ns - event.a
        done = self._done.pop(event.thread, ())
        if event.a < HELD_NS or self._resumed_ns > start_ns or state.gate_ns:  # it was us who held it up
            return
        operations = _longest([op for op in done if op.start_ns >= start_ns])
        spent_ns = sum(op.end_ns - op.start_ns for op in operations)
        stood = 2 * spent_ns >= event.a
        told, more = max(event.b, 0), _more_waiters(event, start_ns, stood, state, tables)
        waiter, n_waiting = event.obj or next(iter(more), 0), max(told, len(more))
        if not n_waiting:
            return
        if stood:
            first = operations[0]
            variant = "sleeps" if first.kind == Kind.SLEEP else "waits"
            fault = self._fault(variant, first.place, _two(event.task, waiter))
            if fault.counts(event, n_waiting, (*first.events, event.n)):
                fault.spent_ns, fault.kind, fault.obj = spent_ns, first.kind, first.obj
            return
        if event.flags & Flag.BUSY:
            variant = "computes"
        elif (
            event.flags & Flag.STOOD
            and event.a >= UNSEEN_NS
            and not _others_ran(event, start_ns, state, tables)
        ):
            variant = "unseen"
        else:
            return
        if event.task == event.thread:
            self._add(_Unclear(event, variant, 0, waiter, n_waiting), event.place)
        else:
            task = state.tasks.get(event.task)
            after = task.place if task is not None else 0
            self._unclear[event.task] = _Unclear(event, variant, after, waiter, n_waiting)

    def _add(self, unclear: _Unclear, place: int) -> None:
        event = unclear.event
        fault = self._fault(unclear.variant, place or unclear.after, _two(event.task, unclear.waiter))
        if fault.counts(event, unclear.n_waiting, (event.n,)):
            fault.after = unclear.after

    def _fault(self, variant: str, place: int, tasks: tuple[int, ...]) -> _Fault:
        """One for each line; two lines of which nothing else tells them apart are one."""
        fault = self._faults.get((variant, place))
        if fault is None:
            same = (f for f in self._faults.values() if f.variant == variant and f.tasks == tasks)
            fault = next(same, None) or _Fault(tasks, variant, place)
            self._faults[variant, place] = fault
        return fault

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        grown = [fault for fault in self._faults.values() if fault.grown]
        for fault in grown:
            fault.grown = False
        return [_finding(fault, now_ns) for fault in grown] or None


def _two(task: int, waiter: int) -> tuple[int, ...]:
    return (task, waiter) if waiter else (task,)


def _longest(operations: list[_Operation]) -> list[_Operation]:
    """Those of one kind at one place that took longest together."""
    groups: dict[tuple[int, int, int], list[_Operation]] = {}
    for operation in operations:
        groups.setdefault((operation.kind, operation.obj, operation.place), []).append(operation)
    return max(groups.values(), key=lambda group: sum(op.end_ns - op.start_ns for op in group), default=[])


def _more_waiters(event: Event, start_ns: int, stood: bool, state: State, tables: Tables) -> list[int]:
    """Tasks that had let others run before the step began, and, if it stood still, those that it had made."""
    made_by_ns = event.t_ns - HELD_NS if stood else start_ns
    return [
        id_
        for id_, task in state.tasks.items()
        if (
            (task.run is Run.READY and task.since_ns <= start_ns)
            or (task.run is Run.CREATED and start_ns <= task.since_ns < made_by_ns)
        )
        and id_ != event.task
        and (info := tables.tasks.get(id_)) is not None
        and info.kind == "asyncio"
        and info.parent == event.thread
    ]


def _others_ran(event: Event, start_ns: int, state: State, tables: Tables) -> bool:
    """Was another thread of the process not standing still all the time?  It may have had the GIL."""
    me = tables.tasks.get(event.thread)
    for id_, task in state.tasks.items():
        info = tables.tasks.get(id_)
        if info is None or me is None or info.kind != "thread" or info.process != me.process:
            continue
        if id_ == event.thread or (task.run.ended and task.end_ns < start_ns):
            continue
        if task.wait is None or task.since_ns > start_ns:
            return True
    return False


def _finding(fault: _Fault, now_ns: int) -> Finding:
    return Finding(
        kind="blocking_call",
        severity="warning",
        variant=fault.variant,
        values=(
            ("place", str(fault.place)),
            ("after", str(fault.after)),
            ("held_ns", str(fault.longest_ns)),
            ("spent_ns", str(fault.spent_ns)),
            ("n", str(fault.n)),
            ("n_waiting", str(fault.n_waiting)),
            ("kind", str(fault.kind)),
            ("obj", str(fault.obj)),
            ("callback", str(int(fault.callback))),
        ),
        tasks=fault.tasks,
        places=tuple(dict.fromkeys(place for place in (fault.after, fault.place) if place)),
        evidence=fault.evidence,
        t_ns=now_ns,
    )

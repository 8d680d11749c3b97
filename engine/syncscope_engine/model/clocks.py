"""What happened before what: vector clocks over the hand-offs of the tape.

Each task has a number of its own (its *epoch*), which grows whenever it hands something on, and knows up to
which epoch of each other task everything has happened before its own present.  What it knows is a dictionary that
is shared, not copied, until somebody learns more.

Where the tape does not say from whom a task was handed something (an asyncio task that awaits a future, an
item whose putting is not on the tape yet), the task is taken to know everything up to now: the order that is
claimed may be more than there is, never less.  For the same reason it is noted in which stretches of time
operations were counted but not recorded: `is_complete`.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from ..events import Awaited, Event, Got, Kind
from ..tables import Tables
from .entities import SAMPLED
from .state import State

_UNKNOWN_SOURCE = frozenset(
    {Awaited.TASKS, Awaited.FUTURE, Awaited.OTHER, Awaited.CLEANUP, Awaited.RESOURCE, Awaited.IO}
)
_HAND_ON = frozenset(
    {Kind.SPAWN, Kind.NOTIFY, Kind.SET, Kind.PUT, Kind.TASK_DONE, Kind.SUBMIT, Kind.RESOLVED}
)
_RECEIVE = frozenset({Kind.WOKE, Kind.GET, Kind.QUEUE_JOINED, Kind.PICKED, Kind.RESULT})
_KINDS = _HAND_ON | _RECEIVE | {
    Kind.ACQUIRED, Kind.RELEASE, Kind.WAIT, Kind.START, Kind.EXIT, Kind.JOINED, Kind.STEP, Kind.SUSPEND,
    Kind.CALL, Kind.CALLED, Kind.STATE, Kind.GAP,
}  # fmt: skip
ACQUIRED, RELEASE = int(Kind.ACQUIRED), int(Kind.RELEASE)
_OF_LOCKS = frozenset({ACQUIRED, RELEASE})
_MOST_KNOWN = 64
"""Who knows of more tasks than this is taken to know everything: the cost of an event stays bounded."""
_MOST_GIVEN = 100_000
_MOST_GAPS = 10_000
_MOST_ENDED = 1000
"""What a task knew at its end is kept for whoever joins it, until so many others have ended."""
_NOTHING: dict[int, int] = {}


class Stamp(NamedTuple):
    """A moment of a task."""

    task: int
    epoch: int
    n: int  # number of the last event before it


@dataclass(slots=True)
class View:
    """What a task knows at some moment, or what was handed on at that moment."""

    task: int = 0  # whose moment; 0 = of several tasks
    epoch: int = 1
    known: dict[int, int] = field(default_factory=dict)  # of other tasks: up to which epoch
    before: int = 0  # every event up to this number is known
    shared: bool = False  # others refer to `known` too

    def knows(self, stamp: Stamp) -> bool:
        return stamp.n <= self.before or self._knows(stamp.task, stamp.epoch)

    def _knows(self, task: int, epoch: int) -> bool:
        return (task == self.task and epoch <= self.epoch) or self.known.get(task, 0) >= epoch

    def copy(self) -> "View":
        self.shared = True
        return View(self.task, self.epoch, self.known, self.before, True)

    def learn(self, other: "View", n: int) -> None:
        """From the event `n` on, all that `other` knows is known here too."""
        if other.before > self.before:
            self.before = other.before
        if other.task and self._knows(other.task, other.epoch):
            return  # and with it all that was known then
        if self.shared:
            self.known, self.shared = dict(self.known), False
        known = self.known
        if other.known is not known:
            get = known.get
            known.update({task: epoch for task, epoch in other.known.items() if get(task, 0) < epoch})
        if other.task:
            known[other.task] = other.epoch
        if len(known) > _MOST_KNOWN:
            self.known, self.before = {}, n


class Clocks:
    """`locks`: does who takes a lock know what happened before it was released?"""

    def __init__(self, locks: bool) -> None:
        self.kinds: frozenset[int] = _KINDS
        self._locks = locks
        self._views: dict[int, View] = {}
        self._given: dict[tuple[int, int], View] = {}  # (object, kind of hand-off) -> what its taker learns
        self._suspended: dict[int, tuple[int, int]] = {}  # asyncio task -> (what it awaits, how)
        self._orders: dict[int, bool] = {}  # lock or semaphore -> is it a signal
        self._ended: deque[int] = deque()
        self._last_ns: dict[int, int] = {}  # resource -> time of its last record
        self._gaps: list[tuple[int, int]] = []  # stretches without complete records, by their ends

    def stamp(self, task: int, n: int, tables: Tables) -> Stamp:
        return Stamp(task, self.view(task, n, tables).epoch, n)

    def knows(self, task: int, stamp: Stamp, tables: Tables) -> bool:
        return stamp.task == task or self.view(task, stamp.n, tables).knows(stamp)

    def is_complete(self, start_ns: int, end_ns: int) -> bool:
        """Was everything recorded in this stretch of time, as far as is known by now?"""
        for gap_start, gap_end in reversed(self._gaps):
            if gap_end < start_ns:
                return True
            if gap_start <= end_ns:
                return False
        return True

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        kind = event.kind
        if kind in _OF_LOCKS:
            if not self._locks:
                orders = self._orders.get(event.obj)
                if orders is None:
                    orders = self._orders[event.obj] = _is_signal(event.obj, tables)
                if not orders:
                    return
            self._notice(event)
            if kind == ACQUIRED:
                self._take(event, RELEASE, tables, may_be_new=True)
            else:
                self._give(event, RELEASE, tables)
        elif kind in _HAND_ON:
            if kind != Kind.SPAWN:
                self._notice(event)
            self._give(event, kind, tables)
        elif kind in _RECEIVE:
            self._notice(event)
            self._receives(event, state, tables)
        elif kind == Kind.STEP:
            self._steps(event, tables)
        elif kind == Kind.SUSPEND:
            self._suspended[event.task] = event.obj, event.b
        elif kind == Kind.START:
            self._take(event, Kind.SPAWN, tables, forget=True)
        elif kind == Kind.EXIT:
            self._ends(event, tables)
            self._forget(event)
        elif kind == Kind.JOINED:
            if event.b:
                self._learn(self.view(event.task, event.n, tables), event.obj, event.n, tables)
        elif kind == Kind.CALL:
            self._give(event, -event.a, tables)
        elif kind == Kind.CALLED:
            self._take(event, -event.a, tables, forget=True)
        elif kind == Kind.GAP:
            self._incomplete(0, event.t_ns)
        elif kind == Kind.WAIT:
            if event.obj in tables.resources and tables.resources[event.obj].kind == "barrier":
                self._give(event, Kind.WAIT, tables)
        elif (info := tables.resources.get(event.obj)) is not None and info.kind != "variable":
            self._incomplete(self._last_ns.get(event.obj, 0), event.t_ns)

    # hand-offs

    def view(self, task: int, n: int, tables: Tables) -> View:
        """What `task` knows now; goes on changing."""
        view = self._views.get(task)
        if view is None:
            view = self._views[task] = View(task)
            info = tables.tasks.get(task)
            process = info.process if info is not None and info.kind == "thread" else 0
            if process and process != task:  # the main thread of a process begins with it
                self._learn(view, process, n, tables)
        return view

    def _learn(self, view: View, other: int, n: int, tables: Tables) -> None:
        """`view` learns all that the task `other` knows at its end, or now."""
        source = self.view(other, n, tables)
        view.learn(source, n)
        source.epoch += 1

    def _give(self, event: Event, kind: int, tables: Tables) -> None:
        key = event.obj, kind
        mine = self.view(event.task, event.n, tables)
        given = self._given.get(key)
        if given is None or (given.task and mine.knows(Stamp(given.task, given.epoch, event.n))):
            self._given[key] = mine.copy()
            if len(self._given) > _MOST_GIVEN:
                del self._given[next(iter(self._given))]
        else:
            if given.task:
                given.known = {**given.known, given.task: given.epoch}
                given.task, given.shared = 0, False
            given.learn(mine, event.n)
        mine.epoch += 1

    def _take(
        self, event: Event, kind: int, tables: Tables, *, may_be_new: bool = False, forget: bool = False
    ) -> None:
        """`may_be_new`: without a hand-off on the tape there was none."""
        key = event.obj, kind
        given = self._given.pop(key, None) if forget else self._given.get(key)
        mine = self.view(event.task, event.n, tables)
        if given is not None:
            mine.learn(given, event.n)
        elif not may_be_new:
            mine.before = event.n - 1

    def _receives(self, event: Event, state: State, tables: Tables) -> None:
        kind = event.kind
        resource = state.resources.get(event.obj)
        if kind == Kind.WOKE:
            what = tables.resources[event.obj].kind if event.obj in tables.resources else ""
            if event.b != 1:
                return
            if what == "barrier":
                if not event.a:  # the last, which lets the others go on
                    self._give(event, Kind.WAIT, tables)
                self._take(event, Kind.WAIT, tables)
            elif what == "event" and not (resource and resource.value):
                self.view(event.task, event.n, tables).before = event.n - 1
            else:
                self._take(event, Kind.SET if what == "event" else Kind.NOTIFY, tables)
        elif kind == Kind.GET:
            if resource is None or resource.n_released > resource.n_acquired:
                # the record of its putting is still to come
                self.view(event.task, event.n, tables).before = event.n - 1
            self._take(event, Kind.PUT, tables)
        elif kind == Kind.QUEUE_JOINED:
            self._take(event, Kind.TASK_DONE, tables, may_be_new=True)
        elif kind == Kind.PICKED:
            self._take(event, Kind.SUBMIT, tables, forget=True)
        elif event.b != Got.TIMED_OUT:
            self._take(event, Kind.RESOLVED, tables)

    def _steps(self, event: Event, tables: Tables) -> None:
        """A task that goes on knows what led to it; mostly the tape does not say what that was."""
        awaited, how = self._suspended.get(event.task, (0, Awaited.SLEEP))
        if how == Awaited.TASK:
            self._learn(self.view(event.task, event.n, tables), awaited, event.n, tables)
        elif how in _UNKNOWN_SOURCE and not awaited:
            self.view(event.task, event.n, tables).before = event.n - 1

    def _ends(self, event: Event, tables: Tables) -> None:
        """The thread of an asyncio task, and a process, know what happened in them."""
        info = tables.tasks.get(event.obj)
        outer = tables.tasks.get(info.parent) if info is not None else None
        if info is None or outer is None or info.kind == "process":
            return
        if info.kind == "asyncio" or outer.parent:
            self._learn(self.view(outer.id, event.n, tables), event.obj, event.n, tables)

    def _forget(self, event: Event) -> None:
        self._suspended.pop(event.obj, None)
        self._given.pop((event.obj, Kind.SPAWN), None)
        self._ended.append(event.obj)
        if len(self._ended) > _MOST_ENDED:
            view = self._views.get(self._ended.popleft())
            if view is not None:
                view.known, view.shared, view.before = _NOTHING, True, event.n

    # what is missing

    def _notice(self, event: Event) -> None:
        if event.flags & SAMPLED:
            self._incomplete(self._last_ns.get(event.obj, 0), event.t_ns)
        self._last_ns[event.obj] = event.t_ns

    def _incomplete(self, start_ns: int, end_ns: int) -> None:
        while self._gaps and self._gaps[-1][1] >= start_ns:
            start_ns = min(start_ns, self._gaps.pop()[0])
        self._gaps.append((start_ns, end_ns))
        if len(self._gaps) > _MOST_GAPS:
            self._gaps[:2] = [(self._gaps[0][0], self._gaps[1][1])]


def _is_signal(resource: int, tables: Tables) -> bool:
    """A semaphore without permits at the start is no limit: who gets one was told something."""
    info = tables.resources.get(resource)
    return info is not None and info.kind == "semaphore" and not info.capacity

"""A notification came when nobody waited, and who came later waits for it for ever.

Every correct use of a condition has notifications that nobody hears: whoever comes next looks at the state
first and does not wait.  So an unheard notification counts only as long as nobody has looked: has entered
and left the condition's lock without waiting.  And it is told only when the whole program stands still.
"""

from dataclasses import dataclass, field

from ..events import Event, Kind
from ..model.entities import IN_CONDITION, REENTRANT, SAMPLED
from ..model.state import State
from ..tables import Tables
from .base import Finding, Recheck
from .stillness import everyone_is_stuck, may_be_running, may_be_signalled

QUIET_NS = 500_000_000


@dataclass(slots=True)
class _Unheard:
    notifier: int
    event: int
    place: int


@dataclass(slots=True)
class _Section:
    """A task between acquiring a condition's lock and releasing it."""

    task: int
    waited: bool  # waits, or has just been woken: it takes what it was notified of
    notified: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Condition:
    notifiers: set[int] = field(default_factory=set)
    waiters: set[int] = field(default_factory=set)
    unheard: list[_Unheard] = field(default_factory=list)


class LostWakeup:
    kinds: frozenset[int] = frozenset(
        {Kind.ACQUIRED, Kind.RELEASE, Kind.WAIT, Kind.NOTIFY, Kind.GAP, Kind.RESUME}
    )

    def __init__(self, live: bool = True) -> None:
        self._live = live
        self._conditions: dict[int, _Condition] = {}
        self._conditions_of: dict[int, list[int]] = {}  # lock -> conditions
        self._sections: dict[int, _Section] = {}  # lock -> who is inside
        self._resumed_ns = 0
        self._told: set[int] = set()

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        kind = event.kind
        if kind == Kind.ACQUIRED or kind == Kind.RELEASE:
            if event.obj in self._conditions_of and not event.flags & REENTRANT:
                self._lock_changes(event)
        elif kind == Kind.GAP:
            for condition in self._conditions.values():
                condition.unheard.clear()
        elif kind == Kind.RESUME:
            self._resumed_ns = event.t_ns
        else:
            self._signal(event, tables)

    def _lock_changes(self, event: Event) -> None:
        again = bool(event.flags & IN_CONDITION)
        if event.flags & SAMPLED:
            self._forget(event.obj, frozenset())  # somebody may have looked without a record
        if event.kind == Kind.ACQUIRED:
            self._sections[event.obj] = _Section(event.task, waited=again)
            return
        section = self._sections.pop(event.obj, None)
        if section is not None and not section.waited and not again:
            self._forget(event.obj, section.notified)

    def _forget(self, lock: int, notified: set[int] | frozenset[int]) -> None:
        for id_ in self._conditions_of.get(lock, ()):
            if id_ not in notified:
                self._conditions[id_].unheard.clear()

    def _signal(self, event: Event, tables: Tables) -> None:
        info = tables.resources.get(event.obj)
        if info is None or info.kind != "condition":
            return
        condition = self._conditions.get(event.obj)
        if condition is None:
            condition = self._conditions[event.obj] = _Condition()
            self._conditions_of.setdefault(info.lock, []).append(event.obj)
            # who is inside came before the lock was watched
            self._sections.setdefault(info.lock, _Section(event.task, waited=False))
        section = self._sections.get(info.lock)
        if event.kind == Kind.WAIT:
            condition.waiters.add(event.task)
            if section is not None:
                section.waited = True
            return
        condition.notifiers.add(event.task)
        if section is not None:
            section.notified.add(event.obj)
        if event.a == 0:
            condition.unheard.append(_Unheard(event.task, event.n, event.place))

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | Recheck | None:
        if final or state.paused or not any(c.unheard for c in self._conditions.values()):
            return None
        quiet_at = max(state.t_ns, self._resumed_ns) + QUIET_NS
        if now_ns < quiet_at:
            return Recheck(quiet_at)
        stuck = everyone_is_stuck(state, tables)
        if not stuck or (self._live and may_be_signalled(state, tables)):
            return None
        if self._live and may_be_running(state, tables):
            return Recheck(now_ns + QUIET_NS)
        found = []
        for id_, condition in self._conditions.items():
            if id_ in self._told:
                continue
            finding = self._judge(id_, condition, state, now_ns)
            if finding is not None:
                self._told.add(id_)
                found.append(finding)
        return found or None

    @staticmethod
    def _judge(id_: int, condition: _Condition, state: State, now_ns: int) -> Finding | None:
        waiting = [task for task in state.tasks.values() if task.wait is not None and task.wait.obj == id_]
        waiting = [task for task in waiting if task.id not in condition.notifiers]
        for unheard in reversed(condition.unheard):
            if unheard.notifier in condition.waiters:
                continue
            late = [task for task in waiting if task.wait is not None and task.wait.event > unheard.event]
            if not late:
                continue
            late.sort(key=lambda task: task.wait.event if task.wait is not None else 0)
            place = late[0].place
            return Finding(
                kind="lost_wakeup",
                severity="error",
                variant="lost",
                values=(("notify_place", str(unheard.place)), ("wait_place", str(place))),
                tasks=(*(task.id for task in late), unheard.notifier),
                resources=(id_,),
                places=tuple(dict.fromkeys(p for p in (unheard.place, place) if p)),
                evidence=(unheard.event, *(task.wait.event for task in late if task.wait is not None)),
                t_ns=now_ns,
            )
        return None

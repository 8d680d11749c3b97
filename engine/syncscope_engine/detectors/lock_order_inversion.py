"""Locks that different tasks take in opposite orders: a deadlock that has only not happened yet, or has.

An acquisition with a time limit, or without any waiting, cannot wait for good and is no part of a ring.
What else makes a ring impossible: see `model.lock_order`.
"""

from ..events import Event, Kind
from ..model.clocks import Clocks, Stamp
from ..model.entities import REENTRANT, TIMED
from ..model.lock_order import Edge, LockOrder
from ..model.state import State
from ..tables import Tables
from .base import Finding, Recheck
from .source import may_time_out

HELD_BACK_NS = 300_000_000
"""So long it is waited for the deadlock itself, which is told first."""
_LOCKS = frozenset({"lock", "rlock"})


class LockOrderInversion:
    kinds: frozenset[int] = frozenset(
        {Kind.ACQUIRE, Kind.ACQUIRED, Kind.RELEASE, Kind.WAIT, Kind.STATE, Kind.GAP}
    )

    def __init__(self, clocks: Clocks) -> None:
        """`clocks`: without locks, which order by chance only."""
        self._clocks = clocks
        self._order = LockOrder()
        self._held: dict[int, dict[int, tuple[int, int]]] = {}
        """Task -> lock -> (event, place) of its acquisition.  As recorded: the state also knows of owners from
        waiters and state words, which may be a moment too early or too late."""
        self._owners: dict[int, int] = {}
        self._gates: set[int] = set()  # semaphores of one permit
        self._blind = False  # records were lost: who holds what is not known any more
        self._found: list[list[Edge]] = []
        self._since_ns = 0

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        self._blind = self._blind or event.kind == Kind.GAP
        info = tables.resources.get(event.obj)
        if info is None or self._blind:
            return
        if event.kind == Kind.WAIT:
            self._drop(info.lock)
            return
        if info.kind == "semaphore" and info.capacity == 1:
            self._gates.add(event.obj)
        elif info.kind not in _LOCKS:
            return
        if event.kind == Kind.STATE:
            if event.a != self._owners.get(event.obj):
                self._drop(event.obj)
        elif event.flags & REENTRANT:
            return
        elif event.kind == Kind.RELEASE:
            self._drop(event.obj)
        else:
            actor = event.task if info.asyncio else event.thread
            held = self._held.get(event.task) or {}
            if event.thread != event.task:
                held = held | (self._held.get(event.thread) or {})
            if held and not event.flags & TIMED and info.kind in _LOCKS:
                for lock in held.keys() - self._gates:
                    if lock != event.obj:
                        self._edge(lock, event, held, actor, tables)
            if event.kind == Kind.ACQUIRED:
                self._drop(event.obj)
                self._owners[event.obj] = actor
                self._held.setdefault(actor, {})[event.obj] = event.n, event.place

    def _drop(self, lock: int) -> None:
        owner = self._owners.pop(lock, 0)
        if owner:
            self._held.get(owner, {}).pop(lock, None)

    def _edge(
        self, lock: int, event: Event, held: dict[int, tuple[int, int]], actor: int, tables: Tables
    ) -> None:
        if not self._order.is_news(lock, event.obj, actor, event.place, event.t_ns):
            return
        view = self._clocks.view(event.task, event.n, tables)
        number, place = held[lock]
        edge = Edge(
            lock,
            event.obj,
            actor,
            place,
            event.place,
            frozenset(held) - {lock, event.obj},
            Stamp(view.task, view.epoch, event.n),
            view.copy(),
            (number, event.n),
        )
        ring = self._order.add(edge, event.t_ns)
        if ring:
            self._since_ns = self._since_ns if self._found else event.t_ns
            self._found.append(ring)

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | Recheck | None:
        if not self._found:
            return None
        due_ns = self._since_ns + HELD_BACK_NS
        if now_ns < due_ns and not final:
            return Recheck(due_ns)
        found = [_finding(ring, now_ns) for ring in self._found if _may_wait_for_good(ring, tables)]
        self._found.clear()
        return found or None


def _may_wait_for_good(ring: list[Edge], tables: Tables) -> bool:
    """Locks of asyncio are asked for without a limit; one around them does not show."""
    return not any(tables.resources[edge.wanted].asyncio for edge in ring) or not may_time_out(tables)


def _finding(ring: list[Edge], now_ns: int) -> Finding:
    first = min(range(len(ring)), key=lambda i: ring[i].held)
    ring = ring[first:] + ring[:first]
    places = [place for edge in ring for place in (edge.held_place, edge.place) if place]
    return Finding(
        kind="lock_order_inversion",
        severity="warning",
        variant="ring",
        values=tuple(("edge", edge.text()) for edge in ring),
        tasks=tuple(dict.fromkeys(edge.task for edge in ring)),
        resources=tuple(edge.held for edge in ring),
        places=tuple(dict.fromkeys(places)),
        evidence=tuple(sorted({number for edge in ring for number in edge.evidence if number})),
        basis="inferred",
        t_ns=now_ns,
    )

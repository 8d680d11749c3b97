"""The lock-order graph: which locks were asked for while which others were held, and the rings in it.

An edge `a → b` says that a task asked for `b` while it held `a`.  A ring of edges counts when it could close in
one run: each edge by another task, no lock that all of two of them hold besides (a gate), and none of them in an
order by start, join or any other hand-off.  Most new edges close no ring: that is tested first, and only then
is a ring of edges searched for, in bounded time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .clocks import Stamp, View

_MOST_VARIANTS = 8
_MOST_STEPS = 2_000
_LONGEST = 16
_AGAIN_NS = 20_000_000


@dataclass(slots=True)
class Edge:
    held: int
    wanted: int
    task: int
    held_place: int
    place: int
    guards: frozenset[int]  # what else the task held
    stamp: Stamp
    view: View
    evidence: tuple[int, int]

    def may_meet(self, other: "Edge") -> bool:
        return (
            self.task != other.task
            and self.guards.isdisjoint(other.guards)
            and not self.view.knows(other.stamp)
            and not other.view.knows(self.stamp)
        )

    def text(self) -> str:
        return f"{self.task},{self.held},{self.held_place},{self.wanted},{self.place}"


class LockOrder:
    def __init__(self) -> None:
        self._after: dict[int, dict[int, dict[tuple[int, int], Edge]]] = {}
        self._in_rings: set[int] = set()
        self._searched_ns = 0
        self._told: list[frozenset[int]] = []

    def is_news(self, held: int, wanted: int, actor: int, place: int, t_ns: int) -> bool:
        """Could `add` learn from this edge?  Not if it closed no ring before, and no ring has come since."""
        variants = self._after.get(held, {}).get(wanted)
        if variants is None:
            return True
        if (actor, place) not in variants:
            return len(variants) < _MOST_VARIANTS
        in_ring = held in self._in_rings and wanted in self._in_rings
        return in_ring and t_ns - self._searched_ns >= _AGAIN_NS

    def add(self, edge: Edge, t_ns: int) -> list[Edge]:
        """The ring that the edge closes, when that has not been told yet; else nothing."""
        after = self._after.setdefault(edge.held, {})
        is_new = edge.wanted not in after
        variants = after.setdefault(edge.wanted, {})
        before = variants.get((edge.task, edge.place))
        if before is not None:  # a lock whose taking was not recorded this time is a guard all the same
            edge.guards |= before.guards
        variants[edge.task, edge.place] = edge
        if is_new and not self._closes_ring(edge.held, edge.wanted):
            return []
        if not is_new and edge.held not in self._in_rings:
            return []
        self._searched_ns = t_ns
        return self._search(edge)

    def _closes_ring(self, held: int, wanted: int) -> bool:
        forwards = _reached(wanted, self._after)
        if held not in forwards:
            return False
        before: dict[int, set[int]] = {}
        for a, following in self._after.items():
            for b in following:
                before.setdefault(b, set()).add(a)
        self._in_rings |= forwards & _reached(held, before)
        return True

    def _search(self, first: Edge) -> list[Edge]:
        steps = _MOST_STEPS
        todo: list[list[Edge]] = [[first]]
        while todo and steps:
            steps -= 1
            path = todo.pop(0)
            for edge in self._edges_from(path[-1].wanted):
                if not all(edge.may_meet(other) for other in path):
                    continue
                if edge.wanted == first.held:
                    ring = frozenset(e.held for e in (*path, edge))
                    if any(ring >= told for told in self._told):
                        return []
                    self._told.append(ring)
                    return [*path, edge]
                if len(path) < _LONGEST and all(edge.wanted != e.held for e in path):
                    todo.append([*path, edge])
        return []

    def _edges_from(self, lock: int) -> Iterator[Edge]:
        for wanted, variants in self._after.get(lock, {}).items():
            if wanted in self._in_rings:
                yield from variants.values()


def _reached(start: int, following: Mapping[int, Iterable[int]]) -> set[int]:
    reached: set[int] = set()
    todo = [start]
    while todo:
        lock = todo.pop()
        if lock not in reached:
            reached.add(lock)
            todo += following.get(lock, ())
    return reached

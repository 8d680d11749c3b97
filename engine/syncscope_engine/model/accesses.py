"""Who read and wrote watched variables, and when: the past of every task as moments, not stretches.

Grows only at its end, like `Spans`, so that another thread may read it while it grows.
"""

from bisect import bisect_left
from collections.abc import Collection
from typing import NamedTuple

from ..events import Event, Flag, Kind
from ..tables import Tables
from .state import State


class Access(NamedTuple):
    t_ns: int
    variable: int
    value: int  # 0 when it is not a small integer
    writes: bool
    stale: bool  # a write from a value that was no longer the newest


class Accesses:
    kinds: frozenset[int] = frozenset({Kind.READ, Kind.WRITE})

    def __init__(self) -> None:
        self._times: dict[int, list[int]] = {}
        self._accesses: dict[int, list[Access]] = {}
        self._stale: dict[int, list[int]] = {}  # task -> places of its stale writes
        self.broken: set[int] = set()  # variables with a stale write

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        accesses = self._accesses.setdefault(event.task, [])
        stale = bool(event.flags & Flag.STALE)
        if stale:
            self._stale.setdefault(event.task, []).append(len(accesses))
            self.broken.add(event.obj)
        accesses.append(Access(event.t_ns, event.obj, event.a, event.kind == Kind.WRITE, stale))
        self._times.setdefault(event.task, []).append(event.t_ns)

    def by_column(
        self, task: int, start_ns: int, column_ns: int, width: int, variables: Collection[int]
    ) -> dict[int, Access]:
        """What to tell of each column of a page: its first stale write, else its last write, else its last read.

        Looks at no more than a few accesses for each column, however many there are.
        """
        times = self._times.get(task)
        if not times:
            return {}
        accesses, stale = self._accesses[task], self._stale.get(task, [])
        found: dict[int, Access] = {}
        at = bisect_left(times, start_ns)
        while at < len(times):
            column = (times[at] - start_ns) // column_ns
            if column >= width:
                break
            end = bisect_left(times, start_ns + (column + 1) * column_ns, at)
            first_stale = bisect_left(stale, at)
            if first_stale < len(stale) and stale[first_stale] < end:
                found[column] = accesses[stale[first_stale]]
            else:
                last = [a for a in reversed(accesses[max(at, end - 8) : end]) if a.variable in variables]
                if last:
                    found[column] = next((a for a in last if a.writes), last[0])
            at = end
        return found

"""Who read and wrote watched variables, and when: the past of every task as moments, not stretches.

Grows only at its end, like `Spans`, so that another thread may read it while it grows.  Kept in columns of
plain numbers, some 20 bytes an access: there may be as many as there are events.
"""

from array import array
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


_WRITES, _STALE = 1, 2


class _Lane:
    """The accesses of one task.  `times` is the last to grow: what it has, the other columns have."""

    __slots__ = ("flags", "stale", "times", "values", "variables")

    def __init__(self) -> None:
        self.times = array("q")
        self.variables = array("I")
        self.values = array("q")
        self.flags = bytearray()
        self.stale = array("Q")  # places of stale writes in the other columns

    def get(self, i: int) -> Access:
        flags = self.flags[i]
        return Access(
            self.times[i], self.variables[i], self.values[i], bool(flags & _WRITES), bool(flags & _STALE)
        )


class Accesses:
    kinds: frozenset[int] = frozenset({Kind.READ, Kind.WRITE})

    def __init__(self) -> None:
        self._lanes: dict[int, _Lane] = {}
        self.broken: set[int] = set()  # variables with a stale write

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        lane = self._lanes.get(event.task)
        if lane is None:
            lane = self._lanes[event.task] = _Lane()
        flags = _WRITES if event.kind == Kind.WRITE else 0
        if event.flags & Flag.STALE:
            flags |= _STALE
            lane.stale.append(len(lane.times))
            self.broken.add(event.obj)
        lane.variables.append(event.obj)
        lane.values.append(event.a)
        lane.flags.append(flags)
        lane.times.append(event.t_ns)

    def by_column(
        self, task: int, start_ns: int, column_ns: int, width: int, variables: Collection[int]
    ) -> dict[int, Access]:
        """What to tell of each column of a page: its first stale write, else its last write, else its last read.

        Looks at no more than a few accesses for each column, however many there are.
        """
        lane = self._lanes.get(task)
        if lane is None:
            return {}
        times, stale = lane.times, lane.stale
        found: dict[int, Access] = {}
        at = bisect_left(times, start_ns)
        while at < len(times):
            column = (times[at] - start_ns) // column_ns
            if column >= width:
                break
            end = bisect_left(times, start_ns + (column + 1) * column_ns, at)
            first_stale = bisect_left(stale, at)
            if first_stale < len(stale) and stale[first_stale] < end:
                found[column] = lane.get(stale[first_stale])
            else:
                newest = (lane.get(i) for i in range(end - 1, max(at, end - 8) - 1, -1))
                last = [access for access in newest if access.variable in variables]
                if last:
                    found[column] = next((a for a in last if a.writes), last[0])
            at = end
        return found

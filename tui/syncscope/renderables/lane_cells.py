"""From the past of one task to the cells of its lane: what happened in each column, however much it was.

A column is a stretch of time; every state that the task was in during it is kept, be it for a nanosecond.
Each span is looked at once: what the tape can no longer change is sealed, only the rest is made anew.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from syncscope_engine.events import Kind
from syncscope_engine.model.holds import Holds
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import Run

RUNS: tuple[Run, ...] = tuple(Run)
_INDEX = {run: i for i, run in enumerate(RUNS)}
_ACTIVE = (_INDEX[Run.RUNNING], _INDEX[Run.READY])
_BLOCKED = _INDEX[Run.BLOCKED]

# flags beside a cell
HOLDS = 1  # holds a lock or a permit
HOLDS_IT = 2  # holds the resource that is looked at
WAITS_IT = 4  # waits for it


class Cell(NamedTuple):
    """What one column shows.  Shares are eighths of the time that is known; more than none is never 0."""

    runs: tuple[Run, ...] = ()  # every state in it, the longest first; empty: the task did not exist
    blocked: int = 0
    active: int = 0  # running or ready


EMPTY = Cell()


@cache
def pure(run: Run) -> Cell:
    return Cell((run,), 8 * (run is Run.BLOCKED), 8 * (run in (Run.RUNNING, Run.READY)))


@cache
def _mixed(runs: tuple[Run, ...], blocked: int, active: int) -> Cell:
    return Cell(runs, blocked, active)


def mixed(shares: Sequence[int]) -> Cell:
    """The cell of a column in which the task spent `shares` nanoseconds in each of `RUNS`."""
    present = [i for i, share in enumerate(shares) if share]
    if not present:
        return EMPTY
    if len(present) == 1:
        return pure(RUNS[present[0]])
    present.sort(key=lambda i: -shares[i])
    total = sum(shares)
    active = shares[_ACTIVE[0]] + shares[_ACTIVE[1]]
    return _mixed(tuple(RUNS[i] for i in present), _eighths(shares[_BLOCKED], total), _eighths(active, total))


def _eighths(part: int, total: int) -> int:
    if not part or part == total:
        return 8 * (part == total)
    return max(1, min(7, round(8 * part / total)))


class LaneCells:
    """One task on one page: `cells` and `flags` of its columns from the page's first one to the pen."""

    def __init__(
        self, task: int, start_ns: int, ns_per_column: int, aim: frozenset[int] = frozenset()
    ) -> None:
        self.cells: list[Cell] = []
        self.flags = bytearray()
        self._task = task
        self._start_ns = start_ns
        self._column_ns = ns_per_column
        self._aim = aim  # the resource that is looked at, and the lock inside it
        self._sealed_ns = start_ns
        self._n_sealed = 0  # cells that are complete and will not change
        self._shares = [0] * len(RUNS)  # of the column that the seal is in
        self._sealed_flags = bytearray()

    def update(self, spans: Spans, holds: Holds, sealed_ns: int, now_ns: int) -> int:
        """Take in what is new.  The tape up to `sealed_ns` does not change any more; the clock shows `now_ns`.

        Returns the first column that may differ from before.
        """
        first = self._n_sealed
        del self.cells[first:]
        flags = self._sealed_flags
        sealed_ns = min(sealed_ns, now_ns)
        if sealed_ns > self._sealed_ns:
            self._fill(self._shares, spans, self._sealed_ns, sealed_ns, flags)
            self._flag(holds, self._sealed_ns, sealed_ns, flags)
            self._n_sealed = len(self.cells)
            self._sealed_ns = sealed_ns
        shares = self._shares.copy()
        self.flags = flags.copy()
        if now_ns > self._sealed_ns:
            self._fill(shares, spans, self._sealed_ns, now_ns, self.flags)
            self._flag(holds, self._sealed_ns, now_ns, self.flags)
        if any(shares) or now_ns > self._start_ns + len(self.cells) * self._column_ns:
            self.cells.append(mixed(shares))
        self.flags.extend(bytes(max(len(self.cells) - len(self.flags), 0)))
        return first

    def _fill(self, shares: list[int], spans: Spans, start_ns: int, end_ns: int, flags: bytearray) -> None:
        """Add the spans of [start_ns, end_ns); columns that get full become cells and clear `shares`."""
        at_ns = start_ns
        for span in spans.between(self._task, start_ns, end_ns):
            if span.start_ns > at_ns:
                self._spend(shares, None, at_ns, span.start_ns)
            # who waits for the end of a task is idle, not held up: drawn as calmly as sleep
            joins = span.wait is not None and span.wait.kind == Kind.JOIN
            run = Run.SLEEPING if joins else span.run
            self._spend(shares, _INDEX[run], span.start_ns, span.end_ns)
            at_ns = span.end_ns
            if self._aim and span.wait is not None and span.wait.obj in self._aim:
                self._mark(flags, WAITS_IT, span.start_ns, span.end_ns)
        if at_ns < end_ns:
            self._spend(shares, None, at_ns, end_ns)

    def _spend(self, shares: list[int], run: int | None, start_ns: int, end_ns: int) -> None:
        cells, column_ns = self.cells, self._column_ns
        full_ns = self._start_ns + (len(cells) + 1) * column_ns
        if end_ns < full_ns:
            if run is not None:
                shares[run] += end_ns - start_ns
            return
        if run is not None:
            shares[run] += full_ns - start_ns
        cells.append(mixed(shares))
        shares[:] = bytes(len(shares))
        n, rest = divmod(end_ns - full_ns, column_ns)
        if n:
            cells.extend([EMPTY if run is None else pure(RUNS[run])] * n)
        if run is not None:
            shares[run] = rest

    def _flag(self, holds: Holds, start_ns: int, end_ns: int, flags: bytearray) -> None:
        for held in holds.between(self._task, start_ns, end_ns):
            self._mark(flags, HOLDS, held.start_ns, held.end_ns)
            if not self._aim.isdisjoint(held.resources):
                self._mark(flags, HOLDS_IT, held.start_ns, held.end_ns)

    def _mark(self, flags: bytearray, flag: int, start_ns: int, end_ns: int) -> None:
        first = (start_ns - self._start_ns) // self._column_ns
        last = max((end_ns - 1 - self._start_ns) // self._column_ns, first)
        if last >= len(flags):
            flags.extend(bytes(last + 1 - len(flags)))
        for i in range(first, last + 1):
            flags[i] |= flag

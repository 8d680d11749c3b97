"""Many tasks in one lane: how many are in which state, now and in each column of the page.

Each change of a task's state is looked at once, in the order of the tape, and counts for its crowd and for
everything that this crowd lives in: so folding and unfolding cost nothing.  A long tape is taken in in
portions, so that no frame takes longer than others.
"""

from syncscope_engine.model.spans import Change, Spans
from syncscope_engine.model.state import Run
from syncscope_engine.tables import Tables

from .lane_cells import EMPTY, RUNS, Cell, mixed
from .outline import Outline

PORTION = 8_000
"""Changes that are taken in for one frame at most: some 20 ms."""
MOST_COLUMNS = 4096
_N_LIVING = sum(not run.ended for run in RUNS)

State = tuple[Run, int]  # the second: what is waited for, 0 = nothing


class Tally:
    """One crowd, thread or process, with everything in it."""

    def __init__(self, first: int) -> None:
        self.counts = [0] * len(RUNS)  # tasks in each of RUNS, now
        self.waits: dict[int, int] = {}  # resource or task that is waited for -> how many wait
        self.cells: list[Cell] = []  # of complete columns, from `first` on
        self.first = first  # number of the column of the first cell, counted from the program's start
        self._shares = [0] * len(
            RUNS
        )  # of the column after them: ns up to its end, if nothing changed any more

    def change(self, old: State | None, new: State, left_ns: int) -> None:
        """One task goes from `old` to `new`, `left_ns` before the end of the column."""
        if old is not None:
            i = old[0].ordinal
            self.counts[i] -= 1
            self._shares[i] -= left_ns
            if old[1]:
                self.waits[old[1]] -= 1
        i = new[0].ordinal
        self.counts[i] += 1
        if i < _N_LIVING:
            self._shares[i] += left_ns
        if new[1]:
            self.waits[new[1]] = self.waits.get(new[1], 0) + 1

    def advance(self, column: int, column_ns: int) -> None:
        """The pen has come to `column`: what lies before it is complete."""
        n = column - self.first - len(self.cells)
        if n <= 0:
            return
        self.cells.append(mixed(self._shares))
        now = self._all(column_ns)
        if n > MOST_COLUMNS:
            self.cells, self.first = [], column
        else:
            if n > 1:
                self.cells.extend([mixed(now)] * (n - 1))
            if len(self.cells) > 2 * MOST_COLUMNS:
                del self.cells[:MOST_COLUMNS]
                self.first += MOST_COLUMNS
        self._shares = now
        self.waits = {obj: n for obj, n in self.waits.items() if n}

    def unsealed(self, pen: int, left_ns: int, column_ns: int) -> list[Cell]:
        """From the first column that is not complete up to that of the pen, of which `left_ns` are still to come."""
        n = pen - self.first - len(self.cells)
        if n < 0:
            return []
        shares, now = self._shares, self._all(column_ns)
        cells = [mixed(shares)] + [mixed(now)] * (n - 1) if n else []
        started = now if n else shares
        return [*cells, mixed([a - b for a, b in zip(started, self._all(left_ns), strict=True)])]

    def _all(self, ns: int) -> list[int]:
        return [n * ns if i < _N_LIVING else 0 for i, n in enumerate(self.counts)]


class Tallies:
    """One zoom: `ns_per_column` from `origin_ns` on.  Columns before `first` are not kept."""

    def __init__(self, outline: Outline, origin_ns: int, ns_per_column: int, first: int) -> None:
        self.key = origin_ns, ns_per_column, outline
        self.first = first
        self._outline = outline
        self._origin_ns = origin_ns
        self._column_ns = ns_per_column
        self._tallies: dict[int, Tally] = {}  # by the key of a crowd or the id of a task
        self._of_task: dict[int, list[Tally]] = {}
        self._states: dict[int, State] = {}
        self._n_taken = 0
        self._sure_ns = 0  # when the last change was that has been taken in; 0 = all of them

    def of(self, key: int) -> Tally | None:
        return self._tallies.get(key)

    def take(self, spans: Spans, tables: Tables, portion: int = PORTION) -> bool:
        """Take in what is new; False when there is more than one portion of it."""
        changes = spans.changes(self._n_taken, self._n_taken + portion)
        n = 0
        for change in changes:
            if not self._change(change, tables):
                break  # of a task that the tables are about to tell of
            n += 1
        self._n_taken += n
        if n == len(changes) and self._n_taken >= spans.n_changes:
            self._sure_ns = 0
            return True
        self._sure_ns = changes[n - 1].t_ns if n else self._sure_ns
        return False

    def cells(self, key: int, first: int, width: int, sealed_ns: int, now_ns: int) -> list[Cell]:
        """Columns `first` to the pen, at most `width` of them.

        The tape up to `sealed_ns` does not change any more; the clock shows `now_ns`.
        """
        tally = self._tallies.get(key)
        if tally is None:
            return []
        if self._sure_ns:
            sealed_ns = now_ns = min(self._sure_ns, now_ns)
        column_ns = self._column_ns
        tally.advance(max(sealed_ns - self._origin_ns, 0) // column_ns, column_ns)
        pen, passed_ns = divmod(max(now_ns - self._origin_ns, 0), column_ns)
        start = first - tally.first
        cells = [EMPTY] * min(max(-start, 0), width) + tally.cells[max(start, 0) : max(start + width, 0)]
        if first <= pen:
            newest = tally.unsealed(pen, column_ns - passed_ns, column_ns)
            cells += newest[max(len(newest) - (pen - first + 1), 0) :]
        return cells[:width]

    def _change(self, change: Change, tables: Tables) -> bool:
        task = change.task
        tallies = self._of_task.get(task)
        if tallies is None:
            found = self._find(task, tables)
            if found is None:
                return False
            tallies = self._of_task[task] = found
        new, old = (change.run, change.obj), self._states.get(task)
        if old != new:
            self._states[task] = new
            column, passed_ns = divmod(max(change.t_ns - self._origin_ns, 0), self._column_ns)
            left_ns = self._column_ns - passed_ns
            for tally in tallies:
                at = column - tally.first - len(tally.cells)
                if at > 0:
                    tally.advance(column, self._column_ns)
                tally.change(old, new, left_ns if at >= 0 else self._column_ns)
        return True

    def _find(self, task: int, tables: Tables) -> list[Tally] | None:
        info = tables.tasks.get(task)
        if info is None or self._outline.crowd_of(task) is None:
            return None if info is not None else []
        if info.kind == "process":
            return []  # it is its threads that run
        found: list[Tally] = []
        for key in self._outline.above(task):
            if key != task and self._is_library(task) and found:
                break  # what the library does for itself is not what the program does
            if key != task or self._outline.has_inside(task):
                tally = self._tallies.get(key)
                if tally is None:
                    tally = self._tallies[key] = Tally(self.first)
                found.append(tally)
        return found

    def _is_library(self, task: int) -> bool:
        crowd = self._outline.crowd_of(task)
        return crowd is not None and crowd.library

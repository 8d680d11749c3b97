"""Many tasks in one lane: how many are in which state, now and in each column of the page.

Each change of a task's state is looked at once, in the order of the tape, and counts for its crowd and for
everything around it that is folded: so folding and unfolding crowds costs nothing.  A long tape is taken in in
portions, so that no frame takes longer than others.
"""

from time import thread_time

from syncscope_engine.model.spans import Change, Spans
from syncscope_engine.model.state import Run
from syncscope_engine.tables import Tables

from .lane_cells import EMPTY, RUNS, Cell, mixed
from .outline import Outline

PORTION = 1_000
BUDGET_S = 0.012
"""Time of the processor for one frame, at most, and for one portion more."""
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

    def __init__(
        self, outline: Outline, origin_ns: int, ns_per_column: int, first: int, folded: frozenset[int]
    ) -> None:
        """`folded`: the tasks that stand for what is inside them."""
        self.key = outline, origin_ns, ns_per_column, folded
        self._folded = folded
        self._n_large = 0
        self._column = first  # of the newest change
        self.first = first
        self._outline = outline
        self._origin_ns = origin_ns
        self._column_ns = ns_per_column
        self._tallies: dict[int, Tally] = {}  # by the key of a crowd or the id of a task
        self._of_task: dict[int, list[Tally]] = {}
        self._states: dict[int, State] = {}
        self._n_taken = 0
        self._waits_for_tables = False
        self._sure_ns = 0  # when the last change was that has been taken in; 0 = all of them

    def of(self, key: int) -> Tally | None:
        return self._tallies.get(key)

    def take(self, spans: Spans, tables: Tables) -> bool:
        """Take in what is new; False when there is more than there is time for."""
        self._take_large()
        until_s = thread_time() + BUDGET_S
        while not (done := self._take_portion(spans, tables)) and thread_time() < until_s:
            if self._waits_for_tables:
                break
        return done

    def _take_portion(self, spans: Spans, tables: Tables) -> bool:
        changes = spans.changes(self._n_taken, self._n_taken + PORTION)
        n = 0
        for change in changes:
            if not self._change(change, tables):
                break  # of a task that the tables are about to tell of
            n += 1
        self._n_taken += n
        self._waits_for_tables = n < len(changes)
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
            self._column = max(self._column, column)
            for tally in tallies:
                at = column - tally.first - len(tally.cells)
                if at > 0:
                    tally.advance(column, self._column_ns)
                tally.change(old, new, left_ns if at >= 0 else self._column_ns)
        return True

    def _find(self, task: int, tables: Tables) -> list[Tally] | None:
        """Whom `task` counts for; None when the outline is about to tell."""
        info = tables.tasks.get(task)
        crowd = self._outline.crowd_of(task)
        if info is None or crowd is None:
            return [] if info is None else None
        if info.kind == "process":
            return []  # it is its threads that run
        if crowd.library:  # what the library does for itself is not what the program does
            return [self._tally(crowd.key)]
        return [self._tally(key) for key in self._outline.above(task) if self._is_wanted(key)]

    def _is_wanted(self, key: int) -> bool:
        return self._outline.crowds[key].is_large if key < 0 else key in self._folded

    def _tally(self, key: int) -> Tally:
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = Tally(self.first)
        return tally

    def _take_large(self) -> None:
        """Crowds that have become large: their tasks count for them from now on."""
        large = self._outline.large
        while self._n_large < len(large):
            crowd = self._outline.crowds[large[self._n_large]]
            self._n_large += 1
            inside = crowd.tasks
            if crowd.kind == "process":
                inside = [task for task in self._of_task if crowd.key in self._outline.above(task)]
            for task in inside:
                tallies, state = self._of_task.get(task), self._states.get(task)
                if tallies is None or state is None:
                    continue
                tally = self._tally(crowd.key)
                tally.advance(self._column, self._column_ns)
                tally.change(None, state, self._column_ns)
                tallies.append(tally)

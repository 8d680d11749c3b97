"""Systematic search of all distinct orders: source-DPOR with sleep sets.

Orders that differ only in how independent operations interleave are one; each is executed once, or cut as soon as
it is known to be one of those.  Not to be combined with a bound on preemptions: what the bound cuts away is what
the reduction relies on.
"""

from collections.abc import Sequence

from .execution import Chooser, Cut, Point, Result
from .operation import Operation, dependent
from .races import Happened, find_races
from .strategy import Divergence, keep_going

Branch = tuple[int, Sequence[int], Sequence[int]]
"""At one point: who goes, who was tried there before, and who is to be tried at all."""


class _Node:
    """One point on the path that is being searched."""

    __slots__ = ("chosen", "done", "enabled", "pending", "row", "sleep", "todo")

    def __init__(self, point: Point, sleep: set[int], chosen: int, row: int) -> None:
        self.enabled = point.enabled
        self.pending = point.pending
        self.sleep = sleep  # tasks whose orders from here were searched elsewhere
        self.chosen = chosen
        self.todo = {chosen}  # tasks to be tried here, those that were tried among them
        self.done: set[int] = set()
        self.row = row  # steps that the chosen task made without a break


class Dpor:
    systematic = True
    known = False

    def __init__(self, given: Sequence[Branch] = (), daemons: Sequence[int] = ()) -> None:
        """`given`: the choices down to the part of the search that is ours; what is above is others' business."""
        self._given = given
        self.escaped: list[tuple[int, int]] = []
        """(step, task): above our part, this has to be tried too."""
        self._path: list[_Node] = []
        self.daemons = set(daemons)
        """Tasks that were left behind when the program ended."""
        self._happened = Happened()
        self._known = 0  # how much of the path was there before this execution
        self._begun = False
        self._left: dict[int, Operation] = {}  # what everybody would have done next where we cut

    def next(self) -> Chooser | None:
        if self._begun and len(self._path) <= len(self._given):
            return None
        self._begun = True
        self._left = {}
        self._known = len(self._path)
        # the last node was given another choice: what happened from there on is new
        self._happened.cut(max(self._known - 1, 0))
        return self._choose

    def _choose(self, point: Point) -> int:
        path = self._path
        n = point.n
        if n < self._known:
            node = path[n]
            task = node.chosen
            expected = node.pending[task]
            if point.pending.get(task) != expected or task not in point.enabled:
                raise Divergence(n, f"task {task}: {expected}", f"{point.pending.get(task)}")
            return task
        for task in point.pending:
            self._happened.born(task, n - 1)
        sleep = self._sleep_after(path[-1]) if path else set()
        awake = point
        if sleep:
            awake = point._replace(enabled=tuple(task for task in point.enabled if task not in sleep))
            if not awake.enabled:
                self._left = point.pending
                raise Cut
        if n < len(self._given):
            return self._go_down(point, sleep)
        row = path[-1].row if path and path[-1].chosen == point.running else 0
        task = keep_going(awake, row)
        path.append(_Node(point, sleep, task, row + 1 if task == point.running else 1))
        return task

    def _go_down(self, point: Point, sleep: set[int]) -> int:
        task, done, todo = self._given[point.n]
        if task not in point.enabled:
            raise Divergence(point.n, f"task {task} to go", f"only {point.enabled}")
        node = _Node(point, sleep, task, 1)
        node.done.update(done)
        node.todo.update(todo)
        self._path.append(node)
        return task

    def _sleep_after(self, node: _Node) -> set[int]:
        asleep = node.sleep | node.done
        if not asleep:
            return set()
        made = node.pending[node.chosen]
        by_daemon = node.chosen in self.daemons
        return {
            task
            for task in asleep
            if task != node.chosen
            and not dependent(node.pending[task], made)
            # the end of the program leaves undone what daemons do: it makes a difference whether it comes before
            and not (by_daemon and node.pending[task].kind == "exit")
        }

    def learn(self, result: Result) -> None:
        self._races(result)
        path = self._path
        while len(path) > len(self._given):
            node = path[-1]
            node.done.add(node.chosen)
            rest = node.todo - node.done - node.sleep
            if rest:
                node.chosen = min(rest)
                node.row = 1
                return
            path.pop()

    def _races(self, result: Result) -> None:
        if len(result.steps) < self._known:  # it ended too early
            node = self._path[len(result.steps)]
            raise Divergence(len(result.steps), f"task {node.chosen}: {node.pending[node.chosen]}", "the end")
        steps = [(step.task, step.operation) for step in result.steps[: len(self._path)]]
        first = len(self._happened.events)
        happened = self._happened
        for index, (task, operation, before, previous) in enumerate(happened.extend(steps), first):
            if previous >= 0 and index >= len(self._given) - 1:
                find_races(happened, task, operation, before, previous, index, self._could_go, self._try)
        # Of tasks that never went on, too: what they wait for may be somebody's step that they should have preceded
        for task, operation in (self._left or result.pending).items():
            before, previous = happened.pending(task, operation)
            if previous >= 0:
                find_races(happened, task, operation, before, previous, len(steps), self._could_go, self._try)

        # Daemons are left behind when the last task that is none ends: each could have gone on just before
        if result.outcome in ("finished", "failed") and steps:
            self.daemons.update(result.pending)
            for task in result.pending:
                self._try(len(steps) - 1, task, (task,))

    def _could_go(self, step: int, task: int) -> bool:
        return task in self._path[step].enabled

    def _try(self, step: int, task: int, initials: Sequence[int]) -> None:
        node = self._path[step]
        if not node.todo.isdisjoint(initials) or not node.sleep.isdisjoint(initials):
            return
        possible = [other for other in initials if other in node.enabled]
        if not possible:
            return
        other = task if task in possible else possible[0]
        node.todo.add(other)
        if step < len(self._given):
            self.escaped.append((step, other))

    def rest(self) -> list[list[Branch]]:
        """What is left of our part, as parts that can be searched apart from each other."""
        path = self._path
        if not self._begun:
            return [list(self._given)]
        if len(path) <= len(self._given):
            return []
        branches: list[Branch] = [(node.chosen, sorted(node.done), sorted(node.todo)) for node in path]
        parts = [branches]
        for depth in range(len(self._given), len(path)):
            node = path[depth]
            done = node.done | {node.chosen}
            for task in sorted(node.todo - done - node.sleep):
                parts.append([*branches[:depth], (task, sorted(done), sorted(node.todo))])
                done.add(task)
        return parts

    def share(self) -> float | None:
        """Of the branches known by now; more may be found, so that it can only be too high."""
        if not self._path:
            return 1.0 if self._begun else None
        share, weight = 0.0, 1.0
        for node in self._path:
            width = len(node.todo - node.sleep) or 1
            share += weight * len(node.done) / width
            weight /= width
        return share

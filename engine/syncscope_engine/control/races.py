"""Reversible races of one execution, by vector clocks over its steps.

Two steps race when they are dependent, of different tasks, and nothing in between orders them.  For each race the
search must try, before the first of the two, one of the *initials* of what does not depend on it: this is
source-DPOR (Abdulla, Aronsson, Jonsson, Sagonas, POPL 2014).

An operation that was blocked needs care: what it races with is not always the last step on its key.  A lock is
acquired after it is released, and this can never be turned round; what can is the order of the two acquisitions.
So the walk goes back over all steps on the key, until it meets one before which the operation could have gone.
"""

from collections.abc import Callable, Sequence

from .operation import Operation

Clock = list[int]
Told = Callable[[int, int, list[int]], None]
"""Told of (step, task, initials): before `step`, one of `initials` must be tried; `task` made the later step."""


class Event:
    """One step that was made, with the last step of every task that happens before it."""

    __slots__ = ("clock", "operation", "previous", "task")

    def __init__(self, task: int, operation: Operation, clock: Clock, previous: int) -> None:
        self.task = task
        self.operation = operation
        self.clock = clock
        self.previous = previous  # the step before it on its key, -1 = none


class Happened:
    """The steps of an execution; `cut` goes back to an earlier one, whose clocks are known already."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._born: dict[int, int] = {}  # task → the step that made it appear

    def cut(self, length: int) -> None:
        del self.events[length:]
        for task in [task for task, step in self._born.items() if step >= length]:
            del self._born[task]

    def born(self, task: int, after: int) -> None:
        """`task` exists since the step `after` (-1: from the beginning)."""
        self._born.setdefault(task, after)

    def extend(self, steps: "Sequence[tuple[int, Operation]]") -> "list[tuple[int, Operation, Clock, int]]":
        """Add the steps that are new; returns each with the clock and the last step on its key *before* it."""
        events = self.events
        width = max([0, *self._born, *(task for task, _ in steps)]) + 1
        last, touched = self._state(width)
        new: list[tuple[int, Operation, Clock, int]] = []
        for task, operation in steps[len(events) :]:
            before = self._before(task, last, width)
            previous = touched.get(operation.key, -1) if operation.key else -1
            new.append((task, operation, before, previous))
            clock = list(before)
            self._join_key(clock, operation, previous)
            index = len(events)
            clock[task] = index
            events.append(Event(task, operation, clock, previous))
            last[task] = clock
            if operation.key:
                touched[operation.key] = index
        return new

    def pending(self, task: int, operation: Operation) -> "tuple[Clock, int]":
        """The clock before an operation that was never made, and the last step on its key."""
        width = max([0, *self._born, *(event.task for event in self.events), task]) + 1
        last, touched = self._state(width)
        return self._before(task, last, width), touched.get(operation.key, -1) if operation.key else -1

    def clock_of(self, operation: Operation, before: Clock, previous: int) -> Clock:
        """The clock that the operation has when it is made after `before`."""
        clock = list(before)
        self._join_key(clock, operation, previous)
        return clock

    def _state(self, width: int) -> "tuple[dict[int, Clock], dict[int, int]]":
        last: dict[int, Clock] = {}
        touched: dict[int, int] = {}
        for index, event in enumerate(self.events):
            if len(event.clock) < width:
                event.clock.extend([-1] * (width - len(event.clock)))
            last[event.task] = event.clock
            if event.operation.key:
                touched[event.operation.key] = index
        return last, touched

    def _before(self, task: int, last: "dict[int, Clock]", width: int) -> Clock:
        clock = last.get(task)
        if clock is not None:
            return clock
        after = self._born.get(task, -1)
        return list(self.events[after].clock) if after >= 0 else [-1] * width

    def _join_key(self, clock: Clock, operation: Operation, previous: int) -> None:
        """Everything on the key that the operation depends on happens before it."""
        events = self.events
        while previous >= 0:
            event = events[previous]
            if operation.writes or event.operation.writes:
                if clock[event.task] < previous:
                    clock[:] = map(max, clock, event.clock)
                if event.operation.writes:
                    return  # what is before a write happens before it
            previous = event.previous


def possible(first: Operation, second: Operation) -> bool | None:
    """Whether `second` can ever go just before `first`, whatever else was done: False, or None for perhaps.

    A task that is joined has ended.  Not so a release and an acquisition: there may have been another permit, or the
    release was one too many.
    """
    return False if first.kind == "exit" and second.kind == "join" else None


def find_races(
    happened: Happened,
    task: int,
    operation: Operation,
    before: Clock,
    previous: int,
    until: int,
    could_go: Callable[[int, int], bool | None],
    told: Told,
) -> None:
    """The races of `task`'s `operation`, which comes after the first `until` steps.

    `could_go(step, task)`: whether the task could go before `step`; only asked where its next operation was this one.
    """
    events = happened.events
    own = before[task] if task < len(before) else -1
    start = previous
    clock: Clock | None = None
    while previous >= 0:
        event = events[previous]
        if previous <= before[event.task]:
            if event.operation.writes:
                return  # it, and all before it on the key, happen before the operation anyway
        elif operation.writes or event.operation.writes:
            feasible = could_go(previous, task) if own < previous else possible(event.operation, operation)
            if feasible is not False:
                if clock is None:
                    clock = happened.clock_of(operation, before, start)
                told(previous, task, initials(events, previous, until, task, clock))
            if feasible and event.operation.writes:
                return  # what is further back happens before this step
        previous = event.previous


def initials(events: "list[Event]", step: int, until: int, task: int, clock: Clock) -> "list[int]":
    """Tasks that can go first in what does not happen after `step`, followed by `task`'s operation."""
    by = events[step].task
    rest = [index for index in range(step + 1, until) if events[index].clock[by] < step]
    first: list[int] = []
    seen = set()
    for position, index in enumerate(rest):
        event = events[index]
        if event.task in seen:
            continue
        seen.add(event.task)
        if not any(event.clock[events[other].task] >= other for other in rest[:position]):
            first.append(event.task)
    if task not in seen and not any(clock[events[other].task] >= other for other in rest):
        first.append(task)
    return first

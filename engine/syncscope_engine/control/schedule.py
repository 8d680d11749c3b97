"""Follows a schedule step by step, and says where the program does something else."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from .execution import Chooser, Point, Result, Step
from .operation import Operation
from .strategy import Divergence, keep_going


class Planned(NamedTuple):
    """A step as a schedule knows it."""

    task: int
    kind: str
    what: str
    file: str
    """Its name without folders: schedules are given to others."""
    line: int

    def __str__(self) -> str:
        where = f" ({self.file}:{self.line})" if self.line else ""
        return f"task {self.task}: {self.kind} {self.what}{where}"


def planned(step: Step) -> Planned:
    return _planned(step.task, step.operation)


def _planned(task: int, operation: Operation) -> Planned:
    return Planned(task, operation.kind, operation.what, os.path.basename(operation.file), operation.line)


def follow(schedule: Sequence[Planned]) -> Chooser:
    """Chooses as planned, then without any further switch; raises `Divergence` where that cannot be."""

    def choose(point: Point) -> int:
        n = point.n
        if n >= len(schedule):
            return keep_going(point)
        plan = schedule[n]
        operation = point.pending.get(plan.task)
        if operation is None:
            raise Divergence(n, str(plan), f"that there is no task {plan.task}")
        found = _planned(plan.task, operation)
        if found[:2] != plan[:2] or found[3:] != plan[3:]:
            raise Divergence(n, str(plan), str(found))
        if plan.task not in point.enabled:
            raise Divergence(n, str(plan), "that it has to wait")
        return plan.task

    return choose


def ended_as_planned(schedule: Sequence[Planned], result: Result) -> Divergence | None:
    """A program that ends before its schedule does something else, too."""
    n = len(result.steps)
    return Divergence(n, str(schedule[n]), "the end") if n < len(schedule) else None

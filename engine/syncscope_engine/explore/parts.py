"""The systematic search, divided among children.

A part of the search is a path of choices from the start of the program; at each point of it is known who was tried
there before (so that orders are not searched twice) and who is to be tried at all.  A child searches its part for a
moment and hands back what is left of it, in parts, and what it found has to be tried above its own part.
"""

from dataclasses import dataclass, field
from typing import Any

from .child import Child

Branch = tuple[int, list[int], list[int]]
Part = list[Branch]

RUNS, SECONDS = 400, 0.5
"""A child searches so much of a part before it hands back the rest; at first little, until there is work for all."""


@dataclass
class _Point:
    """A point above the parts: who was handed out there, in this order."""

    handed_out: list[int] = field(default_factory=list)
    todo: set[int] = field(default_factory=set)


class Parts:
    def __init__(self) -> None:
        self._points: dict[tuple[int, ...], _Point] = {}
        self._waiting: list[Part] = [[]]
        self._daemons: set[int] = set()
        self._with: dict[Child, Part] = {}

    @property
    def done(self) -> bool:
        return not self._waiting and not self._with

    def hand_out(self, idle: list[Child], runs_left: int | None, seconds_left: float | None) -> None:
        for child in idle:
            if not self._waiting or (runs_left is not None and runs_left <= 0):
                return
            # the shortest path: most is below it
            part = min(self._waiting, key=len)
            self._waiting.remove(part)
            self._with[child] = part
            runs = RUNS if len(self._waiting) >= len(idle) else 20
            if runs_left is not None:
                runs = min(runs, runs_left)
                runs_left -= runs
            seconds = SECONDS if seconds_left is None else min(SECONDS, seconds_left)
            child.ask({"given": part, "daemons": sorted(self._daemons), "runs": runs, "seconds": seconds})

    def idle(self, children: list[Child]) -> list[Child]:
        return [child for child in children if child not in self._with]

    def take_back(self, child: Child, said: dict[str, Any]) -> None:
        part = self._with.pop(child)
        self._daemons.update(said["daemons"])
        choices = tuple(branch[0] for branch in part)
        for step, task in said["escaped"]:
            point = self._points.setdefault(choices[:step], _Point())
            point.todo.add(task)
            if task not in point.handed_out:
                self._waiting.append([*part[:step], (task, list(point.handed_out), sorted(point.todo))])
                point.handed_out.append(task)
        for rest in said["rest"]:
            self._register([(task, done, todo) for task, done, todo in rest])

    def _register(self, part: Part) -> None:
        choices = tuple(branch[0] for branch in part)
        for depth, (task, done, todo) in enumerate(part):
            point = self._points.setdefault(choices[:depth], _Point())
            point.todo.update(todo)
            point.handed_out += [other for other in (*done, task) if other not in point.handed_out]
        self._waiting.append(part)

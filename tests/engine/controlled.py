"""Executes small programs under control, for tests."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from syncscope_engine.control.execution import Chooser, Execution, Point, Result
from syncscope_engine.control.program import Program
from syncscope_engine.control.strategy import keep_going


def execution(source: str, granularity: str = "access", max_steps: int = 5000, *args: str) -> Execution:
    return Execution(Program(["program.py", *args], textwrap.dedent(source)), granularity, max_steps)


def file_execution(path: Path, granularity: str = "access", *args: str) -> Execution:
    return Execution(Program([str(path), *args]), granularity)


def once(source: str, granularity: str = "access", max_steps: int = 5000) -> Result:
    """Without a choice: whoever runs goes on."""
    return execution(source, granularity, max_steps).run(keep_going)


def prefer(*tasks: int) -> Chooser:
    """The first of these that can go."""

    def choose(point: Point) -> int:
        return next(task for task in tasks if task in point.enabled)

    return choose


def following(choices: list[int]) -> Chooser:
    def choose(point: Point) -> int:
        return choices[point.n] if point.n < len(choices) else keep_going(point)

    return choose


_ALONE = ("begin", "start", "join", "exit")
"""Operations whose place among those of others makes no difference, but to `is_alive`."""


def all_orders(source: str, granularity: str = "sync", limit: int = 3_000) -> Iterator[Result]:
    """Every order of the points, without any reduction that could be wrong."""
    run = execution(source, granularity).run
    alone = () if "is_alive" in source else _ALONE
    path: list[
        tuple[list[int], int]
    ] = []  # at each point where there was a choice: the tasks, and who was chosen

    for _ in range(limit):
        at = 0

        def choose(point: Point) -> int:
            nonlocal at
            for task in point.enabled:
                if point.pending[task].kind in alone:
                    return task
            if len(point.enabled) == 1:
                return point.enabled[0]
            if at == len(path):
                path.append((list(point.enabled), 0))
            tasks, index = path[at]
            at += 1
            assert tasks == list(point.enabled)
            return tasks[index]

        yield run(choose)
        while path and path[-1][1] + 1 == len(path[-1][0]):
            path.pop()
        if not path:
            return
        path[-1] = (path[-1][0], path[-1][1] + 1)
    raise AssertionError(f"more than {limit} orders")


def ends(source: str, granularity: str = "sync") -> set[str]:
    """What the program can come to: its output where it finishes, else how it ends."""
    found = set()
    for result in all_orders(source, granularity):
        text = result.output.strip() if result.outcome == "finished" else result.outcome
        found.add(text if result.outcome != "failed" else f"failed: {result.error}")
    return found

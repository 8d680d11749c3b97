"""One program under a chooser: what a strategy sees and says, and what comes of an execution."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from .operation import Operation


class Point(NamedTuple):
    """Before each operation that is a scheduling point."""

    n: int
    """Its number in this execution, from 0."""
    running: int
    """The task that made the last step; 0: none yet."""
    enabled: tuple[int, ...]
    """The tasks that can go, ascending."""
    pending: dict[int, Operation]
    """The next operation of every living task, also of those that are blocked."""


Chooser = Callable[[Point], int]


class Cut(Exception):  # noqa: N818
    """Raised by a chooser: this execution is not worth going on with."""


class Step(NamedTuple):
    task: int
    operation: Operation
    enabled: tuple[int, ...]


@dataclass
class Result:
    steps: list[Step]
    outcome: str
    """finished, failed, deadlock, cut, limit, outside."""
    error: str = ""
    """One line; "" = none."""
    where: tuple[str, int] = ("", 0)
    pending: dict[int, Operation] = field(default_factory=dict)
    """What everybody was about to do at the end: at a deadlock, what everybody waits for."""
    output: str = ""
    warnings: list[str] = field(default_factory=list)
    """What was not under control."""
    names: dict[int, str] = field(default_factory=dict)
    """Of the tasks."""

    @property
    def choices(self) -> list[int]:
        return [step.task for step in self.steps]


class Runnable(Protocol):
    """What an Execution needs to know of a program."""

    files: "frozenset[str]"
    names: "dict[tuple[str, int], list[str]]"
    """What the objects are called that are made in this line of this file."""
    warnings: "list[str]"

    def prepare(self, granularity: str) -> None:
        """Once, before the first execution."""

    def rehearsed(self) -> None:
        """The first execution is over; nobody sees it."""

    def begin(self, seed: int) -> "Callable[[], object]":
        """Everything is as before the first line; returns what the main task executes."""
        ...

    def end(self) -> str:
        """Undo what the program did to the process; returns what it has written."""
        ...


class Execution:
    """Executes the program afresh with every `run`; the same choices give the same steps."""

    def __init__(
        self,
        program: Runnable,
        granularity: str = "access",
        max_steps: int = 5000,
        seed: int = 0,
        asyncio_order: str = "faithful",
        time_limits: str = "virtual",
    ) -> None:
        """`asyncio_order`: faithful (what the real loop can do) or adversarial (any ready callback first).

        `time_limits`: virtual (computing takes no time: a wait or a sleep is over only when nobody else can go) or
        any (it may be over at any time, as on a machine that is busy).
        """
        if time_limits not in ("virtual", "any"):
            raise ValueError(f"no such time limits: {time_limits}")
        if asyncio_order not in ("faithful", "adversarial"):
            raise ValueError(f"no such order: {asyncio_order}")
        if granularity not in ("sync", "access", "line"):
            raise ValueError(f"no such granularity: {granularity}")
        self.program = program
        self.granularity = granularity
        self.max_steps = max_steps
        self.seed = seed
        self.asyncio_order = asyncio_order
        self.time_limits = time_limits
        self.names: dict[int, str] = {}
        self._prepared = False

    def run(self, choose: Chooser) -> Result:
        if not self._prepared:
            self._prepared = True
            self.program.prepare(self.granularity)
            # A rehearsal: what libraries import or make only when they are first used is there from now on
            self._run(_go_on)
            self.program.rehearsed()
        return self._run(choose)

    def _run(self, choose: Chooser) -> Result:
        from . import replacing
        from .run import Run

        run = Run(
            self.program,
            choose,
            self.max_steps,
            self.asyncio_order == "adversarial",
            self.time_limits == "any",
        )
        with replacing.replaced(run):
            main = self.program.begin(self.seed)
            try:
                run.execute(main)
            finally:
                output = self.program.end()
        self.names = run.names()
        if run.trouble is not None:
            raise run.trouble
        return Result(
            run.steps,
            run.outcome,
            run.error,
            run.where,
            run.left,
            output,
            [*self.program.warnings, *run.warnings],
            self.names,
        )


def _go_on(point: Point) -> int:
    """Each in turn for a while, so that nobody waits for ever for another one."""
    if point.running in point.enabled and point.n % 64:
        return point.running
    return next((task for task in point.enabled if task > point.running), point.enabled[0])

"""What is asked of the children that explore."""

from dataclasses import dataclass, replace
from typing import Literal

Strategy = Literal["dpor", "bounded", "random", "pos", "pct"]
Granularity = Literal["sync", "access", "line"]
SYSTEMATIC: frozenset[str] = frozenset({"dpor", "bounded"})


@dataclass(frozen=True)
class Request:
    strategy: Strategy = "dpor"
    granularity: Granularity = "access"
    runs: int | None = None
    seconds: float | None = None
    seed: int = 0
    """Of the strategy, and of the program's `random`."""
    bound: int = 2
    """Preemptions, for `bounded`."""
    depth: int = 3
    """Ordering decisions, for `pct`."""
    max_steps: int = 5000
    time_limits: Literal["virtual", "any"] = "virtual"
    """When a sleep or a wait with a time limit is over: when nobody else can go, or at any time."""
    asyncio_order: Literal["faithful", "adversarial"] = "faithful"
    """Which ready callbacks may be exchanged: those that can be, or all."""
    replays: int = 10
    """How often a failing schedule is repeated."""
    keep_going: bool = False
    """After a failure."""
    jobs: int = 1
    patience_s: float = 15.0
    """A step may take so long."""
    python: str | None = None

    def shares(self) -> "list[Request]":
        """One for each child: strategies that draw their orders have other seeds each."""
        if self.jobs <= 1 or self.strategy in SYSTEMATIC:
            return [self]
        if self.runs is None:
            return [replace(self, jobs=1, seed=self.seed + n * 1_000_000_000) for n in range(self.jobs)]
        shares, seed = [], self.seed
        for n in range(min(self.jobs, self.runs)):
            runs = self.runs // self.jobs + (n < self.runs % self.jobs)
            shares.append(replace(self, jobs=1, runs=runs, seed=seed))
            seed += runs
        return shares

    def for_child(self, argv: list[str], program_seed: int) -> dict[str, object]:
        return {
            "mode": "explore",
            "argv": argv,
            "granularity": self.granularity,
            "max_steps": self.max_steps,
            "time_limits": self.time_limits,
            "asyncio_order": self.asyncio_order,
            "program_seed": program_seed,
            "strategy": {
                "name": self.strategy,
                "seed": self.seed,
                "bound": self.bound,
                "depth": self.depth,
            },
            "runs": self.runs,
            "seconds": self.seconds,
            "keep_going": self.keep_going,
            "replays": self.replays,
            "patience_s": self.patience_s,
        }

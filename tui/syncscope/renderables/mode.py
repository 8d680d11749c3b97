"""What the program is doing as a whole, as one word of a fixed set, and how that is said."""

from dataclasses import dataclass
from typing import Literal

from syncscope_engine.signals import signal_name

from ..i18n import t
from ..look import Look, Symbol
from ..palettes import Role

ModeName = Literal[
    "starting", "live", "paused", "stopping", "stuck", "was_stuck", "finished", "failed", "crashed", "stopped", "timed_out",
    "observer_failed", "reading", "past", "playing",
]  # fmt: skip

_SHOWN: dict[ModeName, tuple[Symbol, Role]] = {
    "starting": ("live", "muted"),
    "live": ("live", "running"),
    "paused": ("paused", "warning"),
    "stopping": ("live", "warning"),
    "stuck": ("error", "error"),
    "was_stuck": ("error", "error"),
    "finished": ("ok", "running"),
    "failed": ("missing", "error"),
    "crashed": ("missing", "error"),
    "stopped": ("missing", "muted"),
    "timed_out": ("missing", "warning"),
    "observer_failed": ("missing", "error"),
    "reading": ("live", "muted"),
    "past": ("paused", "accent"),
    "playing": ("here", "accent"),
}


@dataclass(frozen=True, slots=True)
class Mode:
    name: ModeName
    exit_code: int | None = None
    speed: float = 1.0  # of the playhead

    @property
    def running(self) -> bool:
        return self.name in ("starting", "live", "paused", "stuck")

    def text(self) -> str:
        key = f"run.mode.{self.name}"
        if self.name == "failed":
            return t(key, code=self.exit_code)
        if self.name == "crashed":
            return t(key, signal=signal_name(-(self.exit_code or 0)))
        if self.name in ("past", "playing"):
            return t(key, speed=f"{self.speed:g}" if self.speed >= 1 else f"1/{round(1 / self.speed)}")
        return t(key)

    def symbol(self, look: Look) -> str:
        return look.symbol(_SHOWN[self.name][0])

    @property
    def role(self) -> Role:
        return _SHOWN[self.name][1]


def mode_of(status: str, outcome: str | None, exit_code: int | None, stuck: bool) -> Mode:
    if status == "starting":
        return Mode("starting")
    if status == "paused":
        return Mode("paused")
    if status == "running":
        return Mode("stuck" if stuck else "live")
    if outcome == "stuck" or (outcome == "killed" and stuck):
        return Mode("was_stuck")
    if outcome == "timed_out":
        return Mode("timed_out")
    if outcome == "killed":
        return Mode("stopped")
    if exit_code is not None and exit_code < 0:
        return Mode("crashed", exit_code)
    if outcome == "failed":
        return Mode("failed", exit_code)
    return Mode("finished", exit_code)

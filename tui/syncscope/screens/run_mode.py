"""The mode that the header of the run screen names: of the program, or of the way through its past."""

from ..renderables.mode import Mode, mode_of
from ..snapshot import Snapshot
from .run_program import Shown


def mode_shown(snapshot: Snapshot | None, run: Shown | None, problem: str, *, recorded: bool) -> Mode:
    """`problem`: why there is nothing to show, or no more."""
    if problem:
        return Mode("observer_failed")
    if snapshot is None:
        return Mode("reading" if recorded else "starting")
    if not snapshot.position.live:
        return Mode("playing" if snapshot.position.playing else "past", speed=snapshot.position.speed)
    if run is not None and run.stopping and snapshot.status != "ended":
        return Mode("stopping")
    return mode_of(snapshot.status, snapshot.outcome, snapshot.exit_code, snapshot.stuck)

"""What stands in the row of a process, above its threads: its number, its load, how it ended."""

from syncscope_engine.model.state import TaskState
from syncscope_engine.recording import Sample
from syncscope_engine.signals import signal_name
from syncscope_engine.tables import Tables

from ..i18n import t
from ..look import Look
from .amounts import percent
from .cells import Part
from .lane_rows import Row


def process_line(row: Row, state: TaskState, tables: Tables, sample: Sample | None, look: Look) -> list[Part]:
    info = tables.tasks[row.task]
    muted = look.style("muted")
    dot = f" {look.symbol('separator')} "
    parts: list[Part] = [(" " + t("lanes.pid", pid=info.pid), muted)] if info.pid else []
    if not state.run.ended:
        load = _load(row.task, tables, sample)
        if load is not None:
            parts.append((dot + t("lanes.cpu", percent=percent(load)), muted))
        return parts
    paint = look.for_run(state.run)
    code = state.exit_code
    if code is None:
        parts.append((dot + t(f"states.{state.run.value}"), paint.style))
    elif code < 0:
        parts.append((dot + t("lanes.killed_by", signal=signal_name(-code)), look.style("error")))
    else:
        parts.append((dot + t("lanes.exit", code=code), look.style("error") if code else muted))
    return parts


def _load(process: int, tables: Tables, sample: Sample | None) -> float | None:
    """Processors in use by the threads of `process`, as sampled; None when nothing was."""
    if sample is None:
        return None
    shares = [
        thread.run_share
        for thread in sample.threads
        if (info := tables.tasks.get(thread.task)) and info.process == process
    ]
    return sum(shares) if shares else None

"""Running, says the probe; on a processor for a tenth of the time, says the system: the lane shows both.

Cells of a running thread become as high as the sampled share of its time on a processor; a thread that hardly
was on one, nor in the queue for one, stands in a call outside of Python.
"""

from collections.abc import Callable, Sequence

from syncscope_engine.model.activity import Load
from syncscope_engine.model.state import Run

from .lane_cells import HOLDS, Cell, pure
from .lane_page import LanePage

FULL = 0.94
HARDLY = 0.03
OUTSIDE = Cell((Run.RUNNING, Run.SLEEPING), 0, 0)
"""Runs for the probes, and hardly ever on a processor."""
_RUNNING = pure(Run.RUNNING)


def is_outside(load: Load) -> bool:
    return load.on_core < HARDLY and load.in_queue < HARDLY and not load.waits_for_gil


def with_load(page: LanePage, task: int, cells: Sequence[Cell], flags: Sequence[int]) -> list[Cell]:
    window, activity, spans = page.window, page.activity, page.spans
    middle = window.ns_per_column // 2
    result = list(cells)
    for i, cell in enumerate(cells):
        if cell is not _RUNNING or (i < len(flags) and flags[i] & HOLDS):
            continue
        load = activity.load(task, window.time(i) + middle, spans)
        if load is None or load.on_core >= FULL:
            continue
        result[i] = OUTSIDE if is_outside(load) else _part(max(1, min(7, round(8 * load.on_core))))
    return result


def with_load_of_all(
    page: LanePage, key: int, belongs: Callable[[int], bool], cells: Sequence[Cell]
) -> list[Cell]:
    """The same for the lane `key` of many tasks: the threads of it that `belongs` knows, taken together."""
    window, activity, spans = page.window, page.activity, page.spans
    middle = window.ns_per_column // 2
    result = list(cells)
    for i, cell in enumerate(cells):
        if cell.active < 2 or cell.blocked or Run.RUNNING not in cell.runs:
            continue  # it would look the same
        load = activity.load_of_all(key, belongs, window.time(i) + middle, spans)
        if load is None or load.on_core >= FULL:
            continue
        if is_outside(load):
            result[i] = OUTSIDE if cell is _RUNNING else Cell(cell.runs, 0, 0)
        elif cell is _RUNNING:
            result[i] = _part(max(1, min(7, round(8 * load.on_core))))
        else:
            result[i] = Cell(cell.runs, 0, max(1, round(cell.active * load.on_core)))
    return result


def _part(eighths: int) -> Cell:
    return Cell((Run.RUNNING, Run.READY), 0, eighths)

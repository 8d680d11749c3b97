"""The words of a lane that stands for many tasks: how many run, how many wait for what."""

from collections.abc import Callable
from heapq import nlargest
from operator import itemgetter

from rich.cells import cell_len
from rich.style import Style

from syncscope_engine.model.state import Run

from ..i18n import t
from .amounts import count
from .lane import Over
from .lane_cells import RUNS
from .lane_page import LanePage
from .lane_paint import LanePaint
from .sampled_load import is_outside
from .tallies import Tally

MOST_WAITS = 2
"""So many of the things that are waited for are named."""
_SAID_FIRST = (
    Run.RUNNING,
    Run.READY,
    Run.BLOCKED,
    Run.SLEEPING,
    Run.FAILED,
    Run.CREATED,
    Run.CANCELLED,
    Run.DONE,
)

Said = tuple[str, Run | None]  # None: not what the probes say


def said_of(tally: Tally, page: LanePage, belongs: Callable[[int], bool]) -> list[Said]:
    """`12 run`, `4,968 wait for lock`, ...: the states in a fixed order, what most wait for first.

    `belongs`: whether a thread is one of the lane's.
    """
    said: list[Said] = []
    counts = dict(zip(RUNS, tally.counts, strict=True))
    sampled = _sampled(page, belongs) if counts[Run.RUNNING] else {}
    counts[Run.RUNNING] = max(counts[Run.RUNNING] - sum(sampled.values()), 0)
    for run in _SAID_FIRST:
        n = counts[run]
        if n and run is Run.BLOCKED:
            said += _waits(tally, n, page)
        elif n:
            said.append((t(f"lanes.crowd.{run.value}", n=n, count=count(n)), run))
        if run is Run.RUNNING:
            said += [(t(f"lanes.crowd.{key}", n=n, count=count(n)), None) for key, n in sampled.items() if n]
    return said


def _sampled(page: LanePage, belongs: Callable[[int], bool]) -> dict[str, int]:
    """Threads that run for the probes and do not, say the samples."""
    now_ns, found = page.window.now_ns, {"waits_for_gil": 0, "outside": 0}
    for task in page.activity.threads_at(now_ns):
        state = page.state.tasks.get(task)
        if state is None or state.run is not Run.RUNNING or not belongs(task):
            continue
        load = page.activity.load(task, now_ns, page.spans)
        if load is not None and load.waits_for_gil:
            found["waits_for_gil"] += 1
        elif load is not None and is_outside(load):
            found["outside"] += 1
    return found


def _waits(tally: Tally, n_blocked: int, page: LanePage) -> list[Said]:
    by_name: dict[str, int] = {}
    for obj, n in tally.waits.items():
        if n:
            name = page.name(obj)
            by_name[name] = by_name.get(name, 0) + n
    said: list[Said] = []
    left = n_blocked
    for name, n in nlargest(MOST_WAITS, by_name.items(), key=itemgetter(1)):
        n = min(n, left)
        left -= n
        if n:
            said.append((t("lanes.crowd.waits_for", n=n, count=count(n), what=name), Run.BLOCKED))
    if left:
        key = "lanes.crowd.wait_else" if said else "lanes.crowd.blocked"
        said.append((t(key, n=left, count=count(left)), Run.BLOCKED))
    return said


def crowd_words(tally: Tally, page: LanePage, paint: LanePaint, belongs: Callable[[int], bool]) -> list[Over]:
    """To the right of the pen, as many as have room there; when none has, at the left edge, over the past."""
    look, width = page.look, page.window.width
    gap = f" {look.symbol('separator')} "
    parts: list[tuple[str, Run | None]] = []
    said = said_of(tally, page, belongs)
    room = width - page.window.pen - 4
    if not said or cell_len(said[0][0]) + 2 > room:
        room = width - 4
    for i, (text, run) in enumerate(said):
        more = f" {look.symbol('ellipsis')}" if i < len(said) - 1 else ""
        piece = (gap if parts else "") + text
        if cell_len(piece + more) > room:
            if parts:
                parts.append((f" {look.symbol('ellipsis')}", None))
            break
        room -= cell_len(piece)
        if parts:
            parts.append((gap, None))
        parts.append((text, run))
    if not parts:
        return []
    length = sum(cell_len(text) for text, _ in parts) + 2
    column = width - length if page.window.pen + 2 <= width - length else 1
    ground = look.ground("background") + look.style("muted")
    over = [Over(column, " " * length, ground)]
    column += 1
    for text, of_run in parts:
        style = _style(of_run, paint) if of_run is not None else ground
        over.append(Over(column, text, style))
        column += cell_len(text)
    return over


def _style(run: Run, paint: LanePaint) -> Style:
    return paint.look.ground("background") + paint.words(run, False)

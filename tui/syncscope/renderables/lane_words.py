"""The words on a lane: what it waits for now, what it waited for, what it holds, who let it go on, how it ended.

Words stand on the span that they belong to and stay where they are while the pen moves on, so that they can be
read and cost nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.style import Style

from syncscope_engine.events import Kind
from syncscope_engine.model.state import Run, TaskState, Wait

from ..i18n import t
from ..look import Look
from .cells import cut
from .hand_offs import HandOff
from .lane import Over
from .lane_cells import HOLDS, Cell, pure
from .lane_page import LanePage
from .lane_paint import LanePaint
from .sampled_load import is_outside
from .wait_text import wait_variants

_BLOCKED = pure(Run.BLOCKED)
_LEAST = 3  # cells of a name that say something
_LONG_ENOUGH = re.compile(rb"\x01{%d,}" % (_LEAST + 2))
_WORTH_WORDS_NS = 350_000_000
"""Words that come and go faster than they can be read are noise, and most of what is written to the terminal."""
_GIVEN = {
    Kind.RELEASE: "lock",
    Kind.NOTIFY: "wake",
    Kind.SET: "wake",
    Kind.PUT: "item",
    Kind.GET: "room",
}


def words(
    page: LanePage,
    task: TaskState,
    cells: Sequence[Cell],
    flags: Sequence[int],
    paint: LanePaint,
    hand_offs: Sequence[HandOff] = (),
    focused: bool = False,
) -> list[Over]:
    """From the bottom layer to the top one."""
    over = [*_past(page, task, cells, flags, paint)]
    if focused:
        over += _who(page, task.id, cells, paint, hand_offs)
    return over


def words_now(page: LanePage, task: TaskState, paint: LanePaint, focused: bool = False) -> list[Over]:
    """Why it stands still, or how it ended: above everything else."""
    now = _now(page, task, paint, focused)
    return [now] if now else []


def _past(
    page: LanePage, task: TaskState, cells: Sequence[Cell], flags: Sequence[int], paint: LanePaint
) -> Iterator[Over]:
    window = page.window
    for start, end in _runs([cell is _BLOCKED for cell in cells]):
        wait = _wait_at(page, task.id, window.time(start))
        if wait is None or not wait.obj or wait == task.wait:
            continue
        if wait != _wait_at(page, task.id, window.time(end) - 1):
            continue
        yield from _inside(start, end, page.name(wait.obj), page.look, paint.words(Run.BLOCKED, False))
    held_by_it = [flag & HOLDS and not cell.blocked for cell, flag in zip(cells, flags, strict=False)]
    for start, end in _runs(held_by_it) if any(held_by_it) else ():
        held = page.holds.at(task.id, window.time(start + 1))
        names = ", ".join(dict.fromkeys(page.resource_name(resource) for resource in held))
        yield from _inside(start, end, names, page.look, paint.holding)


def _runs(belongs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Stretches of cells long enough for words.  The last cell is not sure yet."""
    for found in _LONG_ENOUGH.finditer(bytes(map(bool, belongs))):
        yield found.span()


def _inside(start: int, end: int, text: str, look: Look, style: Style) -> Iterator[Over]:
    room = end - start - 2
    text = cut(text, room, look.symbol("ellipsis"))
    if text and cell_len(text) <= room:
        yield Over(start + 1, text, style)


def _wait_at(page: LanePage, task: int, t_ns: int) -> Wait | None:
    spans = page.spans.between(task, t_ns, t_ns + 1)
    return spans[0].wait if spans else None


def _now(page: LanePage, task: TaskState, paint: LanePaint, focused: bool) -> Over | None:
    """The words for the state that the task is in, over the end of its lane."""
    window = page.window
    if not 0 <= window.pen < window.width:
        return None  # looking at the past
    if task.run.ended:
        style = page.look.for_run(task.run).style
        return Over(max(window.column(task.end_ns), 0) + 1, _end(page, task), style)
    if task.wait is None:
        return _running(page, task)
    if not (focused or page.stands_still) and window.now_ns - task.wait.since_ns < _WORTH_WORDS_NS:
        return None
    start = max(window.column(task.wait.since_ns), 0) + 1
    variants = [f" {text} " for text in wait_variants(page, task)]
    if not variants:
        return None
    room = window.width - start
    text = next((v for v in variants if cell_len(v) <= room), "")
    if not text:
        # near the right edge: over the lane's own past, until the page turns
        text = variants[min(1, len(variants) - 1)]
        start = max(window.width - cell_len(text), 0)
    calm = task.wait.kind == Kind.JOIN
    run = Run.SLEEPING if calm else task.run
    return Over(start, text, paint.words(run, not calm), paint.words(run, False))


def _running(page: LanePage, task: TaskState) -> Over | None:
    """What the samples say of a thread that runs for the probes."""
    load = page.activity.load(task.id, page.window.now_ns, page.spans) if task.run is Run.RUNNING else None
    if load is None or not (load.waits_for_gil or is_outside(load)):
        return None
    text = " " + t("lanes.waits_for_gil" if load.waits_for_gil else "lanes.outside")
    start = page.window.pen + 1
    return (
        Over(start, text, page.look.style("muted")) if start + cell_len(text) <= page.window.width else None
    )


def _end(page: LanePage, task: TaskState) -> str:
    if task.run is Run.FAILED:
        exception = next((e for e in reversed(page.tables.exceptions) if e.task == task.id), None)
        if exception:
            return f" {exception.type}: {exception.message}" if exception.message else f" {exception.type}"
    return " " + t(f"states.{task.run.value}")


def end_mark(task: TaskState, page: LanePage) -> str:
    if task.run is Run.DONE:
        return page.look.symbol("ok")
    return page.look.for_run(task.run).glyph


def _who(
    page: LanePage, lane: int, cells: Sequence[Cell], paint: LanePaint, hand_offs: Sequence[HandOff]
) -> Iterator[Over]:
    """Beside the marks of the focused lane: what was handed over, from whom, to whom."""
    columns = sorted({hand_off.column for hand_off in hand_offs})
    for hand_off in hand_offs:
        i = columns.index(hand_off.column)
        end = columns[i + 1] if i + 1 < len(columns) else page.window.width
        given = hand_off.source == lane
        other = page.tables.task_name(hand_off.link.target if given else hand_off.link.source)
        text = t("lanes.gives" if given else "lanes.gets", what=_what(page, hand_off), who=other)
        if cell_len(text) + 1 <= end - hand_off.column - 1 and 0 <= hand_off.column < len(cells):
            yield Over(hand_off.column + 1, text, page.look.style("mark"))


def _what(page: LanePage, hand_off: HandOff) -> str:
    link = hand_off.link
    if link.obj in page.tables.tasks:
        return t("lanes.start") if link.kind in (Kind.SPAWN, Kind.START) else t("lanes.end")
    return page.resource_name(link.obj)

"""The left end of a lane: whose it is, where in the tree of processes, threads and asyncio tasks, in what state."""

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from syncscope_engine.model.state import Run

from ..look import Look, Symbols
from .amounts import count
from .cells import Part, fit, strip
from .clean import clean
from .lane_rows import Row

_TAIL = 4
_DEEPEST = 4
_FOLDS: dict[Symbols, tuple[str, str]] = {"unicode": ("▾", "▸"), "plain": ("▾", "►"), "ascii": ("-", "+")}


def fold_glyphs(look: Look) -> tuple[str, str]:
    """Of a task whose children have lanes of their own, and of one whose children share its lane."""
    return _FOLDS[look.symbols]


def gutter_width(width: int) -> int:
    """Cells for labels in a widget of `width`, with the line that closes them."""
    return 18 if width < 100 else 24 if width < 160 else 30


def short_name(name: str, width: int, ellipsis: str = "…") -> str:
    """A name cut in its middle: `ThreadPoolExecutor-0_3` and `…_4` must stay apart."""
    name = clean(name)
    if cell_len(name) <= width or len(name) != cell_len(name) or width < _TAIL + len(ellipsis) + 2:
        return fit(name, width, ellipsis)
    return name[: width - _TAIL - len(ellipsis)] + ellipsis + name[-_TAIL:]


@lru_cache(maxsize=2048)
def label(
    row: Row, name: str, run: Run | None, look: Look, width: int, *, focused: bool = False, aim: str = ""
) -> tuple[Segment, ...]:
    """Segments of `width` cells.  `aim`: "holds" or "waits" for the resource that is looked at."""
    fold = " "
    if row.n_inside or row.is_crowd:
        fold = _FOLDS[look.symbols][row.folded]
    plain = look.style("text")
    if row.kind == "process" or focused:
        plain += Style(bold=True)
    elif row.is_crowd:
        pass
    elif run is None or run.ended or run is Run.CREATED:
        plain = look.style("muted")
    parts: list[Part] = [
        (look.symbol("here"), look.style("cursor")) if focused else (" ", Style.null()),
        (" " * min(row.depth - 1, _DEEPEST), Style.null()),
        (fold, look.style("muted")),
    ]
    if row.kind != "process" and run is not None:
        paint = look.for_run(run)
        parts.append((paint.letter, paint.block))
    if row.kind != "process" and not row.is_crowd:
        parts.append(_aim(aim, look))
    used = sum(cell_len(text) for text, _ in parts)
    if row.is_crowd:
        more = f" {look.symbol('times')}{count(row.n_inside)}" if row.n_inside > 1 else ""
    else:
        more = f" +{count(row.n_inside)}" if row.folded else ""
    parts.append((short_name(name, width - used - len(more) - 1, look.symbol("ellipsis")), plain))
    parts.append((more, look.style("accent")))
    behind = look.ground("selection") if focused else None
    line = strip(parts, width - 1, behind)
    return (*line, Segment(look.symbol("vertical"), look.style("muted")))


def _aim(aim: str, look: Look) -> Part:
    if aim == "holds":
        return look.symbol("owner"), look.style("owner")
    if aim == "waits":
        return look.symbol("waiter"), look.style("waiter")
    return " ", Style.null()

"""Which character and style a cell of a lane gets.

One state fills its cell with its glyph.  Several in one cell never pass for one of them: a load (running now and
then) is a bar as high as its share, and contention (blocked, among other things) has characters of its own,
however short the wait was.  Whoever holds a lock has rails in its lane.  All of it is told by the character, so
that it stays when there are no colours; the colours say it again.
"""

from dataclasses import dataclass
from functools import cache

from rich.style import Style

from syncscope_engine.model.state import Run

from ..look import Look, Symbols
from ..palettes import Role
from .lane_cells import HOLDS, HOLDS_IT, WAITS_IT, Cell

Painted = tuple[str, Style]

# while something is held: running, blocked, anything else
_RAILS: dict[Symbols, tuple[str, str, str]] = {
    "unicode": ("═", "╪", "╤"),
    "plain": ("⠶", "⠷", "⠖"),
    "ascii": ("=", "%", ":"),
}
# blocked for up to a third, up to two thirds, more
_CONTENTION: dict[Symbols, str] = {"unicode": "▙▚▖", "plain": "▙▚▖", "ascii": "&&&"}
# active for one to seven eighths; not the half, which would look like "ready"
_LOAD: dict[Symbols, str] = {"unicode": " ▁▂▃▅▅▆▇", "plain": " ⢀⣀⣠⣴⣴⣶⣾", "ascii": " oooOOOO"}
# runs for the probes, but hardly ever on a processor
_OUTSIDE: dict[Symbols, str] = {"unicode": "╌", "plain": "⠔", "ascii": "~"}


@dataclass(frozen=True, slots=True)
class LanePaint:
    """How cells look.  `aimed`: one resource is looked at, all else steps back."""

    look: Look
    aimed: bool = False

    def cell(self, cell: Cell, flags: int = 0) -> Painted:
        return _cell(self.look, self.aimed, cell, flags)

    @property
    def holding(self) -> Style:
        return _solid(self.look, "owner")

    def later(self, style: Style) -> Style:
        """What has not happened yet at the moment that is looked at."""
        return _later(self.look, style)

    @property
    def cursor(self) -> Style:
        """Laid over the column of the moment that is looked at."""
        return Style(reverse=True)

    def words(self, run: Run, behind_pen: bool) -> Style:
        """Words on a span: on the state's colour as far as the pen has come, in it beyond."""
        paint = self.look.for_run(run)
        return paint.block if behind_pen else paint.style


@cache
def _cell(look: Look, aimed: bool, cell: Cell, flags: int) -> Painted:
    if not cell.runs:
        return " ", Style.null()
    glyph, style = _plain(look, cell, flags)
    if not aimed:
        return glyph, style
    if flags & HOLDS_IT:
        rail = _RAILS[look.symbols][0 if cell.active else 1]
        return rail, _solid(look, "owner")
    if flags & WAITS_IT:
        return look.for_run(Run.BLOCKED).glyph, look.for_run(Run.BLOCKED).block
    return glyph, look.style("muted") + Style(dim=True, bold=False)


@cache
def _later(look: Look, style: Style) -> Style:
    if not style:
        return style
    if look.colours == "none":
        return Style(dim=True)
    return look.style("muted") + Style(dim=look.colours != "16", bold=False)


def _plain(look: Look, cell: Cell, flags: int) -> Painted:
    runs = tuple(run for run in cell.runs if not run.ended) or cell.runs
    main = look.for_run(runs[0])
    if cell.blocked and len(runs) > 1:
        other = look.for_run(next(run for run in runs if run is not Run.BLOCKED))
        glyph = _CONTENTION[look.symbols][0 if cell.blocked < 3 else 1 if cell.blocked < 6 else 2]
        behind = look.for_run(Run.BLOCKED).style
        if look.colours == "none":
            return glyph, other.style
        return glyph, other.style + Style(bgcolor=behind.color)
    if flags & HOLDS:
        running, blocked, other_rail = _RAILS[look.symbols]
        if cell.blocked:
            return blocked, main.style
        return (running if cell.active else other_rail), _solid(look, "owner")
    if len(runs) > 1 and runs[0] is Run.RUNNING and not cell.active:
        return _OUTSIDE[look.symbols], main.style
    if len(runs) > 1 and cell.active:
        active = next(run for run in runs if run in (Run.RUNNING, Run.READY))
        return _LOAD[look.symbols][cell.active], look.for_run(active).style
    if runs[0].ended:
        return " ", Style.null()  # the end has a mark of its own
    return main.glyph, main.style


def _solid(look: Look, role: Role) -> Style:
    style = look.style(role)
    if look.colours == "none":
        return style + Style(reverse=True)
    ground = look.ground("background")
    return Style(color=ground.bgcolor, bgcolor=style.color, bold=True)

"""The focused task in words: what it waits for, who has that, what that one waits for, to the end or round the ring."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from syncscope_engine.model.state import Run

from ..i18n import t
from ..look import Look
from .cells import Part, cut, ends, strip
from .clean import clean


@dataclass(frozen=True, slots=True)
class Standing:
    """One task of the chain."""

    name: str
    run: Run
    words: str  # why it stands still, or what it does
    line: int = 0  # in the source; 0 = unknown
    code: str = ""  # the text of that line


def detail_lines(chain: Sequence[Standing], ring: bool, look: Look, width: int, height: int) -> list[Strip]:
    """One line for each task of the chain; `ring`: the last one waits for one of the others."""
    if not chain:
        return [strip([(" " + t("run.detail.none"), look.style("muted"))], width)]
    shown = list(chain[:height])
    lines = []
    for i, standing in enumerate(shown):
        last = i == len(shown) - 1
        hidden = len(chain) - len(shown) if last else 0
        closing = ring and last and not hidden
        lines.append(_line(standing, i, hidden, closing, look, width))
    return lines


def _line(standing: Standing, depth: int, hidden: int, closing: bool, look: Look, width: int) -> Strip:
    paint = look.for_run(standing.run)
    muted = look.style("muted")
    branch = f" {look.symbol('last_branch')}{look.symbol('right')} " if depth else " "
    bold = look.style("text") + Style(bold=depth == 0)
    left: list[Part] = [
        (branch, muted),
        (f" {paint.letter} ", paint.block),
        (f" {standing.name}", bold),
        (f"  {standing.words}", look.style("text")),
    ]
    right: list[Part] = []
    if closing:
        right.append((f"  {t('run.detail.ring')} ", look.style("error")))
    if hidden:
        right.append((f"  {t('run.detail.more', n=hidden)} ", muted))
    room = width - sum(cell_len(clean(text)) for text, _ in left + right) - 3
    if standing.line and room >= 12:
        code = clean(standing.code.strip())
        told = f"{standing.line} {look.symbol('vertical')} {code}" if code else t("run.line", n=standing.line)
        right.append((cut(told, min(room, width // 2), look.symbol("ellipsis")) + " ", muted))
    return ends(left, right, width, ellipsis=look.symbol("ellipsis"))

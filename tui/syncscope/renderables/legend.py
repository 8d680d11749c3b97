"""What the signs of the lanes mean, drawn by what draws the lanes, so that the legend cannot differ from them."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from syncscope_engine.model.state import Run

from ..i18n import t
from ..look import Look
from .cells import wrap
from .hand_offs import hand_off_glyphs
from .label import fold_glyphs
from .lane_cells import HOLDS, HOLDS_IT, Cell, pure
from .lane_paint import LanePaint
from .sampled_load import OUTSIDE

INDENT = 2
SAMPLE = 8
"""Cells for a sign."""

Sample = list[tuple[str, Style]]


def legend(look: Look, width: int) -> Text:
    """States, then everything else that a lane shows; lines of at most `width` cells."""
    text = Text()
    text.append(t("help.states") + "\n", look.style("accent"))
    for run in Run:
        paint = look.for_run(run)
        sample = [(f" {paint.letter} ", paint.block), (" ", Style.null()), (paint.glyph * 3, paint.style)]
        words = f"{t(f'states.{run.value}')}: {t(f'states.{run.value}_means')}"
        _line(text, sample, words, look, width)
    text.append("\n" + t("help.signs") + "\n", look.style("accent"))
    for name, sample in _signs(look):
        _line(text, sample, t(f"help.sign.{name}"), look, width)
    return text


def _line(text: Text, sample: Sample, words: str, look: Look, width: int) -> None:
    text.append(" " * INDENT)
    for characters, style in sample:
        text.append(characters, style)
    used = sum(cell_len(characters) for characters, _ in sample)
    left = INDENT + SAMPLE + 1
    for n, line in enumerate(wrap(words, max(10, width - left))):
        text.append(" " * (left if n else SAMPLE - used + 1) + line + "\n", look.style("text"))


def _signs(look: Look) -> Iterator[tuple[str, Sample]]:
    paint = LanePaint(look)
    mark, wrong = look.style("mark"), look.style("error")
    yield "holds", [paint.cell(pure(Run.RUNNING), HOLDS)] * 3
    yield "holds_blocked", [paint.cell(pure(Run.BLOCKED), HOLDS)] * 3
    yield "holds_else", [paint.cell(pure(Run.SLEEPING), HOLDS)] * 3
    yield "load", [paint.cell(Cell((Run.SLEEPING, Run.RUNNING), 0, share)) for share in (1, 3, 7)]
    yield (
        "contention",
        [paint.cell(Cell((Run.RUNNING, Run.BLOCKED), share, 8 - share)) for share in (2, 4, 7)],
    )
    yield "outside", [paint.cell(OUTSIDE)] * 3
    gives, takes = hand_off_glyphs(look, "to_below"), hand_off_glyphs(look, "from_above")
    yield "hand_off_down", [(f"{gives} {takes}", mark)]
    gives, takes = hand_off_glyphs(look, "to_above"), hand_off_glyphs(look, "from_below")
    yield "hand_off_up", [(f"{gives} {takes}", mark)]
    both = dict.fromkeys((hand_off_glyphs(look, "to_both"), hand_off_glyphs(look, "both")))
    yield "hand_offs", [(" ".join(both), mark)]
    yield "read", [("r7", mark)]
    yield "write", [("w8", mark)]
    yield "stale", [("w8" + look.symbol("error"), wrong)]
    yield "focused", [(look.symbol("here"), look.style("cursor"))]
    unfolded, folded = fold_glyphs(look)
    yield "folds", [(f"{unfolded} {folded}", look.style("muted")), (" +3", look.style("accent"))]
    yield "crowd", [(folded, look.style("muted")), (f" {look.symbol('times')}9", look.style("accent"))]
    yield (
        "aim",
        [
            (look.symbol("owner"), look.style("owner")),
            (" ", Style.null()),
            (look.symbol("waiter"), look.style("waiter")),
            (" ", Style.null()),
            *[LanePaint(look, aimed=True).cell(pure(Run.RUNNING), HOLDS_IT)] * 3,
        ],
    )

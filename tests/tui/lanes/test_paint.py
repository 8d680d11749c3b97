"""What the cells look like: by character, not by colour alone, in every set of symbols."""

import itertools

import pytest
from rich.console import Console
from textual.strip import Strip

from syncscope.look import Look
from syncscope.renderables.drawn_lanes import DrawnLanes
from syncscope.renderables.lane import Over, lane
from syncscope.renderables.lane_cells import HOLDS, HOLDS_IT, WAITS_IT, Cell, pure
from syncscope.renderables.lane_paint import LanePaint
from syncscope.renderables.sampled_load import OUTSIDE
from syncscope_engine.model.state import Run

CONSOLE = Console(color_system="256", force_terminal=True)
LOOKS = [
    Look(symbols, colours, palette)
    for symbols in ("unicode", "plain", "ascii")
    for colours in ("truecolor", "256", "16", "none")
    for palette in ("dark", "light", "projector")
]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.symbols}-{look.colours}-{look.palette}")
def test_running_waiting_sleeping_and_outside_differ_by_character_alone(look: Look) -> None:
    paint = LanePaint(look)
    glyphs = [paint.cell(pure(run))[0] for run in (Run.RUNNING, Run.BLOCKED, Run.SLEEPING, Run.READY)]
    glyphs.append(paint.cell(OUTSIDE)[0])
    assert all(a != b for a, b in itertools.combinations(glyphs, 2))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.symbols}-{look.colours}-{look.palette}")
def test_a_holder_and_contention_are_told_by_the_character(look: Look) -> None:
    paint = LanePaint(look)
    plain = paint.cell(pure(Run.RUNNING))[0]
    assert paint.cell(pure(Run.RUNNING), HOLDS)[0] != plain
    little = Cell((Run.RUNNING, Run.BLOCKED), 1, 7)
    assert paint.cell(little)[0] not in (plain, paint.cell(pure(Run.BLOCKED))[0])


def test_with_one_resource_looked_at_its_holder_and_waiters_stand_out() -> None:
    paint = LanePaint(Look("unicode", "truecolor", "dark"), aimed=True)
    holds = paint.cell(pure(Run.RUNNING), HOLDS | HOLDS_IT)
    waits = paint.cell(pure(Run.BLOCKED), WAITS_IT)
    other = paint.cell(pure(Run.RUNNING))
    assert len({holds, waits, other}) == 3
    assert other[1].dim
    assert not holds[1].dim
    assert not waits[1].dim


def test_ascii_is_ascii() -> None:
    paint = LanePaint(Look("ascii", "none", "dark"))
    cells = [pure(run) for run in Run] + [Cell((Run.RUNNING, Run.BLOCKED), b, 8 - b) for b in range(1, 8)]
    assert "".join(paint.cell(c, f)[0] for c in cells for f in (0, HOLDS, WAITS_IT, HOLDS_IT)).isascii()


@pytest.mark.parametrize("text", ["stock_lock", "\u9501\u4f4f\u4e86"], ids=["narrow", "wide"])
def test_a_line_that_grows_is_the_one_that_would_be_drawn_anew(text: str) -> None:
    paint, drawn = LanePaint(Look("unicode", "256", "dark")), DrawnLanes()
    runs = [Run.RUNNING, Run.RUNNING, Run.BLOCKED, Run.SLEEPING, Run.BLOCKED, Run.BLOCKED, Run.RUNNING]
    cells: list[Cell] = []
    over: list[Over] = []
    for i in range(60):
        cells = [*cells[:-1], pure(runs[i % 5]), pure(runs[i % 7])]  # the last one is never sure
        if i % 9 == 0:
            over = [*over, Over(i, text, paint.holding)]
        flags = bytes(HOLDS * (n % 4 == 0) for n in range(len(cells)))
        made = drawn.line(1, (), cells, flags, over, paint, 70, None)
        anew = lane(cells, flags, over, paint, 70)
        assert Strip(made).render(CONSOLE) == Strip(anew).render(CONSOLE)
        assert drawn.line(1, (), cells, flags, over, paint, 70, None) is made

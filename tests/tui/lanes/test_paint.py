"""What the cells look like: by character, not by colour alone, in every set of symbols."""

import itertools

import pytest

from syncscope.look import Look
from syncscope.renderables.lane_cells import HOLDS, HOLDS_IT, WAITS_IT, Cell, pure
from syncscope.renderables.lane_paint import LanePaint
from syncscope.renderables.sampled_load import OUTSIDE
from syncscope_engine.model.state import Run

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

"""Only what changed is written: against Textual's own way, which also shows that ours is still needed."""

from io import StringIO

from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from syncscope.narrow_compositor import NarrowUpdate


def written(update: ChopsUpdate) -> str:
    console = Console(file=StringIO(), force_terminal=True, color_system=None)
    return update.render_segments(console)


def test_a_change_in_the_middle_of_a_line_writes_only_that() -> None:
    line = {0: Strip([Segment("abcdefghij")]), 10: Strip([Segment("klmnopqrst")])}
    arguments = [line], [(0, 4, 6), (0, 9, 12)], [[10, 20]]
    assert written(NarrowUpdate(*arguments)) == "\x1b[1;5Hef\x1b[1;10Hj\x1b[1;11Hkl"
    assert len(written(ChopsUpdate(*arguments))) > len(written(NarrowUpdate(*arguments)))


def test_whole_parts_and_wide_characters() -> None:
    line = {0: Strip([Segment("锁锁锁")]), 6: None}
    assert written(NarrowUpdate([line], [(0, 0, 6)], [[6, 9]])) == "\x1b[1;1H锁锁锁"
    assert written(NarrowUpdate([line], [(0, 2, 4)], [[6, 9]])) == "\x1b[1;3H锁"

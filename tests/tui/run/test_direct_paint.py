"""What is written past the compositor: the right cells in the right colours, with as few codes as possible."""

import io

import pyte
import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from syncscope.direct_paint import _PLAIN, Pen, _as_text, _part, _pen_of
from syncscope.renderables.narrow import is_narrow

RED, BLUE = Pen("1", "31", "48;5;233"), Pen("", "38;5;12", "48;5;233")


def shown(text: str) -> pyte.Screen:
    screen = pyte.Screen(20, 3)
    pyte.Stream(screen).feed(text)
    return screen


def test_stretches_land_where_they_belong_in_their_colours() -> None:
    screen = shown(
        _as_text([(0, 2, [(RED, "ab"), (BLUE, "c")]), (1, 0, [(BLUE, "\u2588")]), (2, 19, [(RED, "z")])])
    )
    assert [line.rstrip() for line in screen.display] == ["  abc", "\u2588", " " * 19 + "z"]
    assert screen.buffer[0][2].bold
    assert screen.buffer[0][2].fg == "red"
    assert not screen.buffer[0][4].bold
    assert screen.buffer[0][4].bg == screen.buffer[0][2].bg == "121212"
    assert screen.cursor.attrs.fg == "default"


def test_only_what_differs_is_said() -> None:
    assert BLUE.after(BLUE) == ""
    assert Pen("", "32", "48;5;233").after(BLUE) == "\x1b[32m"
    assert BLUE.after(RED) == "\x1b[0;38;5;12;48;5;233m"
    assert Pen("", "", "48;5;233").after(BLUE) == "\x1b[39m"


@pytest.mark.parametrize("colours", ["standard", "256", "truecolor"])
def test_pens_draw_as_rich_does(colours: str) -> None:
    console = Console(color_system=colours, file=io.StringIO(), force_terminal=True)  # type: ignore[arg-type]
    for definition in (
        "bold red on blue",
        "dim #aabbcc",
        "bright_green on bright_black reverse",
        "underline",
        "",
    ):
        drawn = Strip([Segment("x", Style.parse(definition))]).render(console)
        mine = _as_text([(0, 0, [(_pen_of(drawn), "x")])])
        assert shown(mine).buffer[0][0] == shown(drawn).buffer[0][0], definition


def test_a_part_of_a_line_is_cut_out_also_through_wide_characters() -> None:
    line = [Segment("ab", Style()), Segment("cd\u4e2d\u6587", Style()), Segment("ef", Style())]
    assert "".join(s.text for s in _part(line, 1, 3)) == "bc"
    assert sum(cell_len(s.text) for s in _part(line, 3, 7)) == 4
    assert _pen_of("x") == _PLAIN


def test_narrow_texts_have_one_cell_for_each_character() -> None:
    for code in range(0x20, 0x3000):
        character = chr(code)
        assert not is_narrow(character) or cell_len(character) == 1, hex(code)
    assert not is_narrow("\u4e2d")
    assert is_narrow("\u2588\u2592\u2500 \u2713 ms")

"""Text in cells: cut, wrapped, made harmless."""

import pytest
from rich.cells import cell_len
from rich.style import Style

from syncscope.renderables.cells import cut, ends, fit, strip, wrap
from syncscope.renderables.clean import clean

BOLD, PLAIN = Style(bold=True), Style.null()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b]0;title\x07", "^[[2J^[]0;title^G"),
        ("a\tb", "a       b"),
        ("\x9b2J", "\\x9b2J"),
        ("\udcff", "\\xff"),
        ("\u202eevil", "\\u202eevil"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("全\u3000角", "全  角"),
        ("❤\ufe0f", "❤"),
    ],
)
def test_nothing_of_the_program_steers_the_terminal(raw: str, shown: str) -> None:
    assert clean(raw) == shown
    assert clean(raw).isprintable()


def test_cut_tells_that_something_is_missing() -> None:
    assert cut("worker-12", 9) == "worker-12"
    assert cut("worker-12", 6) == "worke…"
    assert cut("工作线程", 5) == "工作…"
    assert fit("工作", 6, right=True) == "  工作"


@pytest.mark.parametrize("width", [7, 12, 20, 33])
@pytest.mark.parametrize(
    "text",
    [
        "T1 and T2 wait for each other: neither can go on, ever.",
        "任务「T1」等待锁「lock」，而锁被「T2」持有；两者互相等待，谁也不能继续。",
        "a" * 100 + " b",
    ],
)
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_chinese_line_begins_with_a_closing_mark() -> None:
    lines = wrap("锁「甲」被持有，锁「乙」也被持有；谁也不能继续。" * 3, 16)
    assert not any(line[0] in "，。；」" for line in lines)


def test_a_strip_has_its_width_and_merges_neighbours() -> None:
    made = strip([("ab", BOLD), ("cd", BOLD), ("ef", PLAIN)], 10)
    assert made.text == "abcdef    "
    assert [s.style for s in made][:1] == [BOLD]
    assert made.cell_length == 10
    assert strip([("abcdef", PLAIN)], 4).text == "abcd"
    assert strip([("工作线程", PLAIN)], 5).text == "工作 "


def test_the_right_end_stays_when_there_is_no_room() -> None:
    assert ends([("a long title", PLAIN)], [("12 s", BOLD)], 10).text == "a lon…12 s"

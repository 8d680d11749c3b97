"""Output: lines of several streams, harmless, never too many."""

from syncscope.look import Look
from syncscope.renderables.output import AT_ONCE, KEPT_LENGTH, KEPT_LINES, OutputText, OutputView
from syncscope_engine.recording import Output


def text_of(*pieces: tuple[str, str], width: int = 40) -> list[str]:
    text = OutputText()
    outputs: list[Output] = []
    for stream, piece in pieces:
        outputs.append(Output(0, stream, piece))  # type: ignore[arg-type]
        text.add(outputs)  # in the pieces in which it comes
    rows = text.rows(width)
    whole = OutputText()
    whole.add(outputs)
    assert whole.rows(width) == rows
    return [f"{stream[3:]}: {row}" for stream, row, _ in rows]


def test_a_line_may_come_in_pieces() -> None:
    assert text_of(("stdout", "one "), ("stdout", "line\ntwo"), ("stdout", "\n")) == [
        "out: one line",
        "out: two",
    ]


def test_streams_are_told_apart_in_the_order_of_printing() -> None:
    pieces = ("stdout", "count: "), ("stderr", "warning\n"), ("stdout", "3\n"), ("stdin", "yes\n")
    assert text_of(*pieces) == ["out: count: ", "err: warning", "out: 3", "in: yes"]


def test_a_carriage_return_writes_over_the_line() -> None:
    assert text_of(("stdout", "10 %\r"), ("stdout", "20 %\r"), ("stdout", "done\r\n")) == ["out: done"]
    assert text_of(("stdout", "long line\rshort\n")) == ["out: shortline"]


def test_escape_sequences_and_garbage_are_shown_not_obeyed() -> None:
    garbage = "\x1b[2J\x1b[31mred\x1b[0m \x07\x00\udcfe\n"
    assert text_of(("stdout", garbage)) == ["out: ^[[2Jred ^G^@\\xfe"]


def test_an_endless_line_is_cut_and_empty_lines_stay() -> None:
    rows = text_of(("stdout", "x" * 1_000_000), width=KEPT_LENGTH + 100)
    assert rows == ["out: " + "x" * KEPT_LENGTH + " (line cut)"]
    assert text_of(("stdout", "a\n\n\nb\n")) == ["out: a", "out: ", "out: ", "out: b"]


def test_the_oldest_lines_go_and_are_counted() -> None:
    text, outputs = OutputText(), []
    n = KEPT_LINES * 3
    for start in range(0, n, 500):
        outputs.append(Output(0, "stdout", "".join(f"{i}\n" for i in range(start, start + 500))))
        text.add(outputs)
        text.rows(40)
    view = OutputView(text.rows(40), text.n_forgotten, Look(), 40)
    assert text.n_forgotten + len(text.lines) == n
    assert len(text.lines) < KEPT_LINES * 1.2
    assert f"{text.n_forgotten:,} earlier lines" in view.row(0).text
    assert view.row(1).text.split() == [str(text.n_forgotten)]
    assert view.row(view.n_rows - 1).text.split() == [str(n - 1)]


def test_of_a_flood_the_end_is_shown_and_the_rest_is_counted() -> None:
    text = OutputText()
    n = 20_000
    lines = [f"{i:060}\n" for i in range(n)]
    outputs = [
        Output(0, "stdout", "first\npartial"),
        *(Output(0, "stdout", "".join(lines[i::2])) for i in (0, 1)),
    ]
    text.add(outputs[:1])
    text.add(outputs)
    rows = [row for _, row, _ in text.rows(60)]
    assert rows[:2] == ["first", "partial"]
    shown = len(rows) - 3
    assert rows[2] == f"({n - shown:,} lines were too fast to be shown)"
    assert 0 < shown <= AT_ONCE // 61
    assert rows[-1] == f"{n - 1:060}"


def test_long_lines_are_wrapped_and_the_first_row_is_marked() -> None:
    text = OutputText()
    text.add([Output(0, "stderr", "word " * 20)])
    view = OutputView(text.rows(37), 0, Look(), 40)
    assert view.n_rows == 3
    assert [view.row(y).text.startswith(" ✗ ") for y in range(3)] == [True, False, False]

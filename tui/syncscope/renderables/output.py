"""What the program prints, and what it was given to read: as lines, harmless to the terminal, with their source."""

from dataclasses import dataclass
from itertools import islice

from rich.style import Style
from textual.strip import Strip

from syncscope_engine.recording import Output

from ..i18n import t
from ..look import Look
from .amounts import count
from .cells import strip, wrap
from .clean import clean

KEPT_LINES = 5_000
KEPT_LENGTH = 2_000  # characters of one line


@dataclass(slots=True)
class _Line:
    stream: str
    text: str = ""
    column: int = 0  # where the next character goes: a carriage return goes back (progress bars)
    open: bool = True  # no newline yet

    def write(self, piece: str) -> None:
        for i, part in enumerate(piece.split("\r")):
            if i:
                self.column = 0
            part = part[: max(0, KEPT_LENGTH + 1 - self.column)]
            end = self.column + len(part)
            self.text = self.text[: self.column] + part + self.text[end:]
            self.column = end


class OutputText:
    """The output so far, as lines.  Grows with `add`; keeps the newest lines and counts the others."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self.n_forgotten = 0
        self._n_taken = 0
        self._width = 0
        self._rows: list[tuple[str, str, bool]] = []  # stream, text, first row of its line
        self._first_open = 0  # lines from here on may still change
        self._rows_before: int = 0  # rows of the lines before that

    def add(self, outputs: list[Output]) -> bool:
        """Take what is new in `outputs`; whether there was anything."""
        n = len(outputs)
        if n == self._n_taken:
            return False
        for output in islice(outputs, self._n_taken, n):
            self._write(output.stream, output.text)
        self._n_taken = n
        surplus = len(self.lines) - KEPT_LINES
        if surplus > KEPT_LINES // 10:
            del self.lines[:surplus]
            self.n_forgotten += surplus
            self._width = 0
        return True

    def _write(self, stream: str, text: str) -> None:
        pieces = text.split("\n")
        for i, piece in enumerate(pieces):
            last = i == len(pieces) - 1
            line = self._open_line(stream) if i == 0 else None
            if line is None:
                if last and not piece:
                    break
                line = _Line(stream)
                self.lines.append(line)
            line.write(piece)
            line.open = last

    def _open_line(self, stream: str) -> _Line | None:
        """The unfinished last line of `stream`, unless something else was printed since."""
        if self.lines and self.lines[-1].open and self.lines[-1].stream == stream:
            return self.lines[-1]
        return None

    def rows(self, width: int) -> list[tuple[str, str, bool]]:
        """Everything wrapped to `width`; only what may have changed is wrapped again."""
        if width != self._width:
            self._width, self._rows, self._first_open, self._rows_before = width, [], 0, 0
        del self._rows[self._rows_before :]
        for i in range(self._first_open, len(self.lines)):
            line = self.lines[i]
            if i < len(self.lines) - 1:
                self._first_open = i + 1
            text = clean(line.text[:KEPT_LENGTH])
            if len(line.text) > KEPT_LENGTH:
                text += " " + t("run.output.long_line")
            for j, row in enumerate(wrap(text, width)):
                self._rows.append((line.stream, row, j == 0))
            if i < len(self.lines) - 1:
                self._rows_before = len(self._rows)
        return self._rows


@dataclass(frozen=True)
class OutputView:
    rows: list[tuple[str, str, bool]]
    n_forgotten: int
    look: Look
    width: int
    heading: Strip | None = None

    MARGIN = 3

    @property
    def n_rows(self) -> int:
        return max(1, len(self.rows) + (1 if self.n_forgotten else 0))

    def row(self, y: int) -> Strip:
        look = self.look
        if not self.rows:
            return strip([(" " + t("run.output.none"), look.style("muted"))], self.width)
        if self.n_forgotten:
            if y == 0:
                told = t("run.output.forgotten", n=count(self.n_forgotten))
                return strip([(" " + told, look.style("muted"))], self.width)
            y -= 1
        stream, text, first = self.rows[y]
        mark, style = self._of(stream)
        return strip([(f" {mark if first else ' '} ", style), (text, style)], self.width)

    def _of(self, stream: str) -> tuple[str, Style]:
        look = self.look
        if stream == "stderr":
            return look.symbol("error"), look.style("error") + Style(bold=False)
        if stream == "stdin":
            return look.symbol("left"), look.style("accent") + Style(bold=False)
        return " ", look.style("text")


def text_width(width: int) -> int:
    """Room for the text itself in a panel of `width`."""
    return max(2, width - OutputView.MARGIN)

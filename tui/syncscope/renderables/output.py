"""What the program prints, and what it was given to read: as lines, harmless to the terminal, with their source."""

from dataclasses import dataclass

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
AT_ONCE = 1 << 16  # characters taken between two frames; of a flood the newest


Row = tuple[str, str, bool]  # stream, text, whether it begins a line


@dataclass(slots=True)
class _Line:
    stream: str  # or "skipped"
    text: str = ""
    column: int = 0  # where the next character goes: a carriage return goes back (progress bars)
    open: bool = True  # no newline yet
    n_skipped: int = 0  # lines that are not shown in this place
    n_rows: int = 0  # when it was wrapped last

    def write(self, piece: str) -> None:
        for i, part in enumerate(piece.split("\r")):
            if i:
                self.column = 0
            part = part[: max(0, KEPT_LENGTH + 1 - self.column)]
            end = self.column + len(part)
            self.text = self.text[: self.column] + part + self.text[end:]
            self.column = end

    def shown(self) -> str:
        if self.n_skipped:
            return t("run.output.skipped", n=count(self.n_skipped))
        text = clean(self.text[:KEPT_LENGTH])
        return f"{text} {t('run.output.long_line')}" if len(self.text) > KEPT_LENGTH else text


class OutputText:
    """The output so far, as lines.  Grows with `add`; keeps the newest lines and counts the others."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self.n_forgotten = 0
        self._n_taken = 0
        self._width = 0
        self._rows: list[Row] = []
        self._n_wrapped = 0  # lines whose rows are final; only the last line of all can still change

    def add(self, outputs: list[Output]) -> bool:
        """Take what is new in `outputs`; whether there was anything."""
        new = outputs[self._n_taken :]
        if not new:
            return False
        self._n_taken += len(new)
        first, room = len(new), AT_ONCE
        while first and room > 0:
            first -= 1
            room -= len(new[first].text)
        if room < 0:
            self._skip([output.text for output in new[:first]], new[first], -room)
            first += 1
        for output in new[first:]:
            self._write(output.stream, output.text)
        self._forget(len(self.lines) - KEPT_LINES)
        return True

    def _skip(self, before: list[str], output: Output, size: int) -> None:
        """Pass over `before` and `size` characters of `output`, to the next beginning of a line."""
        end = output.text.find("\n", size) + 1 or size
        n = sum(text.count("\n") for text in before) + output.text.count("\n", 0, end)
        if n:
            if self.lines:
                self.lines[-1].open = False
            self.lines.append(_Line("skipped", open=False, n_skipped=n))
        self._write(output.stream, output.text[end:])

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

    def _forget(self, surplus: int) -> None:
        if surplus <= KEPT_LINES // 10:
            return
        gone = self.lines[:surplus]
        self.n_forgotten += sum(line.n_skipped or 1 for line in gone)
        wrapped = gone[: self._n_wrapped]
        del self._rows[: sum(line.n_rows for line in wrapped)]
        self._n_wrapped -= len(wrapped)
        del self.lines[:surplus]

    def rows(self, width: int) -> list[Row]:
        """Everything wrapped to `width`; only what may have changed is wrapped again."""
        if width != self._width:
            self._width, self._rows, self._n_wrapped = width, [], 0
        rows, lines = self._rows, self.lines
        if self._n_wrapped:
            self._n_wrapped -= 1  # the last one may have grown
            del rows[len(rows) - lines[self._n_wrapped].n_rows :]
        for i in range(self._n_wrapped, len(lines)):
            wrapped = wrap(lines[i].shown(), width)
            lines[i].n_rows = len(wrapped)
            rows += [(lines[i].stream, row, j == 0) for j, row in enumerate(wrapped)]
        self._n_wrapped = len(lines)
        return rows


@dataclass(frozen=True)
class OutputView:
    rows: list[Row]
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
        if stream == "skipped":
            return " ", look.style("muted")
        if stream == "stdin":
            return look.symbol("left"), look.style("accent") + Style(bold=False)
        return " ", look.style("text")


def text_width(width: int) -> int:
    """Room for the text itself in a panel of `width`."""
    return max(2, width - OutputView.MARGIN)

"""The panel of what the program prints, with a line to type what it reads."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from ..feed import Snapshot
from ..i18n import t
from ..look import current_look
from ..renderables.output import OutputText, OutputView, text_width
from .rows_view import RowsView

PIECES = 2000
"""Of the output of the past, so many pieces before the playhead are shown."""


class OutputRows(RowsView):
    follows_end = True

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.text = OutputText()

    def build(self, width: int) -> OutputView:
        return OutputView(self.text.rows(text_width(width)), self.text.n_forgotten, current_look(), width)


class InputLine(Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "run.keys.leave_input"),
        Binding("ctrl+d", "end_of_input", "run.keys.end_of_input"),
    ]
    DEFAULT_CSS = """
    InputLine, InputLine:focus { height: 1; border: none; padding: 0 1; background: $surface; }
    InputLine:focus { background: $selection; }
    """

    @dataclass
    class Left(Message):
        """Escape: back to the picture."""

    @dataclass
    class Ended(Message):
        """The program shall read no more."""

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def action_end_of_input(self) -> None:
        self.post_message(self.Ended())


class OutputPanel(Vertical):
    DEFAULT_CSS = """
    OutputPanel > OutputRows { height: 1fr; }
    """

    @dataclass
    class LineTyped(Message):
        """A line for the program's standard input, with its end of line."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._looked_back = False
        self._shown = (-1, True)  # in the past: how many pieces, and whether it was the present after all

    def compose(self) -> ComposeResult:
        yield OutputRows()
        yield InputLine(placeholder=t("run.output.placeholder"), compact=True)

    @property
    def rows_view(self) -> OutputRows:
        return self.query_one(OutputRows)

    @property
    def input(self) -> InputLine:
        return self.query_one(InputLine)

    def show(self, snapshot: Snapshot, task: int) -> None:
        reads = snapshot.status != "ended"
        if self.input.display != reads:
            if self.input.has_focus:
                self.post_message(InputLine.Left())
            self.input.display = reads
        if snapshot.position.live and not self._looked_back:
            if self.rows_view.text.add(snapshot.recording.outputs):
                self.rows_view.update_rows()
            return
        # of the past only the end is made, from nothing: that costs the same however much was printed
        n = snapshot.n_outputs
        if (n, snapshot.position.live) == self._shown:
            return
        self._shown = n, snapshot.position.live
        self._looked_back = not snapshot.position.live
        self.rows_view.text = OutputText()
        outputs = snapshot.recording.outputs
        self.rows_view.text.add(outputs if snapshot.position.live else outputs[max(n - PIECES, 0) : n])
        self.rows_view.update_rows()

    def forget(self) -> None:
        """Another program: what the last one printed goes."""
        self._looked_back, self._shown = False, (-1, True)
        self.rows_view.text = OutputText()
        self.rows_view.update_rows()

    def retranslate(self) -> None:
        self.input.placeholder = t("run.output.placeholder")

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.LineTyped(event.value + "\n"))
        self.input.clear()

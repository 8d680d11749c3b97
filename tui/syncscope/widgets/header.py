"""The first line of the run screen."""

from collections.abc import Sequence

from textual.strip import Strip

from ..look import current_look
from ..renderables.header import Facts, header
from ..renderables.mode import Mode
from .fixed_lines import FixedLines


class HeaderLine(FixedLines):
    DEFAULT_CSS = "HeaderLine { background: $panel; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.title = self.program = ""
        self.facts = Facts(Mode("starting"))

    def show(self, title: str, program: str, facts: Facts) -> None:
        self.title, self.program, self.facts = title, program, facts
        self.update_lines()

    def build(self, width: int, height: int) -> Sequence[Strip]:
        return [header(self.title, self.program, self.facts, current_look(), width)]

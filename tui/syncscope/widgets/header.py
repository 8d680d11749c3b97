"""The first line of the run screen."""

from collections.abc import Sequence

from textual.strip import Strip

from ..feed import Snapshot
from ..look import current_look
from ..pace import Pace
from ..renderables.header import Facts, header
from ..renderables.mode import Mode
from .fixed_lines import FixedLines

COUNTS_S = 0.5


class HeaderLine(FixedLines):
    DEFAULT_CSS = "HeaderLine { background: $panel; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.title = self.program = ""
        self.facts = Facts(Mode("starting"))
        self._counted: Snapshot | None = None
        self._pace = Pace(COUNTS_S)

    def show(self, title: str, program: str, mode: Mode, snapshot: Snapshot | None) -> None:
        self.title, self.program, self.facts = title, program, Facts(mode)
        if snapshot is not None:
            if self._pace.is_due((mode, snapshot.position.live, snapshot.start_ns)):
                self._counted = snapshot  # counts that run with every frame cannot be read
            counted = self._counted if snapshot.position.live and self._counted else snapshot
            self.facts = Facts(
                mode, snapshot.now_ns - snapshot.start_ns, counted.n_events,
                counted.dropped, counted.sampled, counted.probe_share, snapshot.state.gate_ns,
                0 if snapshot.position.live else snapshot.end_ns - snapshot.start_ns,
            )  # fmt: skip
        self.update_lines()

    def build(self, width: int, height: int) -> Sequence[Strip]:
        return [header(self.title, self.program, self.facts, current_look(), width)]

"""What a run without a screen says of itself while it goes on: one line on standard error, on terminals only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from syncscope_engine.analysis import Analysis
from syncscope_engine.model.state import Run
from syncscope_engine.session import Session

from .closed_pipe import write_line
from .i18n import t
from .renderables.amounts import clock, count

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """Where there is no terminal: says nothing, and passes lines on."""

    on_poll: Callable[[Session, Analysis], None] | None = None

    def write(self, line: str) -> None:
        """A line on standard error, above the progress."""
        write_line(line, sys.stderr)


class _OnTerminal(Progress):
    def __init__(self, status: "Status") -> None:
        self._status = status
        self.on_poll = self._update

    def write(self, line: str) -> None:
        self._status.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _update(self, session: Session, analysis: Analysis) -> None:
        self._status.update(progress_line(session, analysis))


@contextmanager
def progress() -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console

    with Console(stderr=True).status(t("summary.starting"), refresh_per_second=4) as status:
        yield _OnTerminal(status)


def progress_line(session: Session, analysis: Analysis) -> str:
    tasks = [task for task in analysis.state.tasks.values() if not task.run.ended]
    return t(
        "summary.progress",
        time=clock(session.now_ns - session.recording.tables.start_ns),
        events=count(len(session.recording)),
        tasks=len(tasks),
        waiting=sum(task.run is Run.BLOCKED for task in tasks),
        findings=len(analysis.findings),
    )

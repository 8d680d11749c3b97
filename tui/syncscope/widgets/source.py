"""The panel of the program's text: follows the line of the focused task."""

from pathlib import Path

from textual.strip import Strip

from syncscope_engine.model.state import Run

from ..feed import Snapshot
from ..i18n import t
from ..look import Look, current_look
from ..renderables.cells import Part
from ..renderables.source import SourceView, colour, heading, marks_in
from .rows_view import RowsView

LARGEST = 2_000_000  # bytes of a file that is shown


class SourcePanel(RowsView):
    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.snapshot: Snapshot | None = None
        self.looked_at = 0
        self.main_file = ""  # shown while no task says where it is
        self._files: dict[tuple[str, Look], tuple[list[list[Part]], str]] = {}
        self._plain: dict[int, Strip] = {}
        self._plain_of: tuple[str, Look, int] | None = None
        self._followed: tuple[str, int, int] | None = None  # file, line, task that was brought into view

    def show(self, snapshot: Snapshot, task: int) -> None:
        self.snapshot, self.looked_at = snapshot, task
        self.update_rows()
        self._follow()

    def forget(self, main_file: str) -> None:
        """Another program, or a changed file."""
        self.main_file = main_file
        self._files.clear()
        self._plain_of = None
        self._followed = None

    def build(self, width: int) -> SourceView | None:
        if (snapshot := self.snapshot) is None:
            return None
        look, file = current_look(), self._file_and_line()[0]
        lines, problem = self._text(file, look)
        if self._plain_of != (file, look, width):
            self._plain_of, self._plain = (file, look, width), {}
        marks = marks_in(file, snapshot.state, snapshot.tables, self.looked_at)
        top = heading(file, marks, look, width)
        return SourceView(lines, marks, look, width, problem, top, self._plain)

    def on_show(self) -> None:
        super().on_show()
        self._follow()

    def _file_and_line(self) -> tuple[str, int]:
        """Where the focused task is; else the first task that stands still in the main file."""
        if self.snapshot:
            state, tables = self.snapshot.state, self.snapshot.tables
            task = state.tasks.get(self.looked_at)
            place = tables.places.get(task.place) if task else None
            if place and place.line:
                return place.file, place.line
            for task in state.tasks.values():
                place = tables.places.get(task.place)
                if task.run in (Run.BLOCKED, Run.SLEEPING) and place and place.file == self.main_file:
                    return place.file, place.line
        return self.main_file, 0

    def _follow(self) -> None:
        file, line = self._file_and_line()
        if self.rows is None or not line or self._followed == (file, line, self.looked_at):
            return
        self._followed = (file, line, self.looked_at)
        y = self.scroll_offset.y
        margin = min(3, self.room // 4)
        if not y + margin <= line - 1 < y + self.room - margin:
            # a third from the top: what follows a line matters more than what precedes it
            self.scroll_row(max(0, line - 1 - self.room // 3))

    def _text(self, file: str, look: Look) -> tuple[list[list[Part]], str]:
        if (file, look) not in self._files:
            recorded = self.snapshot.recording.sources.get(file) if self.snapshot else None
            self._files[file, look] = (colour(recorded, look), "") if recorded else _read(file, look)
        return self._files[file, look]


def _read(file: str, look: Look) -> tuple[list[list[Part]], str]:
    """The lines in colour, or why there are none."""
    if not file:
        return [], t("run.source.none")
    try:
        path = Path(file)
        if path.stat().st_size > LARGEST:
            return [], t("run.source.too_large", file=file)
        return colour(path.read_text(encoding="utf-8", errors="replace"), look), ""
    except OSError as error:
        return [], t("run.source.unreadable", file=file, why=error.strerror or error)

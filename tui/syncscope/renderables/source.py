"""The program's text with the line of every task marked in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from syncscope_engine.model.state import Run, State
from syncscope_engine.tables import Tables

from ..i18n import t
from ..look import Look
from ..palettes import Role
from .cells import Part, cut, strip
from .clean import clean
from .names import task_label

_ROLES: tuple[tuple[str, Role, Style], ...] = (
    ("Token.Comment", "muted", Style(italic=True)),
    ("Token.Literal.String.Doc", "muted", Style()),
    ("Token.Literal", "sleeping", Style()),
    ("Token.Keyword", "accent", Style(bold=False)),
    ("Token.Operator.Word", "accent", Style(bold=False)),
    ("Token.Name.Function", "text", Style(bold=True)),
    ("Token.Name.Class", "text", Style(bold=True)),
    ("Token.Name.Decorator", "accent", Style(bold=False)),
)


def colour(code: str, look: Look) -> list[list[Part]]:
    """`code` line by line, in parts of one style.  Costs milliseconds: once per file and look."""
    from pygments.lexers.python import (  # type: ignore[import-untyped]
        PythonLexer,  # 30 ms that only this panel needs
    )

    styles = {name: look.style(role) + more for name, role, more in _ROLES}
    plain = look.style("text")
    lines: list[list[Part]] = [[]]
    for token, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(code.expandtabs()):
        name = str(token)
        style = next((styles[prefix] for prefix, _, _ in _ROLES if name.startswith(prefix)), plain)
        for i, piece in enumerate(text.split("\n")):
            if i:
                lines.append([])
            if piece:
                lines[-1].append((clean(piece), style))
    return lines


@dataclass(frozen=True, slots=True)
class Mark:
    """A task at a line.  `exact`: it stands there; else it was last seen there and may have gone on."""

    task: int
    name: str
    run: Run
    focused: bool = False

    @property
    def exact(self) -> bool:
        return self.run is not Run.RUNNING


def marks_in(file: str, state: State, tables: Tables, focused: int) -> dict[int, list[Mark]]:
    """Line of `file` → the tasks at it, the focused one first, then those that stand still."""
    marks: dict[int, list[Mark]] = {}
    for task in state.tasks.values():
        place, info = tables.places.get(task.place), tables.tasks.get(task.id)
        if not place or place.file != file or not info or info.internal or info.kind == "process":
            continue
        if task.run in (Run.DONE, Run.CANCELLED, Run.CREATED):
            continue
        marks.setdefault(place.line, []).append(
            Mark(task.id, task_label(task.id, tables), task.run, task.id == focused)
        )
    for group in marks.values():
        group.sort(key=lambda mark: (not mark.focused, not mark.exact, mark.task))
    return marks


@dataclass(frozen=True)
class SourceView:
    lines: Sequence[Sequence[Part]]
    marks: Mapping[int, Sequence[Mark]]
    look: Look
    width: int
    message: str = ""  # instead of the lines
    heading: Strip | None = None
    plain: dict[int, Strip] = field(default_factory=dict)  # lines without marks that are made already
    _gutter: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_gutter", max(3, len(str(len(self.lines)))))

    @property
    def n_rows(self) -> int:
        return 1 if self.message else len(self.lines)

    def row(self, y: int) -> Strip:
        look = self.look
        if self.message:
            return strip([(" " + self.message, look.style("muted"))], self.width)
        marks = self.marks.get(y + 1, ())
        number: Part = (f"{y + 1:>{self._gutter}} ", look.style("muted"))
        if not marks:
            if y not in self.plain:
                code = self._code(y, self.width - self._gutter - 3)
                self.plain[y] = strip([number, ("  ", Style.null()), *code], self.width)
            return self.plain[y]
        first = marks[0]
        paint = look.for_run(first.run)
        behind = look.ground("selection" if first.focused else "panel")
        pointer = look.symbol("here") if first.focused else look.symbol("right")
        label = list(self._label(marks))
        label_size = sum(cell_len(text) for text, _ in label)
        start = self._gutter + 3
        code_size = sum(cell_len(text) for text, _ in self.lines[y])
        room = self.width - start - label_size
        code = self._code(y, room)
        space = " " * max(0, room - min(code_size, room))
        bold = look.style("text") + Style(bold=True)
        return strip(
            [(number[0], bold), (pointer + " ", paint.style), *code, (space, Style.null()), *label],
            self.width,
            behind,
        )

    def _code(self, y: int, room: int) -> Iterable[Part]:
        for text, style in self.lines[y]:
            if cell_len(text) > room:
                yield cut(text, room, self.look.symbol("ellipsis")), style
                return
            yield text, style
            room -= cell_len(text)

    def _label(self, marks: Sequence[Mark]) -> Iterable[Part]:
        """The tasks at the right end, by name while there is room, else counted by state."""
        look, room = self.look, self.width * 2 // 5
        if sum(cell_len(mark.name) + 5 for mark in marks) <= room:
            named, counted = marks, marks[:0]
        else:
            focused = marks[0].focused and cell_len(marks[0].name) + 11 <= room
            named, counted = marks[:focused], marks[focused:]
        for mark in named:
            paint = look.for_run(mark.run)
            style = look.style("text" if mark.exact else "muted") + Style(bold=mark.focused)
            yield " ", Style.null()
            yield f" {paint.letter} ", paint.block
            yield f" {mark.name}", style
        by_run: dict[Run, int] = {}
        for mark in counted:
            by_run[mark.run] = by_run.get(mark.run, 0) + 1
        for run, n in by_run.items():
            paint = look.for_run(run)
            yield " ", Style.null()
            yield f" {paint.letter} ", paint.block
            yield f" {look.symbol('times')}{n}", look.style("text")
        yield " ", Style.null()


def heading(file: str, marks: Mapping[int, Sequence[Mark]], look: Look, width: int) -> Strip:
    """The file, and what is not exact about the marks."""
    name = file.rsplit("/", 1)[-1]
    parts: list[Part] = [(" " + name, look.style("muted") + Style(bold=True))]
    if any(not mark.exact for group in marks.values() for mark in group):
        parts.append(("  " + t("run.source.last_seen"), look.style("muted")))
    return strip(parts, width)

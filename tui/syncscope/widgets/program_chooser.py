"""The programs of a scenario; left and right, a digit or a click choose one."""

from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from ..catalogue import Program
from ..i18n import language, t
from ..look import Look, current_look
from ..palettes import Role
from ..renderables.cells import wrap

_ROLES: dict[str, Role] = {"broken": "blocked", "fixed": "running", "variant": "accent"}


def program_lines(number: int, program: Program, chosen: bool, column: int, width: int, look: Look) -> Text:
    """`● 1 broken   read, compute, write`; `column` is the width of the widest role; a long title goes on below."""
    role = t(f"catalogue.role.{program.role}")
    text = Text(no_wrap=True)
    text.append(look.symbol("chosen" if chosen else "not_chosen") + " ", look.style("accent"))
    text.append(f"{number} ", look.style("accent"))
    text.append(role + " " * (column - cell_len(role) + 1), look.style(_ROLES[program.role]))
    indent = cell_len(text.plain)
    lines = wrap(program.title[language()], max(10, width - indent))
    text.append(("\n" + " " * indent).join(lines), look.style("text"))
    if chosen:
        text.stylize("bold")
    return text


class ProgramChooser(Widget):
    DEFAULT_CSS = """
    ProgramChooser { height: auto; background: transparent; }
    """

    @dataclass
    class Chosen(Message):
        program: Program

    def __init__(self) -> None:
        super().__init__()
        self._programs: tuple[Program, ...] = ()
        self._current = 0

    @property
    def current(self) -> Program | None:
        return self._programs[self._current] if self._programs else None

    def show(self, programs: tuple[Program, ...], current: str = "") -> None:
        self._programs = programs
        self._current = next((n for n, each in enumerate(programs) if each.id == current), 0)
        self.refresh(layout=True)

    def retranslate(self) -> None:
        self.refresh(layout=True)

    def choose(self, number: int) -> None:
        """By its number from 0; what does not exist is not chosen."""
        if 0 <= number < len(self._programs) and number != self._current:
            self._current = number
            self.refresh()
            self.post_message(self.Chosen(self._programs[number]))

    def step(self, by: int) -> None:
        if self._programs:
            self.choose((self._current + by) % len(self._programs))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(len(lines) for lines in self._lines(width))

    def render(self) -> Text:
        return Text("\n").join(line for lines in self._lines(self.size.width) for line in lines)

    def _lines(self, width: int) -> list[list[Text]]:
        """The lines of each program."""
        look = current_look()
        column = max((cell_len(t(f"catalogue.role.{each.role}")) for each in self._programs), default=0)
        return [
            list(program_lines(n + 1, program, n == self._current, column, width, look).split())
            for n, program in enumerate(self._programs)
        ]

    def on_click(self, event: events.Click) -> None:
        event.stop()
        rows = [n for n, lines in enumerate(self._lines(self.size.width)) for _ in lines]
        if 0 <= event.y < len(rows):
            self.choose(rows[event.y])

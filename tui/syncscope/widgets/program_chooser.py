"""The programs of a scenario, one line each; left and right, a digit or a click choose one."""

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

_ROLES: dict[str, Role] = {"broken": "blocked", "fixed": "running", "variant": "accent"}


def program_line(number: int, program: Program, chosen: bool, column: int, look: Look) -> Text:
    """`● 1 broken   read, compute, write`; `column` is the width of the widest role."""
    role = t(f"catalogue.role.{program.role}")
    style = look.style("text")
    text = Text(no_wrap=True, overflow="ellipsis" if look.symbols == "unicode" else "crop")
    text.append(look.symbol("chosen" if chosen else "not_chosen") + " ", look.style("accent"))
    text.append(f"{number} ", look.style("accent"))
    text.append(role + " " * (column - cell_len(role) + 1), look.style(_ROLES[program.role]))
    text.append(program.title[language()], style)
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
        return len(self._programs)

    def render(self) -> Text:
        look = current_look()
        column = max((cell_len(t(f"catalogue.role.{each.role}")) for each in self._programs), default=0)
        return Text("\n").join(
            program_line(number + 1, program, number == self._current, column, look)
            for number, program in enumerate(self._programs)
        )

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.choose(event.y)

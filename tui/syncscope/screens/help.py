"""The keys of the screen below, what the states look like, and nothing else.  `?` and `F1` open it."""

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from syncscope_engine.model.state import Run

from ..i18n import has, t
from ..look import Look, current_look
from ..widgets.key_bar import KeyBar
from ..widgets.key_names import key_name
from .settled import SettledModal


@dataclass(frozen=True, slots=True)
class KeyLine:
    keys: tuple[str, ...]
    text_key: str


def key_lines(screen: Screen[object]) -> list[KeyLine]:
    """Every action of `screen` that we have a text for, shown in the footer or not."""
    by_action: dict[tuple[str, str], list[str]] = {}
    for _, binding, _, _ in screen.active_bindings.values():
        if "." in binding.description and has(binding.description):
            by_action.setdefault((binding.action, binding.description), []).append(binding.key)
    return [KeyLine(tuple(keys), text_key) for (_, text_key), keys in by_action.items()]


def help_text(lines: list[KeyLine], look: Look) -> Text:
    """The page as text: keys first, then the legend of states."""
    written = ["  ".join(key_name(key, look) for key in line.keys) for line in lines]
    width = max((cell_len(keys) for keys in written), default=0)
    text = Text()
    text.append(t("help.keys") + "\n", look.style("accent"))
    for keys, line in zip(written, lines, strict=True):
        text.append("  " + keys, look.style("text") + look.style("accent"))
        text.append(" " * (width - cell_len(keys) + 2) + t(line.text_key) + "\n", look.style("text"))
    text.append("\n" + t("help.states") + "\n", look.style("accent"))
    for run in Run:
        paint = look.for_run(run)
        text.append("  ")
        text.append(f" {paint.letter} ", paint.block)
        text.append(" ")
        text.append(paint.glyph * 4, paint.style)
        text.append("  " + t(f"states.{run.value}"), look.style("text"))
        text.append("  " + t(f"states.{run.value}_means") + "\n", look.style("muted"))
    return text


class HelpScreen(SettledModal[None]):
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background; }
    HelpScreen VerticalScroll {
        width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; background: $surface;
        margin-bottom: 1;
    }
    HelpScreen Static { width: 1fr; height: auto; background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "dismiss", "keys.close"),
        Binding("up", "scroll(-1)", "keys.scroll"),
        Binding("down", "scroll(1)", "keys.scroll"),
    ]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._lines = key_lines(below)

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=True):
            yield Static(help_text(self._lines, current_look()))
        yield KeyBar()

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

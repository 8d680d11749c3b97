"""The keys of the screen below, and what the lanes show.  `?` and `F1` open it."""

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from ..i18n import has, t
from ..look import Look, current_look
from ..renderables.legend import legend
from ..widgets.key_bar import KeyBar
from ..widgets.key_names import key_name
from .settled import SettledModal

WIDEST = 100
GAP = 3


@dataclass(frozen=True, slots=True)
class KeyLine:
    keys: tuple[str, ...]
    text_key: str


def key_lines(screen: Screen[object]) -> list[KeyLine]:
    """Everything that keys do on `screen` and that we have a text for, shown in the footer or not."""
    by_text: dict[str, list[str]] = {}
    for _, binding, _, _ in screen.active_bindings.values():
        if "." in binding.description and has(binding.description):
            by_text.setdefault(binding.description, []).append(binding.key)
    return [KeyLine(tuple(keys), text_key) for text_key, keys in by_text.items()]


def written_keys(keys: tuple[str, ...], look: Look) -> str:
    """`1 2 3 … 9` as `1-9`."""
    digits = [key for key in keys if key.isdecimal()]
    if len(digits) < 3:
        return " ".join(key_name(key, look) for key in keys)
    others = [key_name(key, look) for key in keys if key not in digits]
    return " ".join([f"{digits[0]}-{digits[-1]}", *others])


def keys_text(lines: list[KeyLine], look: Look, width: int) -> Text:
    """In as many columns as there is room for."""
    written = [written_keys(line.keys, look) for line in lines]
    texts = [t(line.text_key) for line in lines]
    key_column = max(map(cell_len, written), default=0)
    column = key_column + 2 + max(map(cell_len, texts), default=0) + GAP
    n_columns = max(1, (width - 2 + GAP) // column)
    n_rows = -(-len(lines) // n_columns)
    text = Text()
    text.append(t("help.keys") + "\n", look.style("accent"))
    for y in range(n_rows):
        text.append("  ")
        for i in range(y, len(lines), n_rows):
            text.append(written[i] + " " * (key_column - cell_len(written[i]) + 2), look.style("accent"))
            space = " " * (column - key_column - 2 - cell_len(texts[i]))
            text.append(texts[i] + (space if i + n_rows < len(lines) else ""), look.style("text"))
        text.append("\n")
    return text


class HelpScreen(SettledModal[None]):
    DEFAULT_CSS = """
    HelpScreen { align: center top; background: $background; }
    HelpScreen VerticalScroll {
        width: 100; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; background: $surface;
        margin-bottom: 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    HelpScreen Static { width: 1fr; height: auto; background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "dismiss", "keys.close"),
        Binding("up", "scroll(-1)", "keys.scroll"),
        Binding("down", "scroll(1)", "keys.scroll"),
        Binding("pageup", "page(-1)", "keys.scroll", show=False),
        Binding("pagedown,space", "page(1)", "keys.scroll", show=False),
        Binding("home", "edge(-1)", "keys.scroll", show=False),
        Binding("end", "edge(1)", "keys.scroll", show=False),
    ]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._lines = key_lines(below)

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static()
        yield KeyBar()

    def on_resize(self) -> None:
        width = min(self.app.size.width, WIDEST) - 3  # padding and scroll bar
        look = current_look()
        text = keys_text(self._lines, look, width)
        text.append("\n").append_text(legend(look, width))
        self.query_one(Static).update(text)

    @property
    def _page(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def action_scroll(self, lines: int) -> None:
        self._page.scroll_relative(y=lines, animate=False)

    def action_page(self, direction: int) -> None:
        self._page.scroll_relative(y=direction * max(1, self._page.size.height - 1), animate=False)

    def action_edge(self, direction: int) -> None:
        self._page.scroll_to(y=0 if direction < 0 else self._page.max_scroll_y, animate=False)

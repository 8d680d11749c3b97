"""The last line of every screen: the keys that work here, in the current language; a click presses them."""

from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from ..look import Look, current_look
from .key_names import description, key_name

GAP = 2
HELP_ACTION = "app.help"


@dataclass(frozen=True, slots=True)
class KeyHint:
    """One action with the keys that the bar names for it."""

    keys: tuple[str, ...]
    text: str
    enabled: bool = True
    always: bool = False  # shown however narrow the line is


def key_hints(screen: Screen[object], look: Look) -> list[KeyHint]:
    """The shown bindings of `screen`, nearest first, one for each text.

    An action is named by its first key.  Two actions with one text are a pair such as left and right and are
    named together, when each is one character.
    """
    focused = screen.focused
    typing = focused is not None and focused.check_consume_key("slash", "/")
    hints: dict[str, KeyHint] = {}
    actions: set[str] = set()
    for _, binding, enabled, _ in screen.active_bindings.values():
        if not binding.show or not binding.description or binding.action in actions:
            continue
        if typing and binding.key == "slash":
            continue  # Textual leaves out what would be typed, but does not know that "slash" would
        actions.add(binding.action)
        text = binding.description
        before = hints.get(text)
        if before is None:
            always = binding.action == HELP_ACTION
            hints[text] = KeyHint((binding.key,), description(text), enabled, always)
        elif all(len(key_name(key, look)) == 1 for key in (*before.keys, binding.key)):
            hints[text] = replace(before, keys=(*before.keys, binding.key))
    return list(hints.values())


@dataclass(frozen=True, slots=True)
class Laid:
    """A hint with the columns that it covers."""

    hint: KeyHint
    written: str
    start: int
    end: int


def lay_out(hints: list[KeyHint], width: int, look: Look) -> list[Laid]:
    """As many hints as fit, in their order; help always, because it names the rest."""
    written = ["".join(key_name(key, look) for key in hint.keys) for hint in hints]
    lengths = [
        cell_len(keys) + 1 + cell_len(hint.text) + GAP for keys, hint in zip(written, hints, strict=True)
    ]
    reserved = sum(length for length, hint in zip(lengths, hints, strict=True) if hint.always)
    laid: list[Laid] = []
    at = 1
    for hint, keys, length in zip(hints, written, lengths, strict=True):
        if hint.always:
            reserved -= length
        if at + length - GAP + reserved > width:
            continue
        laid.append(Laid(hint, keys, at, at + length - GAP))
        at += length
    return laid


class KeyBar(Widget):
    """One line; replaces Textual's footer, which costs a widget per key and speaks one language."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $footer-background; color: $footer-foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._laid: list[Laid] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def retranslate(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        look = current_look()
        self._laid = lay_out(key_hints(self.screen, look), width, look)
        base = self.rich_style
        key_style = base + look.style("accent")
        segments = [Segment(" ", base)]
        at = 1
        for laid in self._laid:
            segments.append(Segment(" " * (laid.start - at), base))
            segments.append(Segment(laid.written, key_style if laid.hint.enabled else base))
            segments.append(Segment(" " + laid.hint.text, base + _dimmed(laid.hint, look)))
            at = laid.end
        return Strip(segments).adjust_cell_length(width, base)

    async def on_click(self, event: events.Click) -> None:
        for laid in self._laid:
            if laid.start <= event.x < laid.end:
                event.stop()
                if not laid.hint.enabled:
                    return
                # of two keys with one text ("up down move") the half that was clicked
                part = (event.x - laid.start) * len(laid.hint.keys) // (laid.end - laid.start)
                self.app.simulate_key(laid.hint.keys[part])
                return


def _dimmed(hint: KeyHint, look: Look) -> Style:
    return Style.null() if hint.enabled else look.style("muted")

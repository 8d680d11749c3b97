"""How things look: which characters and which colours this terminal can show, and what each state gets.

Renderables take a `Look` as an argument; the application keeps the current one.  A state is always told by its
letter and its glyph as well as by its colour, so that nothing is lost in 16 colours or in none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from rich.color import Color
from rich.style import Style

from syncscope_engine.model.state import Run

from . import palettes
from .palettes import Ground, PaletteName, Role

Symbols = Literal["unicode", "plain", "ascii"]
Colours = Literal["truecolor", "256", "16", "none"]
Symbol = Literal[
    "ok", "missing", "error", "warning", "note", "right", "left", "up", "down", "here", "playhead", "mark",
    "owner", "waiter", "free", "ellipsis", "vertical", "horizontal", "branch", "last_branch", "separator",
    "bullet", "paused", "live", "chosen", "not_chosen", "times",
]  # fmt: skip
SYMBOL_SETS: tuple[Symbols, ...] = get_args(Symbols)

# one letter per state, the same in every set and language
_LETTERS = {
    Run.CREATED: "N",
    Run.READY: "Y",
    Run.RUNNING: "R",
    Run.BLOCKED: "B",
    Run.SLEEPING: "S",
    Run.DONE: "D",
    Run.FAILED: "F",
    Run.CANCELLED: "C",
}

# A glyph is repeated to fill a span.  "plain" has only characters that East Asian terminals draw one cell wide.
_GLYPHS: dict[Symbols, dict[Run, str]] = {
    "unicode": dict(zip(_LETTERS, "·▄█▒─ ✗◌", strict=True)),
    "plain": dict(zip(_LETTERS, "⠄⣤⣿░⠒ ✗◌", strict=True)),
    "ascii": dict(zip(_LETTERS, ".+#x- !~", strict=True)),
}
_SYMBOLS: dict[Symbol, tuple[str, str, str]] = {
    "ok": ("✓", "✓", "+"),
    "missing": ("✗", "✗", "-"),
    "error": ("✗", "✗", "!"),
    "warning": ("▲", "▴", "*"),
    "note": ("●", "▪", "i"),
    "right": ("→", "►", ">"),
    "left": ("←", "◄", "<"),
    "up": ("↑", "▴", "^"),
    "down": ("↓", "▾", "v"),
    "here": ("▶", "►", ">"),
    "playhead": ("┃", "▐", "|"),
    "mark": ("◆", "◉", "o"),
    "owner": ("●", "◉", "@"),
    "waiter": ("○", "◌", "o"),
    "free": ("○", "◌", "_"),
    "ellipsis": ("…", "..", ".."),
    "vertical": ("│", "|", "|"),
    "horizontal": ("─", "⠒", "-"),
    "branch": ("├", "|", "|"),
    "last_branch": ("└", "`", "`"),
    "separator": ("·", "|", "|"),
    "bullet": ("•", "▪", "*"),
    "paused": ("‖", "⏸", "="),
    "live": ("●", "◉", "*"),
    "chosen": ("●", "◉", "*"),
    "not_chosen": ("○", "◌", "o"),
    "times": ("×", "x", "x"),
}
_LEVELS: dict[Symbols, str] = {"unicode": " ▁▂▃▄▅▆▇█", "plain": " ⢀⣀⣠⣤⣴⣶⣾⣿", "ascii": " .:-=+*%#"}
_ROLE_OF: dict[Run, Role] = {run: run.value for run in Run}
# what the attributes add, with colours and without
_ALWAYS: dict[str, Style] = {
    "running": Style(bold=True),
    "failed": Style(bold=True),
    "owner": Style(bold=True),
    "error": Style(bold=True),
    "cursor": Style(bold=True),
    "accent": Style(bold=True),
    "mark": Style(bold=True),
}
_WITHOUT_COLOUR: dict[str, Style] = {
    "muted": Style(dim=True),
    "created": Style(dim=True),
    "done": Style(dim=True),
    "sleeping": Style(dim=True),
    "cursor": Style(reverse=True),
    "waiter": Style(underline=True),
    "blocked": Style(bold=True),
    "selection": Style(reverse=True),
}


@dataclass(frozen=True, slots=True)
class Paint:
    """How a state is drawn: `glyph` fills its span, `letter` names it where there is room for one."""

    letter: str
    glyph: str
    style: Style  # the glyph in the state's colour, on whatever is behind it
    block: Style  # the letter on a ground of the state's colour


@dataclass(frozen=True, slots=True)
class Look:
    symbols: Symbols = "unicode"
    colours: Colours = "truecolor"
    palette: PaletteName = "dark"

    def for_run(self, run: Run) -> Paint:
        return _paint(self, run)

    def style(self, role: Role) -> Style:
        """A foreground in this role; without colours only attributes."""
        return _style(self, role)

    def ground(self, ground: Ground) -> Style:
        """A background, to be added to a style: `look.style("text") + look.ground("selection")`."""
        return _ground(self, ground)

    def symbol(self, name: Symbol) -> str:
        """One character ("ellipsis": up to two)."""
        return _SYMBOLS[name][SYMBOL_SETS.index(self.symbols)]

    @property
    def levels(self) -> str:
        """Nine characters from empty to full, for meters one cell high."""
        return _LEVELS[self.symbols]

    def level(self, share: float) -> str:
        """The character of a share between 0 and 1; anything above zero is visible."""
        step = round(max(0.0, min(1.0, share)) * 8)
        return self.levels[max(step, 1) if share > 0 else 0]


@cache
def _style(look: Look, role: Role) -> Style:
    style = _ALWAYS.get(role, Style.null())
    if look.colours == "none":
        return style + _WITHOUT_COLOUR.get(role, Style.null())
    triplet = palettes.triplet(look.palette, role, look.colours)
    return style + Style(color=Color.from_triplet(triplet))


@cache
def _ground(look: Look, ground: Ground) -> Style:
    if look.colours == "none":
        return _WITHOUT_COLOUR.get(ground, Style.null())
    return Style(bgcolor=Color.from_triplet(palettes.triplet(look.palette, ground, look.colours)))


@cache
def _paint(look: Look, run: Run) -> Paint:
    style = _style(look, _ROLE_OF[run])
    if look.colours == "none":
        block = style + Style(reverse=True)
    else:
        behind = Color.from_triplet(palettes.triplet(look.palette, "background", look.colours))
        block = Style(color=behind, bgcolor=style.color, bold=True)
    return Paint(_LETTERS[run], _GLYPHS[look.symbols][run], style, block)


# Terminals that show 24 bits but do not say so in TERM; OpenSSH does not pass COLORTERM on.
_TRUECOLOR_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")


def detect_colours(environ: Mapping[str, str]) -> Colours:
    if environ.get("NO_COLOR"):
        return "none"
    term = environ.get("TERM", "").lower()
    if term in ("", "dumb", "unknown") or term.startswith("vt"):
        return "none"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "truecolor"
    if term.startswith(_TRUECOLOR_TERMS) or term.endswith("-direct"):
        return "truecolor"
    return "256" if "256color" in term else "16"


def detect_symbols(environ: Mapping[str, str], utf8: bool, ambiguous_is_wide: bool = False) -> Symbols:
    # the Linux console's font has 256 or 512 glyphs; TERM says nothing about which
    if not utf8 or environ.get("TERM") in ("linux", "dumb"):
        return "ascii"
    return "plain" if ambiguous_is_wide else "unicode"


def detect_look(
    environ: Mapping[str, str],
    *,
    utf8: bool = True,
    ascii_only: bool = False,
    ambiguous_is_wide: bool = False,
    palette: PaletteName = "dark",
) -> Look:
    symbols = "ascii" if ascii_only else detect_symbols(environ, utf8, ambiguous_is_wide)
    return Look(symbols, detect_colours(environ), palette)


class _Current:
    look = Look()


def current_look() -> Look:
    return _Current.look


def set_look(look: Look) -> None:
    _Current.look = look

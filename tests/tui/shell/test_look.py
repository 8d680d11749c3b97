"""Colours that can be read, signs that can be told apart without them, terminals that are recognised."""

import itertools

import pytest
from rich.cells import cell_len
from rich.color_triplet import ColorTriplet

from syncscope import palettes
from syncscope.look import _SYMBOLS, SYMBOL_SETS, Look, Symbols, detect_colours, detect_look, detect_symbols
from syncscope.palettes import GROUNDS, PALETTES, ROLES, Depth, PaletteName
from syncscope.themes import palette_of, theme_name, themes
from syncscope_engine.model.state import Run

DEPTHS: tuple[Depth, ...] = ("truecolor", "256", "16")


def luminance(colour: ColorTriplet) -> float:
    """Of WCAG 2."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)


def contrast(a: ColorTriplet, b: ColorTriplet) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)) == pytest.approx(21)
    assert contrast(ColorTriplet(0x77, 0x77, 0x77), ColorTriplet(255, 255, 255)) == pytest.approx(
        4.48, abs=0.01
    )


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("depth", ["truecolor", "256"])
def test_text_can_be_read_on_every_ground(palette: PaletteName, depth: Depth) -> None:
    """The 16 colours are whatever the terminal's owner has made of them: nothing to compute."""
    least = 7.0 if palette == "projector" and depth == "truecolor" else 4.5
    faint = {
        (role, ground): round(ratio, 2)
        for role in ROLES
        for ground in GROUNDS
        if (
            ratio := contrast(
                palettes.triplet(palette, role, depth), palettes.triplet(palette, ground, depth)
            )
        )
        < least
    }
    assert faint == {}


@pytest.mark.parametrize("palette", PALETTES)
def test_text_differs_from_every_ground_in_16_colours(palette: PaletteName) -> None:
    same = [
        (role, ground)
        for role in ROLES
        for ground in GROUNDS
        if palettes.triplet(palette, role, "16") == palettes.triplet(palette, ground, "16")
    ]
    assert same == []


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_what_is_chosen_stands_out(palette: PaletteName, depth: Depth) -> None:
    assert palettes.triplet(palette, "selection", depth) != palettes.triplet(palette, "background", depth)


@pytest.mark.parametrize("symbols", SYMBOL_SETS)
def test_states_differ_without_colour(symbols: Symbols) -> None:
    look = Look(symbols, "none")
    assert len({look.for_run(run).letter for run in Run}) == len(Run)
    assert len({look.for_run(run).glyph for run in Run}) == len(Run)
    assert all(look.for_run(run).style.color is None for run in Run)


@pytest.mark.parametrize("symbols", SYMBOL_SETS)
def test_signs_are_one_cell_wide(symbols: Symbols) -> None:
    look = Look(symbols)
    for run in Run:
        assert cell_len(look.for_run(run).glyph) == 1
    for name in _SYMBOLS:
        assert cell_len(look.symbol(name)) == 1 or name == "ellipsis"
    assert len(look.levels) == 9
    if symbols == "ascii":
        signs = "".join(look.symbol(name) for name in _SYMBOLS) + look.levels
        assert (signs + "".join(look.for_run(run).glyph for run in Run)).isascii()


def test_small_shares_are_seen() -> None:
    look = Look()
    assert look.level(0) == " "
    assert look.level(0.001) == "▁"
    assert look.level(1) == look.level(7) == "█"


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-kitty"}, "truecolor"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "screen"}, "16"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "dumb"}, "none"),
        ({}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_colours_of_the_terminal(environment: dict[str, str], colours: str) -> None:
    assert detect_colours(environment) == colours


def test_symbols_of_the_terminal() -> None:
    assert detect_symbols({"TERM": "xterm"}, utf8=True) == "unicode"
    assert detect_symbols({"TERM": "xterm"}, utf8=True, ambiguous_is_wide=True) == "plain"
    assert detect_symbols({"TERM": "xterm"}, utf8=False) == "ascii"
    assert detect_symbols({"TERM": "linux"}, utf8=True) == "ascii"
    assert detect_look({"TERM": "xterm"}, ascii_only=True).symbols == "ascii"


@pytest.mark.parametrize("depth", [*DEPTHS, "none"])
def test_themes_are_made_of_the_palettes_only(depth: Depth) -> None:
    """No shade that Textual mixes: in 256 and 16 colours it would fall on another one's colour."""
    look = Look(colours=depth)
    for palette, theme in zip(PALETTES, themes(look), strict=True):
        own = {
            palettes.triplet(palette, name, "truecolor" if depth == "none" else depth).hex
            for name in itertools.chain(ROLES, GROUNDS)
        }
        used = {value for value in theme.variables.values() if value.startswith("#")}
        assert used <= own
        assert palette_of(theme_name(palette)) == palette


def test_unknown_theme_is_the_dark_one() -> None:
    assert palette_of("textual-dark") == "dark"

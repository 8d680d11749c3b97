"""The colours of the three themes, as numbers.

Each role is given three times: 24 bit, one of the 256 colours, one of the 16.  The last two are chosen by hand,
because a terminal's nearest match merges what must stay apart (surfaces, warning and error).  The states lean on
the palette of Okabe and Ito, which colour-blind people can tell apart; glyph and letter carry them in any case.
"""

from typing import Literal, get_args

from rich._palettes import EIGHT_BIT_PALETTE, STANDARD_PALETTE
from rich.color_triplet import ColorTriplet

Depth = Literal["truecolor", "256", "16"]
PaletteName = Literal["dark", "light", "projector"]
Role = Literal[
    "text", "muted", "accent",
    "created", "ready", "running", "blocked", "sleeping", "done", "failed", "cancelled",
    "owner", "waiter", "mark", "cursor", "error", "warning", "note",
]  # fmt: skip
Ground = Literal["background", "surface", "panel", "selection"]

ROLES: tuple[Role, ...] = get_args(Role)
GROUNDS: tuple[Ground, ...] = get_args(Ground)
PALETTES: tuple[PaletteName, ...] = get_args(PaletteName)

# role: (24 bit, 256 colours, 16 colours)
_DARK: dict[Role | Ground, tuple[str, int, int]] = {
    "background": ("#0d1117", 233, 0),
    "surface": ("#161b22", 235, 0),
    "panel": ("#21262d", 236, 0),
    "selection": ("#17384d", 17, 4),
    "text": ("#e6edf3", 255, 15),
    "muted": ("#a3adb8", 248, 7),
    "accent": ("#6cc6ff", 117, 14),
    "created": ("#a3adb8", 248, 7),
    "ready": ("#f2d14e", 221, 11),
    "running": ("#2fd6b4", 79, 10),
    "blocked": ("#ff8a5c", 209, 9),
    "sleeping": ("#9db4d4", 110, 12),
    "done": ("#a3adb8", 248, 7),
    "failed": ("#f59ad8", 212, 13),
    "cancelled": ("#c4b4f0", 183, 13),
    "owner": ("#6cc6ff", 117, 14),
    "waiter": ("#ff8a5c", 209, 9),
    "mark": ("#ffffff", 231, 15),
    "cursor": ("#f2d14e", 221, 11),
    "error": ("#ff8f87", 210, 9),
    "warning": ("#f2d14e", 221, 11),
    "note": ("#6cc6ff", 117, 14),
}
_LIGHT: dict[Role | Ground, tuple[str, int, int]] = {
    "background": ("#fbfaf7", 231, 15),
    "surface": ("#f1efe9", 255, 15),
    "panel": ("#e6e3da", 254, 7),
    "selection": ("#cfe3f5", 195, 7),
    "text": ("#1b1f24", 234, 0),
    "muted": ("#545b64", 240, 0),
    "accent": ("#00528f", 24, 4),
    "created": ("#545b64", 240, 0),
    "ready": ("#6b5000", 58, 0),
    "running": ("#005f50", 23, 2),
    "blocked": ("#a63300", 124, 1),
    "sleeping": ("#3f5877", 60, 4),
    "done": ("#545b64", 240, 0),
    "failed": ("#8a1f6d", 89, 5),
    "cancelled": ("#5b3d9c", 54, 5),
    "owner": ("#00528f", 24, 4),
    "waiter": ("#a63300", 124, 1),
    "mark": ("#000000", 16, 0),
    "cursor": ("#8a1f6d", 89, 5),
    "error": ("#b3160f", 124, 1),
    "warning": ("#6b5000", 58, 0),
    "note": ("#00528f", 24, 4),
}
# Bright rooms and washed-out lamps: black on white, at least 7:1 in 24 bit, no shade that depends on a grey.
_PROJECTOR: dict[Role | Ground, tuple[str, int, int]] = {
    "background": ("#ffffff", 231, 15),
    "surface": ("#ffffff", 231, 15),
    "panel": ("#eeeeee", 255, 15),
    "selection": ("#d7e8ff", 189, 7),
    "text": ("#000000", 16, 0),
    "muted": ("#3a3a3a", 236, 0),
    "accent": ("#003f7f", 18, 4),
    "created": ("#3a3a3a", 236, 0),
    "ready": ("#4d3800", 58, 0),
    "running": ("#00493d", 22, 2),
    "blocked": ("#8f1d00", 88, 1),
    "sleeping": ("#26415f", 17, 4),
    "done": ("#3a3a3a", 236, 0),
    "failed": ("#6d0f55", 53, 5),
    "cancelled": ("#40228a", 54, 5),
    "owner": ("#003f7f", 18, 4),
    "waiter": ("#8f1d00", 88, 1),
    "mark": ("#000000", 16, 0),
    "cursor": ("#6d0f55", 53, 5),
    "error": ("#8f0a0a", 88, 1),
    "warning": ("#4d3800", 58, 0),
    "note": ("#003f7f", 18, 4),
}
_ALL = {"dark": _DARK, "light": _LIGHT, "projector": _PROJECTOR}


def triplet(palette: PaletteName, role: Role | Ground, depth: Depth) -> ColorTriplet:
    """The colour as red, green, blue: at 256 and 16 exactly one of the terminal's own, so that it survives."""
    hexadecimal, of_256, of_16 = _ALL[palette][role]
    if depth == "256":
        return EIGHT_BIT_PALETTE[of_256]
    if depth == "16":
        return STANDARD_PALETTE[of_16]
    return ColorTriplet(int(hexadecimal[1:3], 16), int(hexadecimal[3:5], 16), int(hexadecimal[5:7], 16))

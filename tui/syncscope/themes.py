"""Our three themes for Textual, in the colours that the terminal has.

Every shade that Textual would mix is given outright: in 256 and 16 colours a mixture falls on a colour that
something else already uses.
"""

from textual.design import ColorSystem
from textual.theme import Theme

from . import palettes
from .look import Look
from .palettes import PaletteName

PREFIX = "syncscope-"


def theme_name(palette: PaletteName) -> str:
    return PREFIX + palette


def palette_of(theme: str) -> PaletteName:
    """The palette of one of our themes; the dark one for a theme that is not ours."""
    name = theme.removeprefix(PREFIX)
    return name if name in palettes.PALETTES else "dark"


def themes(look: Look) -> list[Theme]:
    return [_theme(name, look) for name in palettes.PALETTES]


def _theme(palette: PaletteName, look: Look) -> Theme:
    # without colours every colour is removed later, but contrast must still decide what is bold or reverse
    depth = "truecolor" if look.colours == "none" else look.colours
    of = {role: palettes.triplet(palette, role, depth).hex for role in (*palettes.ROLES, *palettes.GROUNDS)}
    explicit = {
        "text": of["text"],
        "text-muted": of["muted"],
        "text-disabled": of["muted"],
        "text-primary": of["accent"],
        "text-secondary": of["accent"],
        "text-accent": of["accent"],
        "text-warning": of["warning"],
        "text-error": of["error"],
        "text-success": of["running"],
        "foreground-muted": of["muted"],
        "foreground-disabled": of["muted"],
        "primary-muted": of["selection"],
        "secondary-muted": of["selection"],
        "accent-muted": of["selection"],
        "warning-muted": of["panel"],
        "error-muted": of["panel"],
        "success-muted": of["panel"],
        "block-cursor-foreground": of["text"],
        "block-cursor-background": of["selection"],
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": of["text"],
        "block-cursor-blurred-background": of["panel"],
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": of["panel"],
        "border": of["accent"],
        "border-blurred": of["panel"],
        "surface-active": of["panel"],
        "scrollbar": of["muted"],
        "scrollbar-hover": of["accent"],
        "scrollbar-active": of["accent"],
        "scrollbar-background": of["surface"],
        "scrollbar-background-hover": of["surface"],
        "scrollbar-background-active": of["surface"],
        "scrollbar-corner-color": of["surface"],
        "footer-foreground": of["text"],
        "footer-background": of["panel"],
        "footer-key-foreground": of["accent"],
        "footer-key-background": of["panel"],
        "footer-description-foreground": of["text"],
        "footer-description-background": of["panel"],
        "input-cursor-background": of["text"],
        "input-cursor-foreground": of["background"],
        "input-selection-background": of["selection"],
        "link-color": of["accent"],
        "link-background-hover": of["selection"],
        "link-color-hover": of["text"],
        "button-foreground": of["text"],
        "button-color-foreground": of["background"],
        "screen-selection-background": of["selection"],
        "screen-selection-foreground": of["text"],
        "muted": of["muted"],
        "selection": of["selection"],
    }
    for level in range(1, 7):
        explicit[f"markdown-h{level}-color"] = of["accent"]
        explicit[f"markdown-h{level}-background"] = "transparent"
        explicit[f"markdown-h{level}-text-style"] = "bold"
    explicit |= {f"state-{role}": of[role] for role in palettes.ROLES}
    base = {
        "primary": of["accent"],
        "secondary": of["accent"],
        "accent": of["accent"],
        "warning": of["warning"],
        "error": of["error"],
        "success": of["running"],
        "foreground": of["text"],
        "background": of["background"],
        "surface": of["surface"],
        "panel": of["panel"],
        "boost": of["panel"],
    }
    for name in ColorSystem.COLOR_NAMES:
        value = base.get(name, of["panel"])
        explicit |= {f"{name}-{way}-{n}": value for way in ("lighten", "darken") for n in (1, 2, 3)}
    return Theme(
        name=theme_name(palette),
        primary=base["primary"],
        secondary=base["secondary"],
        accent=base["accent"],
        warning=base["warning"],
        error=base["error"],
        success=base["success"],
        foreground=base["foreground"],
        background=base["background"],
        surface=base["surface"],
        panel=base["panel"],
        boost=base["boost"],
        dark=palette == "dark",
        variables=explicit,
    )

"""How a key is written on the screen, in characters that the terminal has."""

from ..i18n import has, t
from ..look import Look, Symbol

_ARROWS: dict[str, Symbol] = {"up": "up", "down": "down", "left": "left", "right": "right"}
_WRITTEN = {
    "question_mark": "?",
    "slash": "/",
    "full_stop": ".",
    "comma": ",",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "apostrophe": "'",
    "quotation_mark": '"',
    "colon": ":",
    "semicolon": ";",
    "asterisk": "*",
    "underscore": "_",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "backspace": "Backspace",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}


def key_name(key: str, look: Look) -> str:
    *modifiers, last = key.split("+")
    if last in _ARROWS:
        name = look.symbol(_ARROWS[last])
    elif last in _WRITTEN:
        name = _WRITTEN[last]
    elif last.startswith("f") and last[1:].isdigit():
        name = last.upper()
    else:
        name = last
    written = {"ctrl": "^", "shift": "Shift+", "alt": "Alt+"}
    return "".join(written.get(modifier, modifier + "+") for modifier in modifiers) + name


def description(text_key: str) -> str:
    """Descriptions of bindings are keys of texts, so that they follow the language; Textual's own are not."""
    return t(text_key) if "." in text_key and has(text_key) else text_key

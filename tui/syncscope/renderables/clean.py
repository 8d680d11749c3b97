"""Text of the program made harmless: what could move the cursor or hide something becomes visible.

The program's output, the names of its threads and variables and its source all reach the screen; none of them
may steer the terminal.
"""

import re

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
_INVISIBLE = re.compile(
    "[\ufe0e\ufe0f]"
)  # ask for a text or an emoji form; terminals disagree about the width


def clean(text: str, tab: int = 8) -> str:
    """One line without anything but printable characters.  Colour sequences go, other controls are named."""
    if text.isprintable():
        return text if "\ufe0f" not in text and "\ufe0e" not in text else _INVISIBLE.sub("", text)
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    if "\t" in text:
        text = text.expandtabs(tab)
    return "".join(c if c.isprintable() else _name(c) for c in _INVISIBLE.sub("", text))


def _name(c: str) -> str:
    code = ord(c)
    if c == "\u3000":
        return "  "
    if c == "\xa0":
        return " "
    if code < 0x20:
        return "^" + chr(code + 0x40)
    if code == 0x7F:
        return "^?"
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

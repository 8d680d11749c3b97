"""The line that says what has just been found."""

from rich.style import Style
from textual.strip import Strip

from ..look import Look
from .cells import ends
from .findings import SHOWN


def banner_line(severity: str, text: str, hint: str, look: Look, width: int) -> Strip:
    letter, symbol, role = SHOWN[severity]
    style = look.style(role) + Style(bold=True, reverse=True)
    right = [(f" {hint} ", style)] if hint else []
    return ends(
        [(f" {look.symbol(symbol)} {letter}  {text} ", style)], right, width, style, look.symbol("ellipsis")
    )

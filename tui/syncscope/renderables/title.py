"""The line that names a panel when several are on the screen at once."""

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from ..look import Look
from .cells import strip


def title_line(title: str, focused: bool, look: Look, width: int) -> Strip:
    rule = look.symbol("horizontal")
    mark = look.symbol("here") if focused else rule
    style = look.style("cursor" if focused else "text") + Style(bold=True)
    line = look.style("cursor" if focused else "muted")
    rest = max(0, width - cell_len(title) - 3)
    return strip([(mark, line), (f" {title} ", style), (rule * rest, line)], width)

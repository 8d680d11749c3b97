"""What is looked for, while it is typed: the words, how many there are, and how to leave."""

from rich.style import Style
from textual.strip import Strip

from ..i18n import t
from ..look import Look
from .amounts import count
from .cells import Part, ends


def find_line(words: str, n_found: int, look: Look, width: int) -> Strip:
    text = look.style("text") + Style(bold=True)
    left: list[Part] = [(f" /{words}", text), (" ", text + Style(reverse=True))]
    keys = t("lanes.find.keys")
    right: list[Part] = [
        (f"{t('lanes.find.found', n=n_found, count=count(n_found))}  {keys} ", look.style("muted"))
    ]
    return ends(left, right, width, look.ground("selection"), look.symbol("ellipsis"))

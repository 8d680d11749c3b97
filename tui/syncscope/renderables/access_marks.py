"""Reads and writes of watched variables on a lane: who read which value, who wrote which, which write was stale."""

from collections.abc import Iterator

from rich.cells import cell_len

from syncscope_engine.model.accesses import Access

from .lane import Over
from .lane_page import LanePage


def access_marks(page: LanePage, task: int) -> Iterator[Over]:
    """Of the variables that lost an update, and of the one that is looked at.

    With the value where there is room before the next mark, a single letter where there is not.
    """
    window, look = page.window, page.look
    variables = page.accesses.broken | {page.resource}
    found = page.accesses.by_column(task, window.start_ns, window.ns_per_column, window.width, variables)
    columns = list(found)
    for i, column in enumerate(columns):
        access = found[column]
        room = (columns[i + 1] if i + 1 < len(columns) else window.width) - column
        text = _text(access, look.symbol("error"))
        if cell_len(text) >= room:
            text = look.symbol("error") if access.stale else text[0]
        yield Over(column, text, look.style("error" if access.stale else "mark"))


def _text(access: Access, wrong: str) -> str:
    letter = "w" if access.writes else "r"
    return f"{letter}{access.value}{wrong if access.stale else ''}"

"""Where two lines of the screen differ, so that only that is written to the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from .narrow import is_narrow

NEAR = 5
"""Unchanged cells between two changes that cost less than moving the cursor over them."""


class Changed(NamedTuple):
    start: int
    end: int


def differences(old: Sequence[Segment], new: Sequence[Segment]) -> list[Changed]:
    """Stretches of columns that `new` shows differently; both lines are equally wide."""
    if old is new:
        return []
    n, m = _same_ends(old, new)
    if not all(is_narrow(segment.text) for line in (old, new) for segment in line[n : len(line) - m]):
        return _outer(old, new)
    changed: list[Changed] = []
    column = sum(cell_len(segment.text) for segment in new[:n])
    olds, news = _pieces(old[n : len(old) - m]), _pieces(new[n : len(new) - m])
    old_text, old_style = next(olds, ("", None))
    for text, style in news:
        while text and old_text:
            n = min(len(text), len(old_text))
            mine, theirs = text[:n], old_text[:n]
            same_style = style is old_style or style == old_style
            if not same_style:
                _add(changed, column, column + n)
            elif mine != theirs:
                unlike = [i for i in range(n) if mine[i] != theirs[i]]
                for i in unlike:
                    _add(changed, column + i, column + i + 1)
            column += n
            text, old_text = text[n:], old_text[n:]
            if not old_text:
                old_text, old_style = next(olds, ("", None))
    return changed


def _same_ends(old: Sequence[Segment], new: Sequence[Segment]) -> tuple[int, int]:
    """How many segments at the left and at the right end are surely the same: all that has not changed, mostly."""
    most = min(len(old), len(new))
    n = 0
    while n < most and _is_same(old[n], new[n]):
        n += 1
    m = 0
    while m < most - n and _is_same(old[-1 - m], new[-1 - m]):
        m += 1
    return n, m


def _is_same(a: Segment, b: Segment) -> bool:
    return a is b or (a.style is b.style and a.text == b.text)


def _pieces(line: Iterable[Segment]) -> Iterator[tuple[str, Style | None]]:
    return ((segment.text, segment.style) for segment in line if segment.text)


def _add(changed: list[Changed], start: int, end: int) -> None:
    if changed and start - changed[-1].end < NEAR:
        changed[-1] = Changed(changed[-1].start, end)
    else:
        changed.append(Changed(start, end))


def _outer(old: Sequence[Segment], new: Sequence[Segment]) -> list[Changed]:
    """One stretch between the first and the last segment that differ: for wide characters."""
    start, end = 0, sum(cell_len(segment.text) for segment in new)
    n = 0
    while n < min(len(old), len(new)) and old[n] == new[n]:
        start += cell_len(new[n].text)
        n += 1
    last = 1
    while last <= min(len(old), len(new)) - n and old[-last] == new[-last]:
        end -= cell_len(new[-last].text)
        last += 1
    return [Changed(start, end)] if end > start else []

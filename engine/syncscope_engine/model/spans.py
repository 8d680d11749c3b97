"""The past of every task as spans of one state each, and the hand-offs between tasks.

Grows only at its end, so that another thread may read it while it grows.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from .state import Run, Wait


class Span(NamedTuple):
    start_ns: int
    end_ns: int  # of the open span: the time that was asked for
    run: Run
    wait: Wait | None
    place: int


class Link(NamedTuple):
    """A hand-off: `source` let `target` go on (release → acquired, notify → woke, put → get, spawn → start)."""

    t_ns: int
    source: int  # task
    target: int  # task
    obj: int  # resource, or the task that was spawned or joined
    kind: int  # `Kind` of the act of `source`


class Spans:
    def __init__(self) -> None:
        self._starts: dict[int, list[int]] = {}
        self._spans: dict[int, list[tuple[Run, Wait | None, int]]] = {}
        self._link_times: list[int] = []
        self._links: list[Link] = []

    def begin(self, task: int, t_ns: int, run: Run, wait: Wait | None, place: int) -> None:
        """From `t_ns` on, `task` is in `run`; ends the span before."""
        starts = self._starts.setdefault(task, [])
        spans = self._spans.setdefault(task, [])
        if starts and starts[-1] == t_ns:
            spans[-1] = (run, wait, place)
            return
        spans.append((run, wait, place))
        starts.append(t_ns)

    def link(self, link: Link) -> None:
        self._links.append(link)
        self._link_times.append(link.t_ns)

    def between(self, task: int, start_ns: int, end_ns: int) -> list[Span]:
        """Spans of `task` that touch [start_ns, end_ns), oldest first, cut to that range."""
        starts = self._starts.get(task)
        if not starts or end_ns <= start_ns:
            return []
        spans = self._spans[task]
        first = max(bisect_right(starts, start_ns) - 1, 0)
        last = bisect_left(starts, end_ns)
        result = []
        for i in range(first, last):
            run, wait, place = spans[i]
            stop = starts[i + 1] if i + 1 < len(starts) else end_ns
            span = Span(max(starts[i], start_ns), min(stop, end_ns), run, wait, place)
            if span.end_ns > span.start_ns:
                result.append(span)
        return result

    def count(self, task: int) -> int:
        return len(self._starts.get(task, ()))

    def links_between(self, start_ns: int, end_ns: int) -> Sequence[Link]:
        """Hand-offs in [start_ns, end_ns), oldest first."""
        first = bisect_left(self._link_times, start_ns)
        return self._links[first : bisect_left(self._link_times, end_ns)]

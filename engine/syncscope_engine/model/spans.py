"""The past of every task as spans of one state each, and the hand-offs between tasks.

Grows only at its end, so that another thread may read it while it grows.  Kept in columns of plain numbers,
some 30 bytes a span: a recording has millions of them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from .state import Run, Wait

_RUNS = tuple(Run)
_CODES = {run: code for code, run in enumerate(_RUNS)}
_BLOCKED = _CODES[Run.BLOCKED]


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


class Change(NamedTuple):
    """From `t_ns` on, `task` is in `run`."""

    t_ns: int
    task: int
    run: Run
    obj: int  # what it waits for; 0 = nothing, or nothing of the program's objects


class _Lane:
    """The spans of one task.  `starts` is the last to grow: what it has, the other columns have."""

    __slots__ = ("places", "runs", "starts", "waits")

    def __init__(self) -> None:
        self.starts = array("q")
        self.runs = bytearray()
        self.places = array("I")
        self.waits = array("I")  # number in `_Waits`, 0 = none


class _Waits:
    """Why somebody stood still, numbered from 1."""

    def __init__(self) -> None:
        self._kinds = array("H", [0])
        self._objs = array("I", [0])
        self._since = array("q", [0])
        self._events = array("Q", [0])
        self._details = array("q", [0])
        self._flags = bytearray(1)
        self._newest: tuple[Wait | None, int] = (None, 0)

    def keep(self, wait: Wait | None) -> int:
        if wait is None:
            return 0
        if self._newest[0] is wait:  # a task and the thread that carries it wait for the same
            return self._newest[1]
        self._kinds.append(wait.kind)
        self._objs.append(wait.obj)
        self._since.append(wait.since_ns)
        self._events.append(wait.event)
        self._details.append(wait.detail)
        self._flags.append(wait.timed | wait.files << 1)
        self._newest = wait, len(self._kinds) - 1
        return self._newest[1]

    def get(self, i: int) -> Wait | None:
        if not i:
            return None
        return Wait(
            self._kinds[i],
            self._objs[i],
            self._since[i],
            self._events[i],
            bool(self._flags[i] & 1),
            self._details[i],
            bool(self._flags[i] & 2),
        )


class _Links:
    """Columns of hand-offs; `times` is the last to grow."""

    def __init__(self) -> None:
        self.times = array("q")
        self._sources = array("I")
        self._targets = array("I")
        self._objs = array("I")
        self._kinds = array("H")

    def append(self, link: Link) -> None:
        self._sources.append(link.source)
        self._targets.append(link.target)
        self._objs.append(link.obj)
        self._kinds.append(link.kind)
        self.times.append(link.t_ns)

    def part(self, first: int, last: int) -> list[Link]:
        columns = (self.times, self._sources, self._targets, self._objs, self._kinds)
        return [Link(*row) for row in zip(*(column[first:last] for column in columns), strict=True)]


class _Changes:
    """The spans of all tasks once more, in the order of the tape: who counts many tasks at once looks at each
    change once, and not at each task.  `times` is the last to grow.
    """

    def __init__(self) -> None:
        self.times = array("q")
        self._tasks = array("I")
        self._runs = bytearray()
        self._objs = array("I")

    def append(self, t_ns: int, task: int, run: int, wait: Wait | None) -> None:
        self._tasks.append(task)
        self._runs.append(run)
        self._objs.append(wait.obj if wait is not None else 0)
        self.times.append(t_ns)

    def tally(self, start_ns: int, column_ns: int, width: int) -> list[tuple[int, int]]:
        found = []
        first = bisect_left(self.times, start_ns)
        for column in range(1, width + 1):
            last = bisect_left(self.times, start_ns + column * column_ns, first)
            found.append((last - first, self._runs.count(_BLOCKED, first, last)))
            first = last
        return found

    def part(self, first: int, last: int) -> list[Change]:
        runs = map(_RUNS.__getitem__, self._runs[first:last])
        return list(
            map(Change, self.times[first:last], self._tasks[first:last], runs, self._objs[first:last])
        )


class Spans:
    def __init__(self) -> None:
        self._lanes: dict[int, _Lane] = {}
        self._waits = _Waits()
        self._links = _Links()
        self._changes = _Changes()

    def begin(self, task: int, t_ns: int, run: Run, wait: Wait | None, place: int) -> None:
        """From `t_ns` on, `task` is in `run`; ends the span before."""
        lane = self._lanes.get(task)
        if lane is None:
            lane = self._lanes[task] = _Lane()
        starts, code = lane.starts, _CODES[run]
        self._changes.append(t_ns, task, code, wait)
        if starts and starts[-1] == t_ns:
            lane.runs[-1], lane.places[-1], lane.waits[-1] = code, place, self._waits.keep(wait)
            return
        lane.runs.append(code)
        lane.places.append(place)
        lane.waits.append(self._waits.keep(wait))
        starts.append(t_ns)

    def link(self, link: Link) -> None:
        self._links.append(link)

    def between(self, task: int, start_ns: int, end_ns: int) -> list[Span]:
        """Spans of `task` that touch [start_ns, end_ns), oldest first, cut to that range."""
        lane = self._lanes.get(task)
        if lane is None or not lane.starts or end_ns <= start_ns:
            return []
        starts = lane.starts
        first = max(bisect_right(starts, start_ns) - 1, 0)
        last = bisect_left(starts, end_ns)
        result = []
        for i in range(first, last):
            stop = starts[i + 1] if i + 1 < len(starts) else end_ns
            begins, ends = max(starts[i], start_ns), min(stop, end_ns)
            if ends > begins:
                run, wait = _RUNS[lane.runs[i]], self._waits.get(lane.waits[i])
                result.append(Span(begins, ends, run, wait, lane.places[i]))
        return result

    def at(self, task: int, t_ns: int) -> Span | None:
        """The whole stretch that `t_ns` lies in; the open one ends at 1 << 62.  None before the first."""
        lane = self._lanes.get(task)
        i = bisect_right(lane.starts, t_ns) - 1 if lane is not None else -1
        return self._whole(lane, i) if lane is not None and i >= 0 else None

    def _whole(self, lane: _Lane, i: int) -> Span:
        stop = lane.starts[i + 1] if i + 1 < len(lane.starts) else 1 << 62
        return Span(lane.starts[i], stop, _RUNS[lane.runs[i]], self._waits.get(lane.waits[i]), lane.places[i])

    def next_wait(self, task: int, t_ns: int) -> Span | None:
        """The first stretch after `t_ns` in which `task` is blocked, whole."""
        lane = self._lanes.get(task)
        if lane is None:
            return None
        i = lane.runs.find(_BLOCKED, bisect_right(lane.starts, t_ns), len(lane.starts))
        return self._whole(lane, i) if i >= 0 else None

    def last_wait(self, task: int, t_ns: int) -> Span | None:
        """The last stretch in which `task` is blocked that begins before `t_ns`, whole."""
        lane = self._lanes.get(task)
        if lane is None:
            return None
        i = lane.runs.rfind(_BLOCKED, 0, bisect_left(lane.starts, t_ns))
        return self._whole(lane, i) if i >= 0 else None

    def count(self, task: int) -> int:
        lane = self._lanes.get(task)
        return len(lane.starts) if lane is not None else 0

    @property
    def n_changes(self) -> int:
        return len(self._changes.times)

    def changes(self, first: int, last: int) -> list[Change]:
        """Changes number `first` (from 0) to `last` - 1, oldest first."""
        return self._changes.part(first, min(last, len(self._changes.times)))

    def tally(self, start_ns: int, column_ns: int, width: int) -> list[tuple[int, int]]:
        """For each column: how often any task's state changed in it, and how often to blocked."""
        return self._changes.tally(start_ns, column_ns, width)

    def links_between(self, start_ns: int, end_ns: int) -> Sequence[Link]:
        """Hand-offs in [start_ns, end_ns), oldest first."""
        first = bisect_left(self._links.times, start_ns)
        return self._links.part(first, bisect_left(self._links.times, end_ns))

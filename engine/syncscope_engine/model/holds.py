"""Who held what, and when: the past of every task as stretches in which it held the same resources.

Locks are held by their owner.  A semaphore that starts with permits is held from a task's `acquire` to its own
`release`, until a task gives back what it never took: then the semaphore is a signal, and nobody holds it.
Grows only at its end, like `Spans`, so that another thread may read it while it grows.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from ..events import Event, Kind
from ..tables import Tables
from .state import State


class Held(NamedTuple):
    start_ns: int
    end_ns: int  # of the open stretch: the time that was asked for
    resources: tuple[int, ...]  # in the order in which they were acquired; never empty


class Holds:
    kinds: frozenset[int] = frozenset(
        {Kind.ACQUIRED, Kind.RELEASE, Kind.STATE, Kind.WAIT, Kind.WOKE, Kind.SUSPEND}
    )
    """Events that may change what is held."""

    def __init__(self) -> None:
        self._starts: dict[int, array[int]] = {}
        self._held: dict[int, list[tuple[int, ...]]] = {}
        self._same: dict[tuple[int, ...], tuple[int, ...]] = {}  # one tuple for all stretches that are alike
        self._owners: dict[int, int] = {}  # lock -> task
        self._permits: dict[int, dict[int, int]] = {}  # semaphore -> task -> permits it has
        self._signals: set[int] = set()  # semaphores that nobody holds

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        """To be called with every event, after the reducer: `state` is what the event led to."""
        if event.kind not in self.kinds:
            return
        info = tables.resources.get(event.obj)
        if info is None:
            return
        if info.kind == "semaphore":
            if info.capacity and event.obj not in self._signals:
                self._count(event)
            return
        lock = info.lock or event.obj  # a condition gives its lock up and takes it back
        resource = state.resources.get(lock)
        if resource is not None and resource.owner != self._owners.get(lock, 0):
            self._drop(self._owners.get(lock, 0), lock, event.t_ns)
            self._take(resource.owner, lock, event.t_ns)
            self._owners[lock] = resource.owner

    def _count(self, event: Event) -> None:
        permits = self._permits.setdefault(event.obj, {})
        if event.kind == Kind.ACQUIRED:
            permits[event.task] = permits.get(event.task, 0) + 1
            self._take(event.task, event.obj, event.t_ns)
        elif event.kind == Kind.RELEASE:
            left = permits.get(event.task, 0) - event.a
            if left < 0:
                self._signals.add(event.obj)
                for task in self._permits.pop(event.obj):
                    self._drop(task, event.obj, event.t_ns)
            else:
                permits[event.task] = left
                if not left:
                    self._drop(event.task, event.obj, event.t_ns)

    def _take(self, task: int, resource: int, t_ns: int) -> None:
        now = self._newest(task)
        if task and resource not in now:
            self.change(task, t_ns, (*now, resource))

    def _drop(self, task: int, resource: int, t_ns: int) -> None:
        now = self._newest(task)
        if resource in now:
            self.change(task, t_ns, (other for other in now if other != resource))

    def _newest(self, task: int) -> tuple[int, ...]:
        held = self._held.get(task)
        return held[-1] if held else ()

    def change(self, task: int, t_ns: int, resources: Iterable[int]) -> None:
        """From `t_ns` on, `task` holds exactly `resources`.  Saying what is so already changes nothing."""
        now = tuple(resources)
        held = self._held.setdefault(task, [])
        if self._newest(task) == now:
            return
        starts = self._starts.get(task)
        if starts is None:
            starts = self._starts[task] = array("q")
        # held for no time at all is kept: a stretch of length zero is still a mark on the lane
        held.append(self._same.setdefault(now, now))
        starts.append(t_ns)

    def at(self, task: int, t_ns: int) -> tuple[int, ...]:
        """What `task` held at `t_ns`."""
        i = bisect_right(self._starts.get(task, ()), t_ns) - 1
        return self._held[task][i] if i >= 0 else ()

    def between(self, task: int, start_ns: int, end_ns: int) -> list[Held]:
        """Stretches of `task` that touch [start_ns, end_ns), oldest first, cut to that range."""
        starts = self._starts.get(task)
        if not starts or end_ns <= start_ns:
            return []
        held = self._held[task]
        first = max(bisect_left(starts, start_ns) - 1, 0)
        last = bisect_left(starts, end_ns)
        result = []
        for i in range(first, last):
            stop = starts[i + 1] if i + 1 < len(starts) else end_ns
            if held[i] and (stop > start_ns or starts[i] == start_ns):
                result.append(Held(max(starts[i], start_ns), min(stop, end_ns), held[i]))
        return result

"""The tape: what happened, in order, append-only, held in memory.

Four tracks on one clock: events, the program's output, samples of the operating system's view, and the
tables that give the events' ids a meaning.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .events import Event
from .tables import Tables


class Output(NamedTuple):
    """A piece of what the program printed, or of what was given to it (`stdin`)."""

    t_ns: int
    stream: Literal["stdout", "stderr", "stdin"]
    text: str


class ThreadSample(NamedTuple):
    """One thread as the operating system sees it; everything here is *sampled*, not observed."""

    task: int
    core: int  # processor that it last ran on, true at that instant only
    run_share: float  # share of the time since the previous sample on a processor, 0..1
    wait_share: float  # share in the run queue: ready, without a processor
    gil: Literal["", "holds", "waits"]  # "" = neither, or not known on this platform


class Sample(NamedTuple):
    t_ns: int
    cores: tuple[float, ...]  # load of each core, 0..1, all programs of the machine
    threads: tuple[ThreadSample, ...] = ()


@dataclass(slots=True)
class Recording:
    tables: Tables = field(default_factory=Tables)
    outputs: list[Output] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    dropped: int = 0  # records overwritten before they were read
    sampled: int = 0  # operations that were counted but, by budget, not recorded
    _events: list[Event] = field(default_factory=list)
    _times: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)

    def __getitem__(self, n: int) -> Event:
        """The event with number `n` (from 1)."""
        if n < 1:
            raise IndexError(n)
        return self._events[n - 1]

    @property
    def end_ns(self) -> int:
        """Time of the newest event; the program's start when there is none."""
        return self._times[-1] if self._times else self.tables.start_ns

    def append(self, events: Iterable[Event]) -> list[Event]:
        """Number `events` (their own `n` is ignored) and put them at the end; returns them as taped.

        A time earlier than the tape's end is moved to the end: times never decrease.
        """
        taped: list[Event] = []
        times: list[int] = []
        n, end = len(self._events), self.end_ns
        for event in events:
            n += 1
            end = max(end, event[1])
            # a third of the time of Event._replace, and every event comes through here
            taped.append(tuple.__new__(Event, (n, end, *event[2:])))
            times.append(end)
        self._events.extend(taped)
        self._times.extend(times)
        return taped

    def after(self, n: int) -> list[Event]:
        """Events with a number greater than `n`, oldest first."""
        return self._events[n:]

    def index_at(self, t_ns: int) -> int:
        """Number of the last event at or before `t_ns`; 0 = none."""
        return bisect_right(self._times, t_ns)

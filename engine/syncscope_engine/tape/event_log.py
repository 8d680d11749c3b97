"""The events of a recording: the newest in memory, the others in blocks on disk, read back when asked for.

One thread appends, any thread reads.  What readers see only grows: a block's place in the index is appended
after the block is written, and the tail that it came from is replaced, never changed.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator

from ..events import Event
from . import event_blocks
from .blocks import BlockFile

TAG = b"EVNT"
BLOCK = 4096
"""Events in a full block.  A tail that has grown old is written as a smaller one."""
CACHED = 24
"""Blocks kept in memory, beside the tail: about 100,000 events, 25 MB."""


class EventLog:
    def __init__(self, file: BlockFile) -> None:
        self._file = file
        self._firsts: list[int] = []  # number of the first event of each block
        self._times: list[int] = []  # and its time
        self._offsets: list[int] = []
        self._tail: list[Event] = []
        self._n_stored = 0
        self._end_ns = 0
        self._cache: OrderedDict[int, list[Event]] = OrderedDict()

    def __len__(self) -> int:
        tail = self._tail
        return tail[-1].n if tail else self._n_stored

    @property
    def end_ns(self) -> int:
        """Time of the newest event; 0 when there is none."""
        return self._end_ns

    def append(self, events: list[Event]) -> None:
        """`events` are numbered from len + 1 on, and their times do not decrease."""
        if not events:
            return
        self._tail.extend(events)
        self._end_ns = events[-1].t_ns
        while len(self._tail) >= BLOCK:
            self._store(self._tail[:BLOCK])

    def flush(self) -> None:
        """Write the tail too."""
        if self._tail:
            self._store(list(self._tail))

    def adopt(self, offset: int, content: bytes) -> None:
        """Take in a block that is in the file already.  Raises ValueError when it does not go on from here."""
        first, count, first_ns, last_ns = event_blocks.bounds(content)
        if first != self._n_stored + 1 or first_ns < self._end_ns or last_ns < first_ns:
            raise ValueError("a block of events does not follow the one before")
        self._index(first, first_ns, offset, first + count - 1)
        self._end_ns = last_ns

    def _store(self, events: list[Event]) -> None:
        offset = self._file.append(TAG, event_blocks.pack(events))
        self._keep(len(self._offsets), events)
        self._index(events[0].n, events[0].t_ns, offset, events[-1].n)
        self._tail = self._tail[len(events) :]

    def _index(self, first: int, t_ns: int, offset: int, last: int) -> None:
        self._offsets.append(offset)  # in this order: who finds a time or a number finds the rest too
        self._firsts.append(first)
        self._times.append(t_ns)
        self._n_stored = last

    def _keep(self, block: int, events: list[Event]) -> None:
        self._cache[block] = events
        while len(self._cache) > CACHED:
            try:
                self._cache.popitem(last=False)
            except KeyError:  # another reader was quicker
                break

    def _block(self, block: int) -> list[Event]:
        events = self._cache.get(block)
        if events is None:
            events = event_blocks.unpack(self._file.read(self._offsets[block]))
            self._keep(block, events)
        return events

    def __getitem__(self, n: int) -> Event:
        if n < 1:
            raise IndexError(n)
        tail = self._tail
        if tail and n >= tail[0].n:
            return tail[n - tail[0].n]
        block = bisect_right(self._firsts, n) - 1
        return self._block(block)[n - self._firsts[block]]

    def between(self, first: int, last: int) -> Iterator[Event]:
        """Events with first <= n <= last, oldest first; at most one block of them is held at a time."""
        n = max(first, 1)
        while n <= last:
            tail = self._tail
            if tail and n >= tail[0].n:
                yield from tail[n - tail[0].n : last - tail[0].n + 1]
                return
            block = bisect_right(self._firsts, n) - 1
            if block < 0:
                return
            start = self._firsts[block]
            events = self._block(block)
            if n - start >= len(events):
                return
            yield from events[n - start : last - start + 1]
            n = start + len(events)

    def index_at(self, t_ns: int) -> int:
        """Number of the last event at or before `t_ns`; 0 = none."""
        tail = self._tail
        if tail and t_ns >= tail[0].t_ns:
            return tail[0].n + bisect_right(tail, t_ns, key=lambda event: event.t_ns) - 1
        block = bisect_right(self._times, t_ns) - 1
        if block < 0:
            return 0
        return self._firsts[block] + bisect_right(self._block(block), t_ns, key=lambda e: e.t_ns) - 1

"""The ring of one process, read while it is written.

It is read with `pread`, never mapped: the program could truncate its ring, and touching a mapping
beyond the end of its file kills the reader.  Nothing that the files contain may raise here.
"""

import os
import struct
from contextlib import suppress

from . import wire
from .wire import CAPACITY, MASK, RECORD_SIZE, RING_OFFSET

Record = tuple[int, int, int, int, int, int, int, int, int, int, int]
"""seq, t_ns, thread, code, lasti, obj, kind, flags, task, a, b: see `wire`."""

HOLE_PATIENCE_NS = 500_000_000
"""A number that was reserved but not written for so long, while newer ones were, will not be written."""

_HOLE_BACKLOG = CAPACITY // 4
_LOOK_AHEAD = 64
_IN_FLIGHT = 256
_HEADER = struct.Struct("<8Q")
_WORD = struct.Struct("<Q")


class DamagedRingError(ValueError):
    """Not a ring, or one of another version."""


class Ring:
    """Takes records in the order of their numbers.

    HEAD is a hint: of two threads the later one may write it first.  A record beyond HEAD may still be in
    the making, so it is taken only when it was already there at the previous reading.
    """

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        header = self._header()
        if header[wire.W_MAGIC] != wire.MAGIC or header[wire.W_VERSION] != wire.VERSION:
            self.close()
            raise DamagedRingError(path)
        self.cost_ns = header[wire.W_COST]
        self.n_unrecorded = 0  # records that were not written because of budgets
        self._frame = header[wire.W_FRAME]
        self._head = 0
        self._next = 1
        self._ahead = 0
        self._holes: dict[int, int] = {}  # number -> since when it is missing

    @property
    def is_open(self) -> bool:
        return self._fd >= 0

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def look(self) -> None:
        """Take HEAD.  Read the metadata after this and before `take`: then no record precedes its lines."""
        header = self._header()
        self._head = header[wire.W_HEAD]
        self.n_unrecorded = header[wire.W_DROPPED]

    def grant(self) -> None:
        """Begin a new display frame: every object may write its budget anew."""
        self._frame = (self._frame + 1) & 0xFFFF_FFFF_FFFF_FFFF
        with suppress(OSError):
            os.pwrite(self._fd, _WORD.pack(self._frame), wire.W_FRAME * 8)

    def slow(self, delay_ns: int) -> None:
        """Hold the threads of this process up for `delay_ns` at each operation."""
        with suppress(OSError):
            os.pwrite(self._fd, _WORD.pack(delay_ns), wire.W_GATE * 8)

    def state_words(self, n_slots: int) -> bytes:
        """The words of the slots 1 to `n_slots`."""
        size = min(n_slots, wire.SLOTS - 1) * wire.SLOT_SIZE
        return self._pread(size, wire.HEADER_SIZE + wire.SLOT_SIZE).ljust(size, b"\0")

    def take(self, now_ns: int, final: bool = False) -> tuple[list[Record], int]:
        """New records up to the HEAD of the last `look`, and how many before or between them are lost.

        `final`: nobody writes any more; everything that is there is taken, what is missing is lost.
        """
        records, lost = self._take(now_ns, final)
        while final and self._ahead >= self._next:
            more, more_lost = self._take(now_ns, final)
            if not more and not more_lost:
                break
            records += more
            lost += more_lost
        return records, lost

    def _take(self, now_ns: int, final: bool) -> tuple[list[Record], int]:
        start = self._next
        end = max(self._head, self._ahead)
        lost = 0
        if end - start >= CAPACITY and self._seq_at(start) > start:
            lost = end - CAPACITY + 1 - start
            start = end - CAPACITY + 1
        n = max(0, min(end - start + 1, CAPACITY))
        window = self._slots(start, min(n + (_LOOK_AHEAD if n or final else 1), CAPACITY))
        seqs = memoryview(window).cast("Q")[::8].tolist()
        records: list[Record] = list(wire.RECORD.iter_unpack(window))
        n = min(n, len(records))
        if seqs[:n] != list(range(start, start + n)):
            n, records, skipped = self._sift(records, start, n, now_ns, final)
            lost += skipped
        else:
            ahead = n
            while ahead < len(seqs) and seqs[ahead] == start + ahead:
                ahead += 1
            self._ahead = start + ahead - 1
            self._holes.clear()
            del records[n:]
        self._next = start + n
        overtaken = self._overtaken(start, records)
        if overtaken:
            records = [r for r in records if r[0] not in overtaken]
            lost += len(overtaken)
        return records, lost

    def _sift(
        self, window: list[Record], start: int, n: int, now_ns: int, final: bool
    ) -> tuple[int, list[Record], int]:
        """The slow way, for a window with strangers: how far to go, what to take, how many are lost."""
        self._ahead = 0
        newest = next((i for i in range(n - 1, -1, -1) if window[i][0] >= start + i), -1)
        holes = {
            start + i: self._holes.get(start + i, now_ns)
            for i in range(newest)
            if window[i][0] < start + i  # an older number: reserved, not written
        }
        self._holes = holes
        impatient = final or newest + 1 >= _HOLE_BACKLOG
        taken: list[Record] = []
        lost = 0
        for i in range(newest + 1):
            seq = window[i][0]
            if seq == start + i:
                taken.append(window[i])
            elif seq > start + i or impatient or now_ns - holes[start + i] >= HOLE_PATIENCE_NS:
                lost += 1
            else:
                return i, taken, lost
        return newest + 1, taken, lost

    def _overtaken(self, start: int, records: list[Record]) -> set[int]:
        """Records that the program may have begun to overwrite while they were copied."""
        if not records:
            return set()
        danger = self._header()[wire.W_HEAD] + _IN_FLIGHT - CAPACITY
        if danger < start:
            return set()
        n = min(danger - start + 1, CAPACITY)
        seqs = memoryview(self._slots(start, n)).cast("Q")[::8].tolist()
        return {r[0] for r in records if r[0] - start < len(seqs) and seqs[r[0] - start] != r[0]}

    def _seq_at(self, seq: int) -> int:
        data = self._pread(8, RING_OFFSET + (seq & MASK) * RECORD_SIZE)
        return int(_WORD.unpack(data)[0]) if len(data) == 8 else 0

    def _slots(self, start: int, n: int) -> bytes:
        """`n` slots from the one of number `start`, whole records only."""
        first = start & MASK
        before_wrap = min(n, CAPACITY - first)
        data = self._pread(before_wrap * RECORD_SIZE, RING_OFFSET + first * RECORD_SIZE)
        if n > before_wrap and len(data) == before_wrap * RECORD_SIZE:
            data += self._pread((n - before_wrap) * RECORD_SIZE, RING_OFFSET)
        return data[: len(data) // RECORD_SIZE * RECORD_SIZE]

    def _header(self) -> tuple[int, ...]:
        return _HEADER.unpack(self._pread(_HEADER.size, 0).ljust(_HEADER.size, b"\0"))

    def _pread(self, size: int, offset: int) -> bytes:
        try:
            return os.pread(self._fd, size, offset) if size > 0 else b""
        except OSError:
            return b""

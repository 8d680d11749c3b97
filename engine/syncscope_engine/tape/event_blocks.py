"""Events as bytes: what a block of them holds.  A row is `ROW`: t_ns, task, thread, obj, place, kind, flags, a, b."""

import struct

from ..events import Event

ROW = struct.Struct("<qIIIIHHqq")
FIRST = struct.Struct("<Q")
_TIME = struct.Struct(f"<q{ROW.size - 8}x")
_new = tuple.__new__


def pack(events: list[Event]) -> bytes:
    """`events` follow one another without a hole; at least one."""
    row = ROW.pack
    rows = []
    for _, t_ns, kind, task, obj, place, a, b, flags, thread in events:
        rows.append(row(t_ns, task, thread, obj, place, kind, flags, a, b))
    return FIRST.pack(events[0].n) + b"".join(rows)


def unpack(content: bytes) -> list[Event]:
    """Raises ValueError when the content makes no sense."""
    if len(content) < FIRST.size + ROW.size or (len(content) - FIRST.size) % ROW.size:
        raise ValueError("a block of events has a wrong length")
    n = FIRST.unpack_from(content)[0]
    events: list[Event] = []
    append = events.append
    for t, task, thread, obj, place, kind, flags, a, b in ROW.iter_unpack(memoryview(content)[FIRST.size :]):
        append(_new(Event, (n, t, kind, task, obj, place, a, b, flags, thread)))
        n += 1
    return events


def bounds(content: bytes) -> tuple[int, int, int, int]:
    """(first number, how many, first time, last time), without unpacking.

    Raises ValueError when the content makes no sense, decreasing times included: whoever looks for a moment
    relies on their order.
    """
    if len(content) < FIRST.size + ROW.size or (len(content) - FIRST.size) % ROW.size:
        raise ValueError("a block of events has a wrong length")
    times = [t for (t,) in _TIME.iter_unpack(memoryview(content)[FIRST.size :])]
    if times[0] <= 0 or times != sorted(times):
        raise ValueError("the times of a block of events decrease")
    return FIRST.unpack_from(content)[0], len(times), times[0], times[-1]

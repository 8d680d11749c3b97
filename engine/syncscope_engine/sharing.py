"""What processes share, put together: who owns it, in whatever process; its value; all their operations added up.

What has a home (see `wire`) has its value there.  Of a pipe, the messages that were sent and not received.
Each process counts its own operations; those of a process that has ended stay in the sum.
"""

from collections.abc import Iterable, Mapping

from .events import Event, Flag, Kind
from .homes import Homes
from .tables import Tables

_OWNED = frozenset({"lock", "rlock"})
_QUEUES = frozenset({"queue", "pipe"})
_COUNTED_AT_HOME = frozenset({"lock", "rlock", "event", "shared_memory"})
_VALUE_IN_B = frozenset({Kind.ACQUIRED, Kind.RELEASE, Kind.PUT, Kind.GET})


class Sharing:
    def __init__(self, tables: Tables, directory: str = "") -> None:
        self.dirty: set[int] = set()  # of these, operations are known to be missing on the tape
        self.ids_of_pid: dict[int, Mapping[int, int]] = {}
        self._missing: set[int] = set()  # `dirty` at the last call
        self._lossy: set[int] = set()  # of these, operations were missing at some time
        self._doubted: dict[
            int, Event | None
        ] = {}  # resource -> its newest event, which its words contradicted
        self._counts_before: dict[int, int] = {}  # of those in `_missing`
        self._tables = tables
        self._homes = Homes(directory)
        self._counts: dict[int, dict[int, tuple[int, int]]] = {}  # resource -> process -> puts, gets

    def add(self, resource: int, identities: list[str]) -> None:
        for identity in identities:
            self._homes.add(resource, identity)

    def owner(self, word: int) -> int:
        """The task that an owner's word means; 0 = none, or one that is not known."""
        ids = self.ids_of_pid.get(word >> 32)
        return ids[word & 0xFFFF_FFFF] if ids is not None else 0

    def count(self, resource: int, process: int, n_in: int, n_out: int) -> None:
        self._counts.setdefault(resource, {})[process] = n_in, n_out

    def states(self, events: list[Event], now_ns: int, final: bool = False) -> list[Event]:
        """STATE of what is not as the newest of `events` say, or of which operations are missing.

        The words are read after the records, so they may tell of operations whose records are still to come:
        what only seems wrong is told at the next call, and operations are counted as they were at the last one.
        """
        missing = self.dirty | self._missing
        self._missing, self.dirty = self.dirty, set()
        self._lossy |= missing
        if final:
            missing = set(self._lossy)  # the sums are complete only now
        changed = self._homes.changed()
        suspects = changed | self._doubted.keys()
        told: dict[int, Event] = {}
        newest = _newest(events, suspects) if suspects else {}
        for resource in suspects - missing:
            state = self._state(resource, now_ns)
            event = newest.get(resource) or self._doubted.get(resource)
            if event is not None and self._agrees(event, state):
                self._doubted.pop(resource, None)
            elif resource in self._doubted or final:
                told[resource] = state
                self._doubted.pop(resource, None)
            else:
                self._doubted[resource] = event
        for resource in missing:
            told[resource] = self._state(resource, now_ns)
            self._doubted.pop(resource, None)
        if final or missing:
            told = {resource: self._counted(state, final) for resource, state in told.items()}
        self._counts_before = {resource: self._sum(resource) for resource in missing | self._missing}
        return list(told.values())

    def close(self) -> None:
        self._homes.close()

    def _kind(self, resource: int) -> str:
        info = self._tables.resources.get(resource)
        return info.kind if info is not None else ""

    def _sum(self, resource: int) -> int:
        return sum(n_in for n_in, _ in self._counts.get(resource, {}).values())

    def _counted(self, state: Event, final: bool) -> Event:
        if self._kind(state.obj) in _COUNTED_AT_HOME:
            return state
        n = self._sum(state.obj) if final else self._counts_before.get(state.obj, 0)
        return state._replace(b=n)

    def _state(self, resource: int, now_ns: int) -> Event:
        kind = self._kind(resource)
        home = self._homes.words(resource)
        counted = 0
        if home is not None:
            value = home[0]
            counted = home[1] if kind in _COUNTED_AT_HOME else 0
        else:
            counts = self._counts.get(resource, {}).values()
            value = max(sum(n_in - n_out for n_in, n_out in counts), 0) if kind in _QUEUES else 0
        if kind in _OWNED:
            value = self.owner(value)
        elif value >= 1 << 63:
            value -= 1 << 64
        return Event(0, now_ns, Kind.STATE, 0, resource, a=value, b=counted)

    def _agrees(self, event: Event, state: Event) -> bool:
        kind = self._kind(event.obj)
        if kind in _OWNED:
            keeps = event.kind == Kind.ACQUIRED or event.flags & Flag.REENTRANT
            owners = (event.thread, event.task) if keeps else (0,)
            return state.a in owners and state.b == event.b
        if kind == "event":
            return state.a == (event.kind == Kind.SET)
        if kind == "shared_memory":
            return event.kind == Kind.WRITE and state.b == event.b
        return event.kind in _VALUE_IN_B and state.a == event.b


_TELLING = _VALUE_IN_B | {Kind.SET, Kind.CLEAR, Kind.WRITE}


def _newest(events: Iterable[Event], resources: set[int]) -> dict[int, Event]:
    found: dict[int, Event] = {}
    for event in events:
        if event.obj in resources and event.kind in _TELLING:
            known = found.get(event.obj)
            if known is None or known.t_ns <= event.t_ns:
                found[event.obj] = event
    return found

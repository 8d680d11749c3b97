"""One process of the program, followed: the records of its ring become events."""

from . import wire
from .declarations import Declarations
from .events import Event, Flag, Kind
from .lines import Metadata
from .ring import Record, Ring
from .table_writer import TableWriter

_PLAIN, _ID_IN_A, _ID_IN_B, _STARTS, _EXITS = range(5)
_MEANING: dict[int, int] = {int(kind): _PLAIN for kind in Kind if kind < Kind.STATE}
_MEANING[Kind.ACQUIRE] = _ID_IN_A
_MEANING[Kind.NOTIFY] = _ID_IN_B
_MEANING[Kind.SUBMIT] = _ID_IN_A
_MEANING[Kind.PICKED] = _ID_IN_A
_MEANING[Kind.RESOLVED] = _ID_IN_B
_MEANING[Kind.START] = _STARTS
_MEANING[Kind.EXIT] = _EXITS

_OWNED = frozenset({"lock", "rlock"})
_CLOCK_SLACK_NS = 1_000_000_000
_new_tuple = tuple.__new__


class ProcessReader:
    """Call `look`, `read_lines`, `take`, `states`, in this order, as often as wanted.

    `declared.link` must have been called before the first `take`.
    """

    def __init__(self, base: str, writer: TableWriter, now_ns: int) -> None:
        """`base`: path of the two files without their endings.  Raises OSError, `DamagedRingError`."""
        self.base = base
        self.first_seen_ns = now_ns
        self.ring = Ring(base + ".ring")
        self.declared = Declarations(writer)
        self.alive = True
        self.exit_status: int | None = None  # as the process itself recorded it
        self._metadata = Metadata(base + ".meta")
        self._writer = writer
        self._state_bytes = b""
        self._words: list[tuple[int, int, int, int]] = []  # per slot: VALUE, N_IN, N_OUT, N_DROPPED
        self._n_counted = 0

    @property
    def pid(self) -> int:
        return self.declared.pid

    @property
    def task(self) -> int:
        return self.declared.task

    def look(self) -> None:
        self.ring.look()

    def read_lines(self) -> None:
        for line in self._metadata.lines():
            self.declared.read(line)
        self._writer.n_damaged += self._metadata.n_bad
        self._metadata.n_bad = 0

    def take(self, now_ns: int, final: bool = False) -> tuple[list[Event], int]:
        """Events of the new records, and how many records were lost."""
        records, lost = self.ring.take(now_ns, final)
        events = self._decode(records, now_ns)
        if lost:
            t_ns = events[0].t_ns if events else now_ns
            events.insert(0, Event(0, t_ns, Kind.GAP, 0, self.task, a=lost))
        return events, lost

    def states(self, now_ns: int, events: list[Event], after_loss: bool) -> tuple[list[Event], int]:
        """STATE of the resources that are no longer as the records say, and how many records are missing.

        `events`: those of the last `take`.  After a loss, every resource that was used is told.
        """
        n_unrecorded = self.ring.n_unrecorded  # also what has no state words: steps of asyncio tasks
        more, self._n_counted = max(0, n_unrecorded - self._n_counted), n_unrecorded
        data = self.ring.state_words(max(self.declared.slots, default=0))
        if data == self._state_bytes:
            return [], more
        words = memoryview(data).cast("Q")
        now = list(
            zip(
                words[wire.S_VALUE :: 8],
                words[wire.S_IN :: 8],
                words[wire.S_OUT :: 8],
                words[wire.S_DROPPED :: 8],
                strict=True,
            )
        )
        if not self._words and self.declared.parent is not None and not n_unrecorded:
            self._words = now  # the words of a fork begin as a copy of its parent's
        before = self._words + [(0, 0, 0, 0)] * (len(now) - len(self._words))
        told = []
        in_doubt: dict[int, Event] = {}
        for i, (value, used, given, dropped) in enumerate(now):
            if now[i] == before[i]:
                continue
            local = self.declared.slots.get(i + 1)
            if local is None:  # its line is still to come: look again
                now[i], data = before[i], b""
                continue
            resource = self.declared.ids[local]
            if self._is_shared(resource):
                self._writer.sharing.count(resource, self.task, used, given)
                if after_loss or dropped != before[i][3]:
                    self._writer.sharing.dirty.add(resource)
                continue
            state = self._state(resource, value, used, now_ns)
            if after_loss or dropped != before[i][3] or (dropped and self._is_executor(resource)):
                told.append(state)
            elif self._is_lock(state.obj):  # counts what it does not record some time later
                in_doubt[state.obj] = state
        told += _contradicted(in_doubt, events)
        self._state_bytes, self._words = data, now
        return told, more

    def close(self) -> None:
        self.ring.close()

    def _decode(self, records: list[Record], now_ns: int) -> list[Event]:
        ids, places, meaning_of = self.declared.ids, self.declared.places, _MEANING.get
        latest = now_ns + _CLOCK_SLACK_NS
        events: list[Event] = []
        append = events.append
        for _, t_ns, thread, code, lasti, obj, kind, flags, task, a, b in records:
            meaning = meaning_of(kind)
            if meaning is None or t_ns > latest:
                self._writer.n_damaged += 1
                continue
            if meaning:
                if meaning == _ID_IN_A:
                    a = ids[a] if a >> 32 == 0 else self._writer.sharing.owner(a)
                elif meaning == _ID_IN_B:
                    b = ids[b]
                elif meaning == _STARTS:
                    self._started(ids[obj], a)
                elif obj == wire.PROCESS_ID:
                    self.exit_status = b
            on = ids[thread]
            append(
                _new_tuple(
                    Event,
                    (
                        0,
                        t_ns,
                        kind,
                        ids[task] if task else on,
                        ids[obj],
                        places[code, lasti] if code else 0,
                        a,
                        b,
                        flags,
                        on,
                    ),
                )
            )
        return events

    def _started(self, task: int, native: int) -> None:
        info = self._writer.tables.tasks.get(task)
        if info is None:
            return
        if info.kind == "process":
            info.pid = info.pid or native
        else:
            info.native = info.native or native

    def _state(self, resource: int, value: int, used: int, now_ns: int) -> Event:
        if self._is_lock(resource):
            value = self.declared.ids[value]
        elif value >= 1 << 63:
            value -= 1 << 64
        return Event(0, now_ns, Kind.STATE, 0, resource, a=value, b=used)

    def _is_shared(self, resource: int) -> bool:
        info = self._writer.tables.resources.get(resource)
        return info is not None and bool(info.shared) and info.kind != "executor"

    def _is_executor(self, resource: int) -> bool:
        """Some of its calls are not recorded at all, so its words are told whenever they have changed."""
        info = self._writer.tables.resources.get(resource)
        return info is not None and info.kind == "executor"

    def _is_lock(self, resource: int) -> bool:
        info = self._writer.tables.resources.get(resource)
        return info is not None and info.kind in _OWNED


def _contradicted(states: dict[int, Event], events: list[Event]) -> list[Event]:
    """Those of the `states` of locks that do not follow from the newest of `events`."""
    left = dict(states)
    for event in reversed(events):
        if not left:
            break
        if event.kind not in (Kind.ACQUIRED, Kind.RELEASE) or event.obj not in left:
            continue
        state = left.pop(event.obj)
        keeps = event.kind == Kind.ACQUIRED or event.flags & Flag.REENTRANT
        owners = (event.thread, event.task) if keeps else (0,)
        if state.a in owners and state.b == event.b:
            del states[event.obj]
    return list(states.values())

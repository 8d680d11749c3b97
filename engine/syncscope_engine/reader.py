"""One process of the program, as it describes itself: metadata lines become entries of the tables, records
become events.

The ids of a process are its own.  A forked child also uses ids of its parent: they mean its own copies of
the parent's objects, declared here when they are first used.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from . import wire
from .events import Event, Flag, Kind
from .naming import Site
from .ring import Metadata, Record, Ring
from .table_writer import TableWriter
from .tables import ExceptionInfo, ResourceInfo, ResourceKind, TaskInfo, TaskKind

Line = dict[str, Any]
_Key = TypeVar("_Key")

_PLAIN, _TASK_IN_A, _TASK_IN_B, _STARTS, _EXITS = range(5)
_MEANING: dict[int, int] = {int(kind): _PLAIN for kind in Kind if kind < Kind.STATE}
_MEANING[Kind.ACQUIRE] = _TASK_IN_A
_MEANING[Kind.NOTIFY] = _TASK_IN_B
_MEANING[Kind.START] = _STARTS
_MEANING[Kind.EXIT] = _EXITS

_OWNED = frozenset({"lock", "rlock"})
_CLOCK_SLACK_NS = 1_000_000_000
_new_tuple = tuple.__new__


class ProcessReader:
    """Call `look`, `read_lines`, `link` (once), `take`, `states`, in this order, as often as wanted."""

    def __init__(self, base: str, writer: TableWriter) -> None:
        """`base`: path of the two files without their endings.  Raises OSError, `DamagedRingError`."""
        self.base = base
        self.ring = Ring(base + ".ring")
        self.task = 0  # id of the process task; 0 until `link`
        self.about: Line = {}  # the `process` line
        self.first_seen_ns = 0
        self.pid = 0
        self.parent_pid = 0
        self.how = ""
        self.starter: tuple[int, int] | None = (
            None  # pid and id under which the starter declared this process
        )
        self.role_name = ""
        self.alive = True
        self.exit_status: int | None = None  # as the process itself recorded it
        self.children: list[tuple[int, int]] = []  # (task, pid) that it told of, until somebody takes them
        self.exits: list[tuple[int, int, int, int]] = []  # (pid, task, status, t_ns), likewise
        self.ids = _Computed(self._adopt)
        self.ids[0] = 0
        self.codes: dict[int, Line] = {}
        self.slots: dict[int, int] = {}  # state slot -> resource, in this process's numbers
        self._metadata = Metadata(base + ".meta")
        self._waiting: list[Line] = []  # lines before `link`
        self._writer = writer
        self._parent: ProcessReader | None = None
        self._first_id = 0
        self._places = _Computed(self._find_place)
        self._state_bytes = b""
        self._words: list[tuple[int, int, int]] = []  # per slot: VALUE, N_IN, N_DROPPED
        self._n_counted = 0

    def look(self) -> None:
        self.ring.look()

    def read_lines(self) -> None:
        for line in self._metadata.lines():
            match line.get("k"):
                case "process" if not self.about:
                    self._begin(line)
                case "role":
                    self.starter = self.starter or _pair(line.get("as"))
                    self.role_name = _text(line, "name")
                    if self.task and self.starter is None and self.role_name:
                        self._writer.tables.tasks[self.task].name = self.role_name
                case _ if self.task:
                    self._apply(line)
                case _:
                    self._waiting.append(line)
        self._writer.n_damaged += self._metadata.n_bad
        self._metadata.n_bad = 0

    def link(self, task: int, parent: "ProcessReader | None") -> None:
        """This process is the task `task`.  `parent`: the process that forked it, if it is a fork."""
        self.task = self.ids[wire.PROCESS_ID] = task
        tables = self._writer.tables
        tables.tasks[task].pid = self.pid
        main = self.ids[wire.MAIN_THREAD_ID] = self._writer.new_id()
        tables.tasks[main] = TaskInfo(
            main,
            "thread",
            "MainThread",
            parent=task,
            process=task,
            native=_count(self.about, "native"),
            created_ns=_count(self.about, "t_ns"),
        )
        if self.how == "fork" and parent is not None:
            self._parent = parent
            self.slots.update((slot, id_) for slot, id_ in parent.slots.items() if id_ < self._first_id)
        for line in self._waiting:
            self._apply(line)
        self._waiting.clear()

    def take(self, now_ns: int, final: bool = False) -> tuple[list[Event], int]:
        """Events of the new records, and how many records were lost."""
        records, lost = self.ring.take(now_ns, final)
        events = self.decode(records, now_ns)
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
        data = self.ring.state_words(max(self.slots, default=0))
        if data == self._state_bytes:
            return [], more
        words = memoryview(data).cast("Q")
        now = list(
            zip(words[wire.S_VALUE :: 8], words[wire.S_IN :: 8], words[wire.S_DROPPED :: 8], strict=True)
        )
        if not self._words and self._parent is not None and not n_unrecorded:
            self._words = now  # the words of a fork begin as a copy of its parent's
        before = self._words + [(0, 0, 0)] * (len(now) - len(self._words))
        told = []
        in_doubt: dict[int, Event] = {}
        for i, (value, used, dropped) in enumerate(now):
            if now[i] == before[i]:
                continue
            local = self.slots.get(i + 1)
            if local is None:  # its line is still to come: look again
                now[i], data = before[i], b""
                continue
            state = self._state(local, value, used, now_ns)
            if after_loss or dropped != before[i][2]:
                told.append(state)
            elif self._is_lock(state.obj):  # counts what it does not record some time later
                in_doubt[state.obj] = state
        told += _contradicted(in_doubt, events)
        self._state_bytes, self._words = data, now
        return told, more

    def close(self) -> None:
        self.ring.close()

    def descends_from(self, other: "ProcessReader") -> bool:
        parent = self._parent
        while parent is not None and parent is not other:
            parent = parent._parent
        return parent is not None

    def forget(self) -> None:
        """Nobody will ask for code positions any more; they are most of what a process leaves in memory."""
        self.codes.clear()
        self._places.clear()

    # -- records

    def decode(self, records: list[Record], now_ns: int) -> list[Event]:
        ids, places, meaning_of = self.ids, self._places, _MEANING.get
        latest = now_ns + _CLOCK_SLACK_NS
        events: list[Event] = []
        append = events.append
        for _, t_ns, thread, code, lasti, obj, kind, flags, task, a, b in records:
            meaning = meaning_of(kind)
            if meaning is None or t_ns > latest:
                self._writer.n_damaged += 1
                continue
            if meaning:
                if meaning == _TASK_IN_A:
                    a = ids[a]
                elif meaning == _TASK_IN_B:
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

    def _state(self, local: int, value: int, used: int, now_ns: int) -> Event:
        resource = self.ids[local]
        if self._is_lock(resource):
            value = self.ids[value]
        elif value >= 1 << 63:
            value -= 1 << 64
        return Event(0, now_ns, Kind.STATE, 0, resource, a=value, b=used)

    def _is_lock(self, resource: int) -> bool:
        info = self._writer.tables.resources.get(resource)
        return info is not None and info.kind in _OWNED

    def _find_place(self, key: tuple[int, int]) -> int:
        line = self._code(key[0])
        if line is None:
            return 0
        return self._writer.place(line["file"], _line_at(line, key[1]), line["func"])

    def _code(self, code: int) -> Line | None:
        reader: ProcessReader | None = self
        while reader is not None:
            line = reader.codes.get(code)
            if line is not None:
                return line
            reader = reader._parent
        return None

    def _adopt(self, local: int) -> int:
        """Global id for a number that this process has not declared."""
        copy = self._writer.new_id()
        self.ids[local] = copy
        if self._parent is not None and local < self._first_id:
            original = self._parent.ids[local]
            tables = self._writer.tables
            task, resource = tables.tasks.get(original), tables.resources.get(original)
            if task is not None:
                tables.tasks[copy] = replace(task, id=copy, process=self.task, parent=self.task)
            elif resource is not None:
                lock = self._counterpart(resource.lock)
                part_of = self._counterpart(resource.part_of)
                tables.resources[copy] = replace(
                    resource, id=copy, process=self.task, lock=lock, part_of=part_of
                )
        return copy

    def _counterpart(self, original: int) -> int:
        """Our copy of the parent's object with the global id `original`."""
        if not original or self._parent is None:
            return 0
        return next((self.ids[i] for i, known in self._parent.ids.items() if known == original and i), 0)

    # -- lines

    def _begin(self, line: Line) -> None:
        try:
            self.pid = _whole(line["pid"])
            self._first_id = _whole(line["first_id"])
        except (KeyError, TypeError):
            self._writer.n_damaged += 1
            return
        ppid = line.get("ppid")
        self.parent_pid = ppid if isinstance(ppid, int) else 0
        self.about = line
        self.how = _text(line, "how")
        self.starter = _pair(line.get("as"))

    def _apply(self, line: Line) -> None:
        handler = _HANDLERS.get(str(line.get("k")))
        if handler is None:
            self._writer.n_damaged += 1
            return
        try:
            handler(self, line)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError):
            self._writer.n_damaged += 1

    def _on_code(self, line: Line) -> None:
        file, func, lines, pos = line["file"], line["func"], line["lines"], line["pos"]
        if not (isinstance(file, str) and isinstance(func, str) and isinstance(lines, list)):
            raise TypeError
        if pos is not None and not isinstance(pos, list):
            raise TypeError
        _whole(line["first"])
        self.codes[_whole(line["id"])] = line

    def _on_task(self, line: Line) -> None:
        local = _whole(line["id"])
        kind = cast(TaskKind, line["kind"])
        if kind not in ("thread", "asyncio", "process"):
            raise ValueError
        task = self._mint(local)
        thread = self.ids[_count(line, "thread")]
        place = self._places[_count(line, "code"), _count(line, "lasti")]
        self._writer.tables.tasks[task] = TaskInfo(
            task,
            kind,
            _text(line, "name"),
            parent=thread if kind == "asyncio" and thread else self.task,
            spawner=self.ids[_count(line, "spawner")],
            process=task if kind == "process" else self.task,
            place=place,
            callee=_text(line, "callee"),
            daemon=bool(line.get("daemon")),
            internal=bool(line.get("internal")),
            native=_count(line, "native"),
            created_ns=_count(line, "t_ns"),
        )

    def _on_rename(self, line: Line) -> None:
        info = self._writer.tables.tasks.get(self.ids[_whole(line["id"])])
        if info is not None:
            info.name = _text(line, "name")

    def _on_child(self, line: Line) -> None:
        task, pid = self.ids[_whole(line["id"])], _whole(line["pid"])
        info = self._writer.tables.tasks.get(task)
        if info is not None:
            info.pid = pid
        self.children.append((task, pid))

    def _on_exit(self, line: Line) -> None:
        local = _count(line, "id")
        task = self.ids[local] if local else 0
        self.exits.append((_whole(line["pid"]), task, _whole(line["status"]), _count(line, "t_ns")))

    def _on_resource(self, line: Line) -> None:
        local = _whole(line["id"])
        kind, type_name = _text(line, "kind"), _text(line, "type")
        resource = self._mint(local)
        part_of = _count(line, "part_of")
        at = (_count(line, "code"), _count(line, "lasti"))
        name = self._writer.resource_name(
            self.task,
            self._sites([at, *(_pair(p) or (0, 0) for p in line.get("up") or [])]),
            type_name or kind,
            _text(line, "store") or None,
            _text(line, "holder") or None,
            ".lock" if part_of else "",
        )
        self._writer.tables.resources[resource] = ResourceInfo(
            resource,
            cast(ResourceKind, kind),
            name,
            type_name,
            process=self.task,
            place=self._places[at],
            part_of=self.ids[part_of],
            lock=self.ids[_count(line, "lock")],
            capacity=_count(line, "capacity"),
            bounded=bool(line.get("bounded")),
            asyncio=bool(line.get("loop")),
            created_ns=_count(line, "t_ns"),
        )
        self._give_slot(line, local)

    def _give_slot(self, line: Line, local: int) -> None:
        slot = _count(line, "slot")
        if 0 < slot < wire.SLOTS:
            self.slots[slot] = local

    def _on_variable(self, line: Line) -> None:
        local = _whole(line["id"])
        resource = self._mint(local)
        self._give_slot(line, local)
        name, holder = _text(line, "name"), _text(line, "holder")
        self._writer.tables.resources[resource] = ResourceInfo(
            resource,
            "variable",
            f"{holder}.{name}" if holder and holder != "__main__" else name,
            process=self.task,
        )

    def _on_exception(self, line: Line) -> None:
        trace = tuple((str(file), _whole(at), str(func)) for file, at, func in line["tb"])
        self._writer.tables.exceptions.append(
            ExceptionInfo(
                self.ids[_whole(line["task"])],
                _text(line, "type"),
                _text(line, "message"),
                trace,
                _count(line, "t_ns"),
                _text(line, "where"),
            )
        )

    def _on_note(self, line: Line) -> None:
        self._writer.note(_text(line, "text"))

    def _on_fault(self, line: Line) -> None:
        where, message = _text(line, "where"), _text(line, "message")
        self._writer.note(f"A probe failed and stands aside there ({where}): {message}")

    def _mint(self, local: int) -> int:
        """Global id of an object that is declared now; the one it got when it was mentioned before."""
        known = self.ids.get(local)
        if known is None:
            known = self.ids[local] = self._writer.new_id()
        return known

    def _sites(self, positions: list[tuple[int, int]]) -> list[Site]:
        sites = []
        for code, lasti in positions:
            line = self._code(code)
            if line is None:
                break
            at = _line_at(line, lasti)
            sites.append(Site(line["file"], at, _position_at(line, lasti), line["func"]))
        return sites


_HANDLERS: dict[str, Callable[[ProcessReader, Line], None]] = {
    "code": ProcessReader._on_code,
    "task": ProcessReader._on_task,
    "rename": ProcessReader._on_rename,
    "child": ProcessReader._on_child,
    "exit": ProcessReader._on_exit,
    "resource": ProcessReader._on_resource,
    "variable": ProcessReader._on_variable,
    "exception": ProcessReader._on_exception,
    "note": ProcessReader._on_note,
    "fault": ProcessReader._on_fault,
}


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


class _Computed(dict[_Key, int]):
    """A dictionary that asks `compute` for what it does not know, once."""

    def __init__(self, compute: Callable[[_Key], int]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: _Key) -> int:
        value = self[key] = self._compute(key)
        return value


def _line_at(code: Line, lasti: int) -> int:
    lines = code["lines"]
    line = lines[lasti // 2] if lasti // 2 < len(lines) else code["first"]
    return line if isinstance(line, int) else 0


def _position_at(code: Line, lasti: int) -> tuple[int, int, int, int] | None:
    pos = code["pos"]
    if pos is None or lasti // 2 >= len(pos):
        return None
    entry = pos[lasti // 2]
    if isinstance(entry, list) and len(entry) == 4 and all(isinstance(n, int) for n in entry):
        return entry[0], entry[1], entry[2], entry[3]
    return None


def _whole(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _count(line: Line, key: str) -> int:
    """A number that may be missing; 0 then."""
    return _whole(line.get(key) or 0)


def _text(line: Line, key: str) -> str:
    value = line.get(key)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _pair(value: Any) -> tuple[int, int] | None:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(n, int) for n in value):
        return value[0], value[1]
    return None

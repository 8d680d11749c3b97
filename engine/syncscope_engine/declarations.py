"""What one process tells of itself: its metadata lines become entries of the tables.

The ids of a process are its own.  A forked child also uses ids of its parent: they mean its own copies of
the parent's objects, declared here when they are first used.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

from . import wire
from .lines import Line, count, line_at, pair, position_at, text, whole
from .naming import Site
from .table_writer import TableWriter
from .tables import ExceptionInfo, ResourceInfo, ResourceKind, TaskInfo, TaskKind

_Key = TypeVar("_Key")


class Declarations:
    """`read` takes lines as they come; they have an effect only when `link` has said which task this is."""

    def __init__(self, writer: TableWriter) -> None:
        self.writer = writer
        self.task = 0  # the process task; 0 until `link`
        self.about: Line = {}  # the `process` line
        self.pid = 0
        self.parent_pid = 0
        self.how = ""
        self.role_name = ""
        self.starter: tuple[int, int] | None = None  # pid of the starter, id that it declared this process as
        self.children: list[tuple[int, int]] = []  # (task, pid), until somebody takes them
        self.exits: list[tuple[int, int, int, int]] = []  # (pid, task, status, t_ns), likewise
        self.ids = _Computed(self._adopt)
        self.ids[0] = 0
        self.places = _Computed(self._find_place)  # of (code, lasti)
        self.slots: dict[int, int] = {}  # state slot -> resource, in this process's numbers
        self.parent: Declarations | None = None  # of a fork
        self._codes: dict[int, Line] = {}
        self._first_id = 0
        self._waiting: list[Line] = []

    def read(self, line: Line) -> None:
        match line.get("k"):
            case "process" if not self.about:
                self._begin(line)
            case "role":
                self.starter = self.starter or pair(line.get("as"))
                self.role_name = text(line, "name")
                if self.task and self.starter is None and self.role_name:
                    self.writer.tables.tasks[self.task].name = self.role_name
                    self.writer.tables.changed_tasks.append(self.task)
            case _ if self.task:
                self._apply(line)
            case _:
                self._waiting.append(line)

    def link(self, task: int, parent: "Declarations | None") -> None:
        """This process is the task `task`.  `parent`: the process that forked it, if it is a fork."""
        self.task = self.ids[wire.PROCESS_ID] = task
        tables = self.writer.tables
        tables.tasks[task].pid = self.pid
        main = self.ids[wire.MAIN_THREAD_ID] = self.writer.new_id()
        tables.tasks[main] = TaskInfo(
            main,
            "thread",
            "MainThread",
            parent=task,
            process=task,
            native=count(self.about, "native"),
            created_ns=count(self.about, "t_ns"),
        )
        self.writer.sharing.ids_of_pid[self.pid] = self.ids
        if self.how == "fork" and parent is not None:
            self.parent = parent
            self.slots.update((slot, id_) for slot, id_ in parent.slots.items() if id_ < self._first_id)
        for line in self._waiting:
            self._apply(line)
        self._waiting.clear()

    def descends_from(self, other: "Declarations") -> bool:
        parent = self.parent
        while parent is not None and parent is not other:
            parent = parent.parent
        return parent is not None

    def forget(self) -> None:
        """Nobody will ask for code positions any more; they are most of what a process leaves in memory."""
        self._codes.clear()
        self.places.clear()

    # -- ids and places

    def _mint(self, local: int) -> int:
        """Global id of an object that is declared now; the one it got when it was mentioned before."""
        known = self.ids.get(local)
        if known is None:
            known = self.ids[local] = self.writer.new_id()
        return known

    def _adopt(self, local: int) -> int:
        """Global id for a number that this process has not declared."""
        copy = self.ids[local] = self.writer.new_id()
        if self.parent is not None and local < self._first_id:
            original = self.parent.ids[local]
            tables = self.writer.tables
            task, resource = tables.tasks.get(original), tables.resources.get(original)
            if task is not None:
                tables.tasks[copy] = replace(task, id=copy, process=self.task, parent=self.task)
            elif resource is not None and resource.shared:
                copy = self.ids[local] = original
            elif resource is not None:
                tables.resources[copy] = replace(
                    resource,
                    id=copy,
                    process=self.task,
                    lock=self._counterpart(resource.lock),
                    part_of=self._counterpart(resource.part_of),
                )
        return copy

    def _counterpart(self, original: int) -> int:
        """Our copy of the parent's object with the global id `original`."""
        if not original or self.parent is None:
            return 0
        return next((self.ids[i] for i, known in self.parent.ids.items() if known == original), 0)

    def _find_place(self, key: tuple[int, int]) -> int:
        line = self._code(key[0])
        return self.writer.place(line["file"], line_at(line, key[1]), line["func"]) if line else 0

    def _code(self, code: int) -> Line | None:
        process: Declarations | None = self
        while process is not None:
            line = process._codes.get(code)
            if line is not None:
                return line
            process = process.parent
        return None

    def _sites(self, positions: list[tuple[int, int]]) -> list[Site]:
        sites = []
        for code, lasti in positions:
            line = self._code(code)
            if line is None:
                break
            sites.append(Site(line["file"], line_at(line, lasti), position_at(line, lasti), line["func"]))
        return sites

    # -- lines

    def _begin(self, line: Line) -> None:
        try:
            self.pid, self._first_id = whole(line["pid"]), whole(line["first_id"])
            self.parent_pid = count(line, "ppid")
            count(line, "native"), count(line, "t_ns")
        except (KeyError, TypeError):
            self.writer.n_damaged += 1
            return
        self.about = line
        self.how = text(line, "how")
        self.starter = pair(line.get("as"))

    def _apply(self, line: Line) -> None:
        try:
            _HANDLERS[str(line.get("k"))](self, line)
        except (KeyError, TypeError, ValueError, IndexError, RecursionError):
            self.writer.n_damaged += 1

    def _on_code(self, line: Line) -> None:
        if not (
            isinstance(line["file"], str)
            and isinstance(line["func"], str)
            and isinstance(line["lines"], list)
            and isinstance(line["pos"], list | None)
        ):
            raise TypeError
        whole(line["first"])
        self._codes[whole(line["id"])] = line

    def _on_task(self, line: Line) -> None:
        kind = cast(TaskKind, line["kind"])
        if kind not in ("thread", "asyncio", "process"):
            raise ValueError
        task = self._mint(whole(line["id"]))
        thread = self.ids[count(line, "thread")]
        if task in self.writer.tables.tasks:
            self.writer.tables.changed_tasks.append(task)
        self.writer.tables.tasks[task] = TaskInfo(
            task,
            kind,
            text(line, "name"),
            parent=thread if kind == "asyncio" and thread else self.task,
            spawner=self.ids[count(line, "spawner")],
            process=task if kind == "process" else self.task,
            place=self.places[count(line, "code"), count(line, "lasti")],
            callee=text(line, "callee"),
            daemon=bool(line.get("daemon")),
            internal=bool(line.get("internal")),
            native=count(line, "native"),
            serves=self.ids[count(line, "serves")],
            created_ns=count(line, "t_ns"),
        )

    def _on_rename(self, line: Line) -> None:
        info = self.writer.tables.tasks.get(self.ids[whole(line["id"])])
        if info is not None:
            info.name = text(line, "name")
            self.writer.tables.changed_tasks.append(info.id)

    def _on_child(self, line: Line) -> None:
        task, pid = self.ids[whole(line["id"])], whole(line["pid"])
        info = self.writer.tables.tasks.get(task)
        if info is not None:
            info.pid = pid
        if line.get("bare"):
            self.writer.bare.add(pid)
        self.children.append((task, pid))

    def _on_exit(self, line: Line) -> None:
        task = self.ids[count(line, "id")]
        self.exits.append((whole(line["pid"]), task, whole(line["status"]), count(line, "t_ns")))

    def _on_resource(self, line: Line) -> None:
        local = whole(line["id"])
        kind, type_name = text(line, "kind"), text(line, "type")
        shared = text(line, "shared")
        identities = shared.split()
        resource = next((self.writer.shared[i] for i in identities if i in self.writer.shared), 0)
        if resource:
            self.ids[local] = resource
            self._take_slot(line, local)
            return
        resource = self._mint(local)
        self.writer.shared.update(dict.fromkeys(identities, resource))
        part_of = count(line, "part_of")
        at = (count(line, "code"), count(line, "lasti"))
        call = text(line, "callee") if kind == "future" else ""
        name = text(line, "name") or self.writer.resource_name(
            self.task,
            [] if call else self._sites([at, *(pair(p) or (0, 0) for p in line.get("up") or [])]),
            call or type_name or kind,
            text(line, "store") or None,
            text(line, "holder") or None,
            ".lock" if part_of and kind in ("lock", "rlock") else "",
        )
        whole_thing = self.writer.tables.resources.get(self.ids[part_of]) if part_of else None
        if whole_thing is not None and shared and kind in _PART_NAMES:
            name = whole_thing.name + (_PART_NAMES[kind] or text(line, "store"))
        self.writer.tables.resources[resource] = ResourceInfo(
            resource,
            cast(ResourceKind, kind),
            name,
            type_name,
            process=self.task,
            place=self.places[at],
            part_of=self.ids[part_of],
            lock=self.ids[count(line, "lock")],
            capacity=count(line, "capacity"),
            bounded=bool(line.get("bounded")),
            asyncio=bool(line.get("loop")),
            shared=shared,
            callee=text(line, "callee"),
            created_ns=count(line, "t_ns"),
        )
        self.writer.sharing.add(resource, identities)
        self._take_slot(line, local)

    def _take_slot(self, line: Line, local: int) -> None:
        slot = count(line, "slot")
        if 0 < slot < wire.SLOTS:
            self.slots[slot] = local

    def _on_variable(self, line: Line) -> None:
        resource = self._mint(whole(line["id"]))
        name, holder = text(line, "name"), text(line, "holder")
        if holder and holder != "__main__":
            name = f"{holder}.{name}"
        self.writer.tables.resources[resource] = ResourceInfo(resource, "variable", name, process=self.task)

    def _on_exception(self, line: Line) -> None:
        trace = tuple((str(file), whole(at), str(func)) for file, at, func in line["tb"])
        self.writer.tables.exceptions.append(
            ExceptionInfo(
                self.ids[whole(line["task"])],
                text(line, "type"),
                text(line, "message"),
                trace,
                count(line, "t_ns"),
                text(line, "where"),
            )
        )

    def _on_note(self, line: Line) -> None:
        self.writer.note(text(line, "text"))

    def _on_fault(self, line: Line) -> None:
        where, message = text(line, "where"), text(line, "message")
        self.writer.note(f"A probe failed and stands aside there ({where}): {message}")


_PART_NAMES = {"lock": ".lock", "rlock": ".lock", "pipe": ".pipe", "shared_memory": ""}
_HANDLERS: dict[str, Callable[[Declarations, Line], None]] = {
    "code": Declarations._on_code,
    "task": Declarations._on_task,
    "rename": Declarations._on_rename,
    "child": Declarations._on_child,
    "exit": Declarations._on_exit,
    "resource": Declarations._on_resource,
    "variable": Declarations._on_variable,
    "exception": Declarations._on_exception,
    "note": Declarations._on_note,
    "fault": Declarations._on_fault,
}


class _Computed(dict[_Key, int]):
    """A dictionary that asks `compute` for what it does not know, once."""

    def __init__(self, compute: Callable[[_Key], int]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: _Key) -> int:
        value = self[key] = self._compute(key)
        return value

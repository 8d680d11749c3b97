"""Finds out which task a process is: the one that its starter declared, or one that is declared here."""

from pathlib import Path

from .lines import count
from .reader import ProcessReader
from .table_writer import TableWriter
from .tables import TaskInfo

PATIENCE_NS = 500_000_000
"""So long a process has time to say who it is."""


class Linker:
    def __init__(self, writer: TableWriter) -> None:
        self.main_pid = 0  # of the program's first process
        self.by_pid: dict[int, ProcessReader] = {}  # the newest process that had the pid
        self.task_of_pid: dict[int, int] = {}
        self._writer = writer
        self._linked: set[int] = set()  # process tasks that have a reader

    def link(self, reader: ProcessReader, now_ns: int, at_once: bool) -> bool:
        """Link `reader` with its task.  False: it has not said yet who it is, and there is time to wait."""
        declared = reader.declared
        waited = at_once or now_ns - reader.first_seen_ns > PATIENCE_NS
        if not declared.about:
            if waited:
                self._writer.n_damaged += 1
                reader.close()
            return False
        parent = self.by_pid.get(declared.parent_pid)
        if parent is None and declared.starter is not None:
            parent = self.by_pid.get(declared.starter[0])
        # What the fork server forks learns only later whose process it is.
        anonymous = declared.starter is None and parent is not None and parent.declared.how == "forkserver"
        if anonymous and not waited:
            return False
        task = self._declared_task(reader) or self._declare(reader, parent)
        self._linked.add(task)
        self.by_pid[reader.pid] = reader
        self.task_of_pid[reader.pid] = task
        declared.link(task, parent.declared if parent else None)
        return True

    def _declared_task(self, reader: ProcessReader) -> int:
        """The task that the starter declared for this process, if it did and nobody else is it yet."""
        task = 0
        if reader.declared.starter is not None:
            pid, local = reader.declared.starter
            starter = self.by_pid.get(pid)
            task = starter.declared.ids.get(local, 0) if starter else 0
        task = task or self.task_of_pid.get(reader.pid, 0)
        info = self._writer.tables.tasks.get(task)
        fits = info is not None and info.kind == "process" and task not in self._linked
        return task if fits else 0

    def _declare(self, reader: ProcessReader, parent: ProcessReader | None) -> int:
        """A process that nobody declared: the first one, the fork server, one that was started by C code."""
        declared = reader.declared
        task = self._writer.new_id()
        starter = parent.task if parent else 0
        is_server = declared.how == "forkserver" and (parent is None or parent.declared.how != "forkserver")
        if declared.role_name:
            name = declared.role_name
        elif is_server:
            name = "forkserver"
        elif reader.pid == self.main_pid:
            name = "MainProcess"
        elif declared.how == "fork":
            name = f"fork {reader.pid}"
        else:
            argv = declared.about.get("argv")
            program = Path(str(argv[0])).name if isinstance(argv, list) and argv else ""
            name = f"{program or declared.how} {reader.pid}"
        self._writer.tables.tasks[task] = TaskInfo(
            task,
            "process",
            name,
            parent=starter,
            spawner=starter,
            process=task,
            internal=is_server,
            created_ns=count(declared.about, "t_ns"),
        )
        return task

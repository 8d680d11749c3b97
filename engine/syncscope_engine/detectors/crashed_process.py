"""A process was killed by a signal that was not ours, or a child vanished in the middle of its work.

Not a crash: a status that a program chose (sys.exit), an exception (which has a finding of its own), and
SIGTERM to a child: that is how parents end their children, daemons and pools.
"""

from ..events import Event, Kind
from ..model.state import State
from ..signals import signal_name
from ..tables import Tables
from .base import Finding

_SIGTERM = 15


class CrashedProcess:
    kinds: frozenset[int] = frozenset({Kind.EXIT, Kind.KILL, Kind.CANCEL, Kind.RAISED})

    def __init__(self) -> None:
        self._asked_to_end: dict[int, set[int]] = {}  # process -> signals that it was sent; 0 = some
        self._stopped = False
        self._raised: set[int] = set()
        self._said: set[int] = set()  # processes that said themselves that they end
        self._crashes: list[tuple[Event, str]] = []

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        info = tables.tasks.get(event.obj)
        if event.kind == Kind.KILL:
            self._stopped = True
        elif info is None:
            return
        elif event.kind == Kind.RAISED:
            self._raised.add(info.process)
        elif info.kind != "process":
            return
        elif event.kind == Kind.CANCEL:
            self._asked_to_end.setdefault(event.obj, set()).add(event.a)
        elif event.task != event.obj:
            self._said.add(event.obj)
        elif any(t.process == event.obj and t.kind == "thread" for t in tables.tasks.values()):
            self._judge(event, bool(info.parent))  # not a program that is not observed: its ends are its own

    def _judge(self, event: Event, is_child: bool) -> None:
        status, process = event.b, event.obj
        asked = self._asked_to_end.get(process, set())
        as_asked = 0 in asked or -status in asked or (asked and status >= 0)
        if self._stopped or as_asked or (is_child and status == -_SIGTERM):
            return
        if status < 0:
            self._crashes.append((event, "signal"))
        elif status > 0 and is_child and process not in self._said and process not in self._raised:
            self._crashes.append((event, "vanished"))

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        found = [
            Finding(
                kind="crashed_process",
                severity="error",
                variant=variant,
                values=(("status", str(event.b)), ("signal", signal_name(-event.b) if event.b < 0 else "")),
                tasks=(event.obj,),
                evidence=(event.n,),
                t_ns=event.t_ns,
            )
            for event, variant in self._crashes
        ]
        self._crashes.clear()
        return found or None

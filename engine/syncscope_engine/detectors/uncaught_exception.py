"""An exception that nobody caught ended a thread, a process or the program.

Not told of asyncio tasks: whether anybody looks at the exception of one is another question.
"""

from ..events import Event, Kind
from ..model.state import State
from ..tables import ExceptionInfo, Tables
from .base import Finding

_NOT_A_FAULT = frozenset({"SystemExit", "CancelledError"})


class UncaughtException:
    kinds: frozenset[int] = frozenset({Kind.RAISED, Kind.KILL})

    def __init__(self) -> None:
        self._raised: list[tuple[Event, ExceptionInfo]] = []
        self._stopped = False

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        if event.kind == Kind.KILL:
            self._stopped = True
            return
        error = next((e for e in reversed(tables.exceptions) if e.task == event.obj), None)
        if error is None or error.where == "asyncio" or error.type in _NOT_A_FAULT:
            return
        if self._stopped and error.type == "KeyboardInterrupt":
            return  # that was us
        self._raised.append((event, error))

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        found = []
        for event, error in self._raised:
            frame = _frame(error, tables)
            place = next((p.id for p in tables.places.values() if frame == (p.file, p.line)), event.place)
            found.append(
                Finding(
                    kind="uncaught_exception",
                    severity="error",
                    variant=_variant(event.obj, error, tables),
                    values=(
                        ("error", error.type),
                        ("message", error.message),
                        ("file", frame[0]),
                        ("line", str(frame[1])),
                    ),
                    tasks=(event.obj,),
                    places=(place,) if place else (),
                    evidence=(event.n,),
                    t_ns=event.t_ns,
                )
            )
        self._raised.clear()
        return found or None


def _frame(error: ExceptionInfo, tables: Tables) -> tuple[str, int]:
    """The innermost line of the traceback that is the program's own; the innermost when none is."""
    own = {place.file for place in tables.places.values()}
    for file, line, _ in reversed(error.traceback):
        if file in own:
            return file, line
    return error.traceback[-1][:2] if error.traceback else ("", 0)


def _variant(task: int, error: ExceptionInfo, tables: Tables) -> str:
    if error.where == "compile":
        return "compile"
    info = tables.tasks.get(task)
    process = tables.tasks.get(info.process) if info is not None else None
    if error.where == "process" or (error.where == "main" and process is not None and process.parent):
        return "process"
    return "main" if error.where == "main" else "thread"

"""An exception lies in a future or a task, and nobody has looked at it.

Of asyncio the program itself says so, when it throws the exception away.  A future of an executor says nothing:
it is judged at the end of the program, unless that was stopped, or ended by an exception before it could ask.
One finding for all calls that were submitted at one place; and none when an error of one of them was read:
then the program knows that they may fail, and has given up the rest.
"""

from dataclasses import dataclass, field

from ..events import Event, Got, Kind, Outcome, Unread
from ..model.state import State
from ..tables import ExceptionInfo, Tables
from .base import Finding


@dataclass(slots=True)
class _Place:
    """What was begun at one place."""

    variant: str
    place: int
    executor: int = 0
    unread: dict[int, int] = field(default_factory=dict)  # task or future -> event that tells of it
    starter: int = 0  # who submitted the first one
    is_read: bool = False  # at least one of the errors
    n_told: int = 0


class UnretrievedException:
    kinds: frozenset[int] = frozenset(
        {Kind.SUBMIT, Kind.RESOLVED, Kind.RESULT, Kind.UNREAD, Kind.RAISED, Kind.KILL}
    )

    def __init__(self) -> None:
        self._submitted: dict[int, tuple[int, int]] = {}  # future -> (place, task)
        self._places: dict[tuple[str, int, str], _Place] = {}
        self._gave_up = False  # the program was stopped, or its main thread raised

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        kind = event.kind
        if kind == Kind.RESULT:
            if event.b == Got.ERROR:
                place = self._place_of(event.obj, "future", tables)
                place.is_read = True
                place.unread.pop(event.obj, None)
        elif kind == Kind.RESOLVED:
            if event.a == Outcome.FAILED and not _is_asyncio(event.obj, tables):
                self._place_of(event.obj, "future", tables).unread.setdefault(event.obj, event.n)
        elif kind == Kind.SUBMIT:
            self._submitted[event.obj] = event.place, event.task
        elif kind == Kind.UNREAD:
            variant = "gather" if event.b == Unread.GATHER else "task"
            self._place_of(event.obj, variant, tables).unread.setdefault(event.obj, event.n)
        elif kind == Kind.KILL:
            self._gave_up = True
        else:
            error = _error(event.obj, tables)
            self._gave_up = self._gave_up or (error is not None and error.where == "main")

    def _place_of(self, obj: int, variant: str, tables: Tables) -> _Place:
        task, future = tables.tasks.get(obj), tables.resources.get(obj)
        if task is not None:
            place, starter, executor, what = task.place, task.spawner, 0, task.callee
        else:
            place, starter = self._submitted.get(obj, (future.place if future is not None else 0, 0))
            executor = future.part_of if future is not None else 0
            what = str(executor)
        key = variant, place, what if place else str(obj)
        if key not in self._places:
            self._places[key] = _Place(variant, place, executor, starter=starter)
        return self._places[key]

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        found = []
        for place in self._places.values():
            n = len(place.unread)
            if n == place.n_told:
                continue
            if place.variant == "future" and (place.is_read or self._gave_up or not final):
                continue
            place.n_told = n
            found.append(_finding(place, tables, now_ns))
        return found or None


def _is_asyncio(obj: int, tables: Tables) -> bool:
    info = tables.resources.get(obj)
    return info is None or info.asyncio


def _error(obj: int, tables: Tables) -> ExceptionInfo | None:
    return next((e for e in reversed(tables.exceptions) if e.task == obj), None)


def _finding(place: _Place, tables: Tables, now_ns: int) -> Finding:
    first = next(iter(place.unread))
    error = _error(first, tables)
    file, line = error.traceback[-1][:2] if error is not None and error.traceback else ("", 0)
    is_task = first in tables.tasks
    return Finding(
        kind="unretrieved_exception",
        severity="warning",
        variant=place.variant,
        values=(
            ("n", str(len(place.unread))),
            ("place", str(place.place)),
            ("error", error.type if error is not None else ""),
            ("message", error.message if error is not None else ""),
            ("file", file),
            ("line", str(line)),
        ),
        tasks=(first,) if is_task else (place.starter,) if place.starter else (),
        resources=() if is_task else (first,),
        places=(place.place,) if place.place else (),
        evidence=tuple(place.unread.values())[:20],
        t_ns=now_ns,
    )

"""A task was asked to stop, got the request, and went on working.

Catching CancelledError is no fault: a task may clean up, with awaits, before it ends, and it may end at once.
Going on is: after the request was delivered (at the task's next step) the task waits again at a place that is
no clean-up.  Which place that is, the source tells:

- *surely work*: outside of every `except` and `finally`, in a function that no clean-up calls;
- *the same as before*: where it stood when it was cancelled, though a clean-up calls that function too.

Of the first kind one is enough when the task then ends by itself, two while it still runs; of the second
kind two are needed and the task must have ended by itself, uncancelled.  A request that the task takes back
(`asyncio.timeout` does) is settled.
"""

from dataclasses import dataclass

from ..events import Awaited, Event, Kind, Outcome
from ..model.state import Run, State
from ..tables import Tables
from .base import Finding
from .source import reached_by_cleanup, source_of

_AT_THE_END = frozenset({Awaited.CLEANUP, Awaited.TASKS})


@dataclass(slots=True)
class _Request:
    requester: int
    event: int
    stood_at: int  # place where the task waited when it was asked
    n_requests: int = 1
    delivered: bool = False
    n_work: int = 0
    n_same: int = 0
    place: int = 0
    went_on: int = 0  # event of the first wait that counts
    told: bool = False


class SwallowedCancellation:
    kinds: frozenset[int] = frozenset(
        {Kind.CANCEL, Kind.UNCANCEL, Kind.STEP, Kind.SUSPEND, Kind.EXIT, Kind.KILL}
    )

    def __init__(self) -> None:
        self._requests: dict[int, _Request] = {}
        self._found: list[tuple[int, _Request, int]] = []
        self._reached: tuple[int, set[str]] = (0, set())
        self._stopped = False  # by us: what is cancelled now is none of the program's business

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        kind = event.kind
        if kind == Kind.CANCEL:
            self._requested(event, state, tables)
            return
        if kind == Kind.KILL:
            self._stopped = True
            return
        if not self._requests:
            return
        request = self._requests.get(event.obj if kind in (Kind.EXIT, Kind.UNCANCEL) else event.task)
        if request is None:
            return
        if kind == Kind.STEP:
            request.delivered = True
        elif kind == Kind.UNCANCEL:
            request.n_requests -= 1
            if request.n_requests <= 0:
                del self._requests[event.obj]
        elif kind == Kind.SUSPEND:
            self._waits(event, request, tables)
        else:
            del self._requests[event.obj]
            went_on = request.n_work >= 1 or request.n_same >= 2
            if went_on and event.a != Outcome.CANCELLED and not request.told:
                self._found.append((event.obj, request, event.n))

    def _requested(self, event: Event, state: State, tables: Tables) -> None:
        task = state.tasks.get(event.obj)
        if self._stopped or task is None or task.run is Run.RUNNING:
            return  # who cancels itself while it runs knows what it does
        wait = task.wait
        if wait is not None and wait.detail in _AT_THE_END and _is_entry(task.place, tables):
            return
        request = self._requests.get(event.obj)
        if request is not None:
            request.n_requests += 1
            return
        stood_at = task.place if wait is not None else 0
        self._requests[event.obj] = _Request(event.task, event.n, stood_at)

    def _waits(self, event: Event, request: _Request, tables: Tables) -> None:
        if not request.delivered or request.told or event.b == Awaited.CLEANUP:
            return
        place = tables.places.get(event.place)
        source = source_of(place.file) if place is not None else None
        if place is None or source is None or source.is_cleanup(place.line):
            return
        if place.function.rpartition(".")[2] not in self._reached_by_cleanup(tables):
            request.n_work += 1
        elif event.place == request.stood_at:
            request.n_same += 1
        else:
            return
        if not request.went_on:
            request.went_on, request.place = event.n, event.place
        if request.n_work >= 2:
            request.told = True
            self._found.append((event.task, request, event.n))

    def _reached_by_cleanup(self, tables: Tables) -> set[str]:
        if self._reached[0] != len(tables.places):
            self._reached = len(tables.places), reached_by_cleanup(tables)
        return self._reached[1]

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        found = [
            Finding(
                kind="swallowed_cancellation",
                severity="error",
                variant="swallowed",
                values=(("place", str(request.place)),),
                tasks=(task, request.requester) if _is_other(request.requester, task, tables) else (task,),
                places=(request.place,),
                evidence=tuple(dict.fromkeys((request.event, request.went_on, last))),
                t_ns=now_ns,
            )
            for task, request, last in self._found
        ]
        self._found.clear()
        return found or None


def _is_other(requester: int, task: int, tables: Tables) -> bool:
    """Another task, not the task's own time limit and not a timer of the loop, which is told as its thread."""
    info = tables.tasks.get(requester)
    return requester != task and info is not None and info.kind == "asyncio"


def _is_entry(id_: int, tables: Tables) -> bool:
    place = tables.places.get(id_)
    source = source_of(place.file) if place is not None else None
    return place is not None and source is not None and place.line in source.entries

"""A task wrote a variable from a value that was no longer the newest: what others wrote in between is gone.

One finding for a variable, which grows.  A stale write is a fact; how many updates it lost is not known (one
stale write may lose many).
"""

from dataclasses import dataclass

from ..events import Event, Flag, Kind
from ..model.state import State
from ..tables import Tables
from .base import Finding

STALE = int(Flag.STALE)


@dataclass(slots=True)
class _Write:
    task: int
    event: int
    place: int
    version: int


@dataclass(slots=True)
class _Variable:
    last: _Write | None = None  # newest write
    before: _Write | None = None  # newest write by another task than that of `last`
    stale: _Write | None = None  # the first stale one
    other: _Write | None = None  # what it lost
    read: int = 0  # where its value came from, an event number
    n_stale: int = 0
    n_told: int = 0


class LostUpdate:
    kinds: frozenset[int] = frozenset({Kind.READ, Kind.WRITE})

    def __init__(self) -> None:
        self._variables: dict[int, _Variable] = {}
        self._reads: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
        """(variable, task) -> (event, version) of its last reads, the newest first."""

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        if event.kind == Kind.READ:
            key = event.obj, event.task
            self._reads[key] = ((event.n, event.b), *self._reads.get(key, ())[:7])
            return
        variable = self._variables.get(event.obj)
        if variable is None:
            variable = self._variables[event.obj] = _Variable()
        last = variable.last
        if event.flags & STALE:
            variable.n_stale += 1
            if variable.stale is None or variable.other is None:
                variable.stale = _Write(event.task, event.n, event.place, event.b)
                reads = self._reads.get((event.obj, event.task), ())
                old = [read for read in reads if read[1] < event.b - 1]  # not of the version it replaced
                variable.read, version = old[0] if old else (0, 0)
                lost = last if last is not None and last.task != event.task else variable.before
                variable.other = lost if lost is not None and lost.version > version else None
        if last is not None and last.task != event.task:
            variable.before = last
        variable.last = _Write(event.task, event.n, event.place, event.b)

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        found = []
        for id_, variable in self._variables.items():
            if variable.n_stale == variable.n_told or variable.stale is None:
                continue
            variable.n_told = variable.n_stale
            stale, other = variable.stale, variable.other
            resource = state.resources.get(id_)
            at_least = resource is not None and resource.n_unrecorded > 0
            writes = [stale] if other is None else [stale, other]
            found.append(
                Finding(
                    kind="lost_update",
                    severity="error",
                    variant="lost",
                    values=(
                        ("n", str(variable.n_stale)),
                        ("at_least", "1" if at_least else ""),
                        ("place", str(stale.place)),
                        ("other_place", str(other.place if other is not None else 0)),
                    ),
                    tasks=tuple(write.task for write in writes),
                    resources=(id_,),
                    places=tuple(dict.fromkeys(write.place for write in writes if write.place)),
                    evidence=tuple(
                        sorted(n for n in (variable.read, *(write.event for write in writes)) if n)
                    ),
                    t_ns=now_ns,
                )
            )
        return found or None

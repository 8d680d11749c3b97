"""A plain semaphore was released more often than acquired: its limit has silently grown.

A semaphore that starts with no permits is a signal, not a limit: releasing it is how it is used.
"""

from dataclasses import dataclass

from ..events import Event, Kind
from ..model.state import State
from ..tables import Tables
from .base import Finding


@dataclass(slots=True)
class _Excess:
    task: int
    place: int
    first: int  # event of the first release too many
    most: int
    event: int  # of the release that made it `most`
    told: int = 0


class UnboundedRelease:
    kinds: frozenset[int] = frozenset({Kind.RELEASE})

    def __init__(self) -> None:
        self._limits: dict[int, int] = {}  # resource -> permits at the start, 0 = not our business
        self._excess: dict[int, _Excess] = {}

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        limit = self._limits.get(event.obj)
        if limit is None:
            info = tables.resources.get(event.obj)
            limited = info is not None and info.kind == "semaphore" and not info.bounded
            limit = self._limits[event.obj] = info.capacity if info is not None and limited else 0
        if not limit or event.b <= limit:
            return
        excess = self._excess.get(event.obj)
        if excess is None:
            self._excess[event.obj] = _Excess(event.task, event.place, event.n, event.b - limit, event.n)
        elif event.b - limit > excess.most:
            excess.most, excess.event = event.b - limit, event.n

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        found = []
        for id_, excess in self._excess.items():
            if excess.most == excess.told:
                continue
            excess.told = excess.most
            found.append(
                Finding(
                    kind="unbounded_release",
                    severity="error",
                    variant="excess",
                    values=(
                        ("excess", str(excess.most)),
                        ("capacity", str(self._limits[id_])),
                        ("place", str(excess.place)),
                    ),
                    tasks=(excess.task,),
                    resources=(id_,),
                    places=(excess.place,) if excess.place else (),
                    evidence=tuple(dict.fromkeys((excess.first, excess.event))),
                    t_ns=now_ns,
                )
            )
        return found or None

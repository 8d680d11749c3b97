"""A task that was destroyed while it waited, or a coroutine that nobody awaited: work that never happens.

Both are facts that the interpreter states when it destroys the object.  Many of one kind are one finding: the
tasks that run the same function, the coroutines that were made in one place.
"""

from dataclasses import dataclass, field

from ..events import Event, Kind
from ..model.state import State
from ..tables import Tables
from .base import Finding


@dataclass(slots=True)
class _Leak:
    variant: str
    tasks: tuple[int, ...]
    places: list[int] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    n: int = 0
    grown: bool = True


class LeakedTask:
    kinds: frozenset[int] = frozenset({Kind.LEAKED, Kind.KILL})

    def __init__(self) -> None:
        self._leaks: dict[tuple[str, str, int], _Leak] = {}
        self._stopped = False  # by us: what is destroyed now is none of the program's business

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        if event.kind == Kind.KILL:
            self._stopped = True
        if event.kind == Kind.KILL or self._stopped:
            return
        info = tables.tasks.get(event.obj)
        if info is not None:
            if info.internal:
                return
            task = state.tasks.get(event.obj)
            place = event.place or (task.place if task is not None else 0)
            leak = self._leak(("destroyed", info.callee or info.name, 0), (event.obj,))
        else:
            place = event.place
            variant = "never_awaited" if not event.b else "never_awaited_defined"
            leak = self._leak((variant, "", event.task), (event.task,))
        leak.n += 1
        leak.grown = True
        if place and place not in leak.places:
            leak.places.append(place)
        if len(leak.events) < 20:
            leak.events.append(event.n)

    def _leak(self, key: tuple[str, str, int], tasks: tuple[int, ...]) -> _Leak:
        leak = self._leaks.get(key)
        if leak is None:
            leak = self._leaks[key] = _Leak(key[0], tasks)
        return leak

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | None:
        grown = [leak for leak in self._leaks.values() if leak.grown]
        for leak in grown:
            leak.grown = False
        return [
            Finding(
                kind="leaked_task",
                severity="error" if leak.variant == "destroyed" else "warning",
                variant=leak.variant,
                values=(("n", str(leak.n)),),
                tasks=leak.tasks,
                places=tuple(leak.places),
                evidence=tuple(leak.events),
                t_ns=now_ns,
            )
            for leak in grown
        ] or None

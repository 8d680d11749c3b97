"""Tasks that wait for each other, or: everyone waits and nobody can wake them.

A ring in the wait-for graph is certain as soon as none of its waits has a time limit; it is looked at twice
before it is told, since records of the tasks of one ring may still be on their way.  Waits without an owner
(items, permits, notifications) make no ring: they are told only when the whole program stands still.
Calls that wait in a pool for a worker: see `exhausted_pool`.

An asyncio task may wait under a time limit that its wait does not show (`asyncio.timeout`).  A ring with
such a task is told at once when the program's source has no time limits, else when its loop says that it
has no timer, or when the program was stopped and the ring was still there.
"""

from dataclasses import dataclass, replace

from ..events import Event, Kind
from ..model.state import Run, State
from ..model.waits import waits_for
from ..tables import Tables
from .base import Finding, Recheck
from .exhausted_pool import ExhaustedPool, exhausted_pools, waits_for_work
from .source import may_time_out
from .stillness import everyone_is_stuck, may_be_running, may_be_signalled

RING_NS = 200_000_000
QUIET_NS = 500_000_000


@dataclass(frozen=True, slots=True)
class Edge:
    """One task of a ring: what it holds that the one before wants, and what it wants itself."""

    task: int
    held: int  # resource; 0 = the one before waits for its end
    held_place: int
    wanted: int  # resource or task
    place: int  # where it waits
    kind: int  # of the event that began its wait; 0 = a process, which ends when its threads have
    evidence: tuple[int, ...]

    def text(self) -> str:
        """As a value of a finding; `texts` takes it apart again."""
        return f"{self.task},{self.held},{self.held_place},{self.wanted},{self.place},{self.kind}"


class Deadlock:
    kinds: frozenset[int] = frozenset(
        {
            Kind.ACQUIRE,
            Kind.JOIN,
            Kind.SUSPEND,
            Kind.RESULT_WAIT,
            Kind.STATE,
            Kind.PROGRAM_END,
            Kind.RESUME,
        }
    )

    def __init__(self, live: bool = True) -> None:
        """`live`: the program runs on this machine, so the system can be asked about it."""
        self._live = live
        self._resumed_ns = 0
        self._suspects: set[int] = set()
        """Tasks that may have closed a ring: a ring closes when its last task begins to wait, or when a state
        word tells that a task that waits owns what another one waits for."""
        self._told: set[frozenset[int]] = set()
        self._doubtful: dict[frozenset[int], tuple[Finding, dict[int, int]]] = {}
        self._told_everyone = False
        self._waits_for_results = False

    def observe(self, event: Event, state: State, tables: Tables) -> None:
        if event.kind == Kind.RESUME:
            self._resumed_ns = event.t_ns
        elif event.kind == Kind.STATE:
            self._suspects.add(event.a)
        else:
            self._suspects.add(event.task)
            self._suspects.add(event.thread)
            self._waits_for_results = self._waits_for_results or event.kind == Kind.RESULT_WAIT

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | Recheck | None:
        if final:
            return self._undissolved(state)
        if state.paused:
            return None
        found: list[Finding] = []
        recheck: Recheck | None = None
        suspects: set[int] = set()
        self._suspects = {id_ for id_ in self._suspects if _is_standing(id_, state)}
        for ring in self._rings(state, tables):
            key = frozenset(state.tasks[edge.task].id for edge in ring)
            if key in self._told:
                continue
            since = max(self._resumed_ns, *(_waits_since(edge.task, state) for edge in ring))
            if now_ns - since < RING_NS:
                recheck = Recheck(since + RING_NS)
                suspects.update(edge.task for edge in ring)
                continue
            finding = _ring_finding(ring, now_ns)
            if self._is_certain(ring, state, tables):
                self._told.add(key)
                self._doubtful.pop(key, None)
                found.append(finding)
            else:
                last = {edge.task: state.tasks[edge.task].last_event for edge in ring}
                self._doubtful[key] = (finding, last)
                suspects.update(last)
        self._suspects = suspects
        if self._waits_for_results:
            pools, again = self._pools(state, tables, now_ns)
            found += pools
            recheck = recheck or again
        quiet_at = max(state.t_ns, self._resumed_ns) + QUIET_NS
        if now_ns < quiet_at:
            return found or recheck or Recheck(quiet_at)
        if not found and not self._told and not self._told_everyone:
            stuck = everyone_is_stuck(state, tables)
            if stuck and self._live and may_be_running(state, tables):
                return recheck or Recheck(now_ns + RING_NS)
            found += self._everyone(stuck, state, tables, now_ns)
        return found or recheck

    # rings

    def _rings(self, state: State, tables: Tables) -> list[list[Edge]]:
        """All rings of the wait-for graph that a suspect is in or leads to, each once.

        Linear: every task is looked at once.
        """
        rings: list[list[Edge]] = []
        done: set[int] = set()
        for start in self._suspects:
            if start in done:
                continue
            path: list[int] = []
            on_path: dict[int, int] = {}
            todo: list[tuple[int, int]] = [(start, 0)]  # (task, its depth on the path)
            while todo:
                id_, depth = todo.pop()
                for left in path[depth:]:
                    del on_path[left]
                del path[depth:]
                if id_ in on_path:
                    ring = path[on_path[id_] :]
                    if len(ring) > 1:
                        rings.append(_edges(ring, state))
                    continue
                if id_ in done:
                    continue
                done.add(id_)
                on_path[id_] = depth
                path.append(id_)
                todo += [(next_, depth + 1) for next_ in self._edges_of(id_, state, tables)]
        return rings

    def _edges_of(self, id_: int, state: State, tables: Tables) -> list[int]:
        task = state.tasks.get(id_)
        if task is None or task.run.ended:
            return []
        info = tables.tasks.get(id_)
        if info is not None and info.kind == "process":
            return waits_for(task, state, tables)
        if info is None or task.wait is None or task.wait.timed:
            return []
        if task.wait.event <= state.gaps.get(info.process, 0):
            return []
        return waits_for(task, state, tables)

    def _is_certain(self, ring: list[Edge], state: State, tables: Tables) -> bool:
        for edge in ring:
            info = tables.tasks.get(edge.task)
            if info is None or info.kind != "asyncio":
                continue
            loop = state.tasks.get(info.parent)
            has_no_timer = loop is not None and loop.wait is not None and not loop.wait.timed
            if not has_no_timer and may_time_out(tables):
                return False
        return True

    def _undissolved(self, state: State) -> list[Finding]:
        found = []
        for key, (finding, last_events) in self._doubtful.items():
            if all(state.tasks[id_].last_event == last for id_, last in last_events.items()):
                self._told.add(key)
                found.append(finding)
        self._doubtful.clear()
        return found

    # pools

    def _pools(self, state: State, tables: Tables, now_ns: int) -> tuple[list[Finding], Recheck | None]:
        found: list[Finding] = []
        recheck: Recheck | None = None
        self._waits_for_results = False
        for pool in exhausted_pools(state, tables):
            key = frozenset((pool.executor, *pool.workers))
            since = max(self._resumed_ns, pool.since_ns)
            if key in self._told:
                continue
            if now_ns - since < RING_NS:
                recheck = Recheck(since + RING_NS)
                self._waits_for_results = True
            else:
                self._told.add(key)
                found.append(_pool_finding(pool, state, tables, now_ns))
        return found, recheck

    # everyone

    def _everyone(self, stuck: set[int], state: State, tables: Tables, now_ns: int) -> list[Finding]:
        if not stuck or (self._live and may_be_signalled(state, tables)):
            return []
        self._told_everyone = True
        waiting = [state.tasks[id_] for id_ in sorted(stuck) if state.tasks[id_].wait is not None]
        own = [task for task in waiting if task.id in waits_for(task, state, tables)]
        edges = []
        for task in own or waiting:
            wait = task.wait
            if wait is None or wait.kind in (Kind.SLEEP, Kind.PROGRAM_END) or waits_for_work(task, tables):
                continue  # an idle event loop, an idle worker, a main thread at its end: they wait for others
            held = task.held.get(wait.obj, 0) if own else 0
            lock = state.resources.get(wait.obj)
            place = lock.owner_place if held and lock is not None else 0
            evidence = (held, wait.event) if held else (wait.event,)
            edges.append(
                Edge(task.id, wait.obj if held else 0, place, wait.obj, task.place, wait.kind, evidence)
            )
        return [_finding(edges, "own" if own else "everyone", now_ns, state)] if edges else []


def _is_standing(id_: int, state: State) -> bool:
    task = state.tasks.get(id_)
    return task is not None and task.run is Run.BLOCKED


def _waits_since(id_: int, state: State) -> int:
    wait = state.tasks[id_].wait
    return wait.since_ns if wait is not None else 0


def _edges(ring: list[int], state: State) -> list[Edge]:
    """The ring from its oldest wait on."""
    first = min(range(len(ring)), key=lambda i: _waits_since(ring[i], state) or state.t_ns)
    ring = ring[first:] + ring[:first]
    edges = []
    for i, id_ in enumerate(ring):
        task, before = state.tasks[id_], state.tasks[ring[i - 1]]
        held = before.wait.obj if before.wait is not None else 0
        lock = state.resources.get(held)
        if lock is None or lock.owner != id_:
            held = 0
        wanted = task.wait.obj if task.wait is not None else 0
        following = ring[(i + 1) % len(ring)]
        if wanted not in state.resources or state.resources[wanted].owner != following:
            wanted = following
        evidence = [task.held.get(held, 0), task.wait.event if task.wait is not None else 0]
        place = lock.owner_place if held and lock is not None else 0
        kind = task.wait.kind if task.wait is not None else 0
        edges.append(Edge(id_, held, place, wanted, task.place, kind, tuple(n for n in evidence if n)))
    return edges


def _pool_finding(pool: ExhaustedPool, state: State, tables: Tables, now_ns: int) -> Finding:
    edges = []
    for id_ in pool.workers:
        task = state.tasks[id_]
        wanted, kind, event = (task.wait.obj, task.wait.kind, task.wait.event) if task.wait else (0, 0, 0)
        run = next((obj for obj in reversed(task.held) if _is_future(obj, tables)), 0)
        evidence = tuple(n for n in (task.held.get(run, 0), event) if n)
        edges.append(Edge(id_, run, 0, wanted, task.place, kind, evidence))
    finding = _finding(edges, "pool", now_ns, state)
    return replace(finding, resources=(pool.executor, *finding.resources))


def _is_future(id_: int, tables: Tables) -> bool:
    info = tables.resources.get(id_)
    return info is not None and info.kind == "future"


def _ring_finding(ring: list[Edge], now_ns: int) -> Finding:
    return _finding(ring, "cycle", now_ns, None)


def _finding(edges: list[Edge], variant: str, now_ns: int, state: State | None) -> Finding:
    wanted = [edge.wanted for edge in edges]
    tasks = {edge.task for edge in edges}
    resources = [id_ for id_ in wanted if id_ not in tasks and (state is None or id_ in state.resources)]
    places = [place for edge in edges for place in (edge.held_place, edge.place)]
    return Finding(
        kind="deadlock",
        severity="error",
        variant=variant,
        values=tuple(("edge", edge.text()) for edge in edges),
        tasks=tuple(edge.task for edge in edges),
        resources=tuple(dict.fromkeys(id_ for id_ in resources if id_)),
        places=tuple(dict.fromkeys(place for place in places if place)),
        evidence=tuple(sorted({number for edge in edges for number in edge.evidence})),
        t_ns=now_ns,
    )

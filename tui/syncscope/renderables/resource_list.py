"""Which resources the table shows, in which order: large crowds folded, or flat in an order, or what is looked for."""

from heapq import nsmallest
from time import monotonic
from typing import Literal

from syncscope_engine.model.state import ResourceState, State
from syncscope_engine.tables import ResourceInfo, Tables

from ..i18n import t
from .names import task_label
from .stems import name_of_stem, stem_of_name

Order = Literal["created", "waiters", "contended", "name"]
ORDERS: tuple[Order, ...] = ("created", "waiters", "contended", "name")
PORTION = 4000
"""New resources that are taken in at once at most."""
CROWD = 5
"""So many resources of one name are worth a row that stands for all of them."""
CROWDED = 2
"""With so many times more rows than there is room for, large crowds are folded."""
MOST_ROWS = 1000
AGAIN_S = 1.0
SHARE = 10
_PARTS = frozenset({"lock", "rlock", "condition", "semaphore", "event", "queue", "pipe"})


class ResourceList:
    """Rows are ids of resources, or below zero the keys of crowds."""

    def __init__(self) -> None:
        self.order: Order = ORDERS[0]
        self.words = ""
        self.room = 0
        self.n_found = 0
        self.most_said = 0  # cells of the longest words on how one stands that is waited for
        self.crowds: dict[int, list[int]] = {}  # by key
        self.rows: list[int] = []
        self._key_of: dict[tuple[str, str, int], int] = {}
        self._opened: set[int] = set()
        self._all: list[int] = []
        self._newest_ns = 0
        self._n_seen = 0
        self._folded = False
        self._made_for: tuple[object, ...] = ()
        self._next_s = 0.0

    def look_for(self, words: str) -> None:
        self.words = words
        self._made_for = ()
        self._next_s = 0.0

    def next_order(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self._made_for = ()
        self._next_s = 0.0

    def toggle(self, key: int) -> None:
        self._opened ^= {key}
        self._made_for = ()

    def is_open(self, key: int) -> bool:
        return key in self._opened

    def name(self, key: int, tables: Tables) -> str:
        return name_of_stem(stem_of_name(tables.resources[self.crowds[key][0]].name))

    def update(self, state: State, tables: Tables, now_ns: int) -> list[int]:
        self._take(tables)
        terms = self.words.casefold().split()
        if terms or self.order != ORDERS[0]:
            self._list_flat(terms, state, tables, now_ns)
        else:
            self._list_crowds(tables, now_ns)
        return self.rows

    def _take(self, tables: Tables) -> None:
        if len(tables.resources) == self._n_seen:
            return
        # the table grows in another thread: `list` of a dict is one step of the interpreter
        new = list(tables.resources)[self._n_seen : self._n_seen + PORTION]
        self._n_seen += len(new)
        for id_ in new:
            info = tables.resources[id_]
            if info.part_of and info.kind in _PARTS:
                continue  # the lock inside a condition is shown by the condition
            self._all.append(id_)
            self._newest_ns = max(self._newest_ns, info.created_ns)
            group = (info.kind, stem_of_name(info.name), info.part_of)
            key = self._key_of.setdefault(group, -1 - len(self._key_of))
            self.crowds.setdefault(key, []).append(id_)
        self._all.sort(key=lambda i: (tables.resources[i].created_ns, i))  # nearly sorted already: fast

    def _list_crowds(self, tables: Tables, now_ns: int) -> None:
        self._folded = self._folded or (self.room > 0 and len(self._all) > CROWDED * self.room)
        past_ns = now_ns if now_ns < self._newest_ns else 0
        made_for = (self._n_seen, past_ns, self._folded)
        if made_for == self._made_for:
            return
        self._made_for = made_for
        self.n_found = len(self._all)
        if not self._folded:
            self.rows = self._known(self._all, tables, past_ns)
            return
        self.rows = []
        for key, members in self.crowds.items():
            if len(members) < CROWD:
                self.rows += self._known(members, tables, past_ns)
                continue
            self.rows.append(key)
            if key in self._opened:
                self.rows += self._known(members, tables, past_ns)

    def _known(self, ids: list[int], tables: Tables, past_ns: int) -> list[int]:
        return [i for i in ids if tables.resources[i].created_ns <= past_ns] if past_ns else list(ids)

    def _list_flat(self, terms: list[str], state: State, tables: Tables, now_ns: int) -> None:
        began = monotonic()
        if began < self._next_s:
            return
        ids = [
            i
            for i in self._all
            if tables.resources[i].created_ns <= now_ns and _matches(terms, i, state, tables)
        ]
        self.n_found = len(ids)
        match self.order:
            case "created":
                self.rows = ids[:MOST_ROWS]
            case "name":
                self.rows = nsmallest(MOST_ROWS, ids, key=lambda i: (tables.resources[i].name, i))
            case "contended":
                self.rows = nsmallest(
                    MOST_ROWS, ids, key=lambda i: -standing_of(i, state, tables).n_contended
                )
            case "waiters":
                self.rows = nsmallest(MOST_ROWS, ids, key=lambda i: (-len(waiters_of(i, state, tables)), i))
        spent = monotonic() - began
        self._next_s = monotonic() + (max(AGAIN_S, SHARE * spent) if len(ids) > MOST_ROWS else 0)


def standing_of(resource: int, state: State, tables: Tables) -> ResourceState:
    """Its state; of one that nobody has touched yet, the state that it was made in."""
    if found := state.resources.get(resource):
        return found
    info = tables.resources[resource]
    return ResourceState(resource, value=info.capacity if info.kind == "semaphore" else 0)


def waiters_of(resource: int, state: State, tables: Tables) -> list[int]:
    """Who waits for it; for a condition also who has woken and waits for the lock in it.

    Who waits for work in a pool is nobody's trouble.
    """
    info = tables.resources[resource]
    if info.kind == "executor":
        return []
    waiters = list(standing_of(resource, state, tables).waiters)
    inner = tables.resources.get(info.lock)
    if inner and inner.part_of == resource and inner.id in state.resources:
        waiters += [w for w in state.resources[inner.id].waiters if w not in waiters]
    return waiters


FutureState = Literal["pending", "running", "done", "failed", "cancelled"]


def future_state(future: ResourceState) -> FutureState:
    if future.value:
        found: tuple[FutureState, ...] = ("done", "failed", "cancelled")
        return found[min(future.value, 3) - 1]
    return "running" if future.owner else "pending"


def _matches(terms: list[str], resource: int, state: State, tables: Tables) -> bool:
    """Whether every one of `terms` is in its name, its kind, how it stands or who has it or waits for it."""
    if not terms:
        return True
    info = tables.resources[resource]
    text = "\n".join((info.name, info.kind, info.callee, t(f"run.kind.{info.kind}"))).casefold()
    left = [term for term in terms if term not in text]
    if not left:
        return True
    about = "\n".join(_about(info, standing_of(resource, state, tables), tables)).casefold()
    return all(term in about for term in left)


def _about(info: ResourceInfo, now: ResourceState, tables: Tables) -> list[str]:
    about = [task_label(task, tables) for task in (now.owner, *now.waiters[:50]) if task]
    if info.kind == "future":
        about.append(t(f"run.resources.{future_state(now)}"))
        if now.value and not now.n_released:
            about.append(t("run.resources.unread"))
    return about

"""The table of what the tasks share: who has it, who waits for it in which order, how full it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from syncscope_engine.model.state import ResourceState, State
from syncscope_engine.tables import ResourceInfo, Tables

from ..i18n import t
from ..look import Look
from .amounts import bar, count, duration
from .cells import Part, fit, strip
from .names import task_label

Order = Literal["waiters", "created", "name", "contended"]
ORDERS: tuple[Order, ...] = ("created", "waiters", "contended", "name")
PIPS = 8  # permits up to this number are drawn one by one
SEEN = 200  # names that decide about the width of their column


def arrange(state: State, tables: Tables, order: Order, now_ns: int) -> list[int]:
    """Ids of the resources to show, in order.  The lock inside a condition is shown by the condition."""
    # the table grows in another thread: `list` of a dict is one step of the interpreter
    infos = [info for i in list(tables.resources) if not (info := tables.resources[i]).part_of]
    ids = [info.id for info in infos if info.created_ns <= now_ns]
    if order == "created":
        return sorted(ids, key=lambda i: (tables.resources[i].created_ns, i))
    if order == "name":
        return sorted(ids, key=lambda i: (tables.resources[i].name, i))
    if order == "contended":
        return sorted(ids, key=lambda i: -standing_of(i, state, tables).n_contended)
    return sorted(ids, key=lambda i: (-len(waiters_of(i, state, tables)), i))


def standing_of(resource: int, state: State, tables: Tables) -> ResourceState:
    """Its state; of one that nobody has touched yet, the state that it was made in."""
    if found := state.resources.get(resource):
        return found
    info = tables.resources[resource]
    return ResourceState(resource, value=info.capacity if info.kind == "semaphore" else 0)


def longest_wait_ns(resource: ResourceState, state: State, now_ns: int) -> int:
    """The longest wait so far, with the one that is still going on."""
    longest = resource.max_wait_ns
    for waiter in resource.waiters[:1]:
        task = state.tasks.get(waiter)
        if task and task.wait:
            longest = max(longest, now_ns - task.wait.since_ns)
    return longest


def waiters_of(resource: int, state: State, tables: Tables) -> list[int]:
    """Who waits for it; for a condition also who has woken and waits for the lock in it."""
    waiters = list(standing_of(resource, state, tables).waiters)
    inner = tables.resources.get(tables.resources[resource].lock)
    if inner and inner.part_of == resource and inner.id in state.resources:
        waiters += [w for w in state.resources[inner.id].waiters if w not in waiters]
    return waiters


@dataclass(frozen=True)
class ResourceTable:
    ids: Sequence[int]
    state: State
    tables: Tables
    now_ns: int
    look: Look
    width: int
    cursor: int = -1  # row; -1 = none
    highlighted: int = 0  # resource that the lanes highlight
    task: int = 0  # focused task

    @property
    def n_rows(self) -> int:
        return max(len(self.ids), 1)

    @property
    def heading(self) -> Strip:
        muted = self.look.style("muted")
        names = {"mark": "", "kind": "", "name": t("run.resources.name"), "now": t("run.resources.now")}
        names["waiters"] = t("run.resources.waiters")
        names["longest"] = t("run.resources.longest")
        names["contended"] = t("run.resources.contended")
        right = ("longest", "contended")
        dots = self.look.symbol("ellipsis")
        return strip(
            [(fit(names[c], w - 1, dots, right=c in right) + " ", muted) for c, w in self._columns.items()],
            self.width,
        )

    def row(self, y: int) -> Strip:
        look = self.look
        if not self.ids:
            return strip([("  " + t("run.resources.none"), look.style("muted"))], self.width)
        resource = self.ids[y]
        info = self.tables.resources[resource]
        now = standing_of(resource, self.state, self.tables)
        waiters = waiters_of(resource, self.state, self.tables)
        asleep = self._over(now)
        plain = look.style("muted" if asleep else "text")
        columns = self._columns
        chosen = resource == self.highlighted
        mark = look.symbol("here") if y == self.cursor else look.symbol("mark") if chosen else " "
        parts: list[Part] = [
            (mark, look.style("cursor") if mark != " " else plain),
            (" ", plain),
            (fit(t(f"run.kind.{info.kind}"), columns["kind"]), look.style("muted")),
            (
                fit(info.name, columns["name"] - 1, look.symbol("ellipsis")) + " ",
                plain if asleep else plain + Style(bold=True),
            ),
            *self._fitted(self._standing(info, now), columns["now"]),
            *self._fitted(self._queue(waiters, columns["waiters"] - 1), columns["waiters"]),
        ]
        if "longest" in columns:
            longest = longest_wait_ns(now, self.state, self.now_ns)
            text = duration(longest, look) if longest else ""
            parts.append((fit(text, columns["longest"] - 1, right=True) + " ", plain))
        if "contended" in columns:
            text = count(now.n_contended) if now.n_contended else ""
            parts.append((fit(text, columns["contended"] - 1, right=True) + " ", plain))
        behind = look.ground("selection") if y == self.cursor else look.ground("panel") if chosen else None
        return strip(parts, self.width, behind)

    @cached_property
    def _columns(self) -> dict[str, int]:
        columns = {"mark": 2, "kind": 8 if self.width >= 52 else 6}
        tail = {}
        if self.width >= 50:
            tail["longest"] = 9
        if self.width >= 72:
            tail["contended"] = 11
        rest = self.width - sum(columns.values()) - sum(tail.values())
        longest_name = max((cell_len(self.tables.resources[i].name) for i in self.ids[:SEEN]), default=0)
        columns["name"] = max(8, min(longest_name + 2, rest * 36 // 100))
        columns["now"] = max(9, min(24, (rest - columns["name"]) * 42 // 100))
        columns["waiters"] = max(6, rest - columns["name"] - columns["now"])
        return columns | tail

    def _fitted(self, parts: list[Part], width: int) -> list[Part]:
        """`parts` in exactly `width` cells, the last of them empty."""
        result: list[Part] = []
        room = width - 1
        for text, style in parts:
            text = fit(text, min(cell_len(text), room), self.look.symbol("ellipsis"))
            result.append((text, style))
            room -= cell_len(text)
        return [*result, (" " * (room + 1), Style.null())]

    def _over(self, now: ResourceState) -> bool:
        """Nobody who has used it can use it again."""
        users = [self.state.tasks[u] for u in now.users if u in self.state.tasks]
        return bool(users) and all(user.run.ended for user in users)

    def _queue(self, waiters: list[int], width: int) -> list[Part]:
        if not waiters:
            return []
        look, parts = self.look, [(self.look.symbol("waiter") + " ", self.look.style("waiter"))]
        room = width - 2
        for i, waiter in enumerate(waiters):
            name = ("" if i == 0 else ", ") + task_label(waiter, self.tables)
            more = f" +{len(waiters) - i}"
            last = i == len(waiters) - 1
            if cell_len(name) + (0 if last else len(more)) > room:
                parts.append((more if i else fit(name, room - len(more)) + more, look.style("waiter")))
                break
            style = look.style("waiter")
            parts.append((name, style + Style(underline=True) if waiter == self.task else style))
            room -= cell_len(name)
        return parts

    def _standing(self, info: ResourceInfo, now: ResourceState) -> list[Part]:
        """How it stands, in the words of its kind."""
        look = self.look
        plain, muted = look.style("text"), look.style("muted")
        match info.kind:
            case "lock" | "rlock":
                return self._owner(now.owner)
            case "condition":
                lock = self.state.resources.get(info.lock)
                return self._owner(lock.owner if lock else 0)
            case "semaphore":
                return self._permits(info, now)
            case "queue" if info.capacity:
                share = now.value / info.capacity
                text = f" {now.value}/{info.capacity}"
                return [(bar(share, 6, look), look.style("owner")), (text, plain)]
            case "queue":
                return [(t("run.resources.items", n=now.value), plain)]
            case "event":
                return [
                    (t("run.resources.set"), look.style("owner"))
                    if now.value
                    else (t("run.resources.not_set"), muted)
                ]
            case "barrier":
                return [(t("run.resources.parties", n=now.value, of=info.capacity), plain)]
            case "variable":
                writes = t("run.resources.writes", n=now.n_acquired)
                # 0 is also what stands for a value that is no small integer
                return [(f"{now.value:,} ({writes})" if now.value else writes, plain)]
            case _:
                return [(count(now.n_acquired), plain)]

    def _owner(self, owner: int) -> list[Part]:
        look = self.look
        if not owner:
            return [(f"{look.symbol('free')} {t('run.resources.free')}", look.style("muted"))]
        return [(f"{look.symbol('owner')} {task_label(owner, self.tables)}", look.style("owner"))]

    def _permits(self, info: ResourceInfo, now: ResourceState) -> list[Part]:
        """Permits left of those that there were at the start."""
        look, initial = self.look, info.capacity
        free = max(0, min(now.value, initial))
        taken = initial - free
        parts: list[Part] = []
        if initial and initial <= PIPS:
            parts.append((look.symbol("owner") * taken, look.style("owner")))
            parts.append((look.symbol("free") * free, look.style("muted")))
        elif initial:
            parts.append((bar(taken / initial, 6, look), look.style("owner")))
        if now.n_excess:
            warning = f" {look.symbol('warning')} +{now.n_excess}"
            parts += [(f" {now.value}/{initial}", look.style("text")), (warning, look.style("error"))]
        else:
            parts.append((" " + t("run.resources.permits", n=now.value, of=initial), look.style("text")))
        return parts

"""The table of what the tasks share: who has it, who waits for it in which order, how full it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from syncscope_engine.model.state import ResourceState, State
from syncscope_engine.tables import Tables

from ..i18n import t
from ..look import Look
from .amounts import count, duration
from .cells import Part, fit, strip
from .find_line import find_line
from .label import fold_glyphs, short_name
from .names import task_label
from .resource_crowds import CrowdCounter, crowd_standing
from .resource_list import ResourceList, standing_of, waiters_of
from .resource_standing import standing

LEAST_WAITERS = 12
SEEN = 200  # names that decide about the width of their column


def longest_wait_ns(resource: ResourceState, state: State, now_ns: int) -> int:
    """The longest wait so far, with the one that is still going on."""
    longest = resource.max_wait_ns
    for waiter in resource.waiters[:1]:
        task = state.tasks.get(waiter)
        if task and task.wait:
            longest = max(longest, now_ns - task.wait.since_ns)
    return longest


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
    source: ResourceList = field(default_factory=ResourceList)
    counter: CrowdCounter = field(default_factory=CrowdCounter)
    typing: bool = False  # what is looked for

    @property
    def n_rows(self) -> int:
        return max(len(self.ids), 1)

    @property
    def heading(self) -> Strip:
        if self.typing:
            return find_line(self.source.words, self.source.n_found, self.look, self.width)
        muted = self.look.style("muted")
        names = {"mark": "", "kind": "", "name": self._heading_of_names, "now": t("run.resources.now")}
        in_full = t("run.resources.waiters")
        has_room = cell_len(in_full) < self._columns["waiters"]
        names["waiters"] = in_full if has_room else t("run.resources.waiters_short")
        names["longest"] = t("run.resources.longest")
        names["contended"] = t("run.resources.contended")
        right = ("longest", "contended")
        dots = self.look.symbol("ellipsis")
        return strip(
            [(fit(names[c], w - 1, dots, right=c in right) + " ", muted) for c, w in self._columns.items()],
            self.width,
        )

    @property
    def _heading_of_names(self) -> str:
        words = self.source.words.strip()
        return f"/{words} {count(self.source.n_found)}" if words else t("run.resources.name")

    def row(self, y: int) -> Strip:
        look = self.look
        if not self.ids:
            text = t("run.resources.none" if not self.source.words.strip() else "run.resources.none_found")
            return strip([("  " + text, look.style("muted"))], self.width)
        resource = self.ids[y]
        if resource < 0:
            return self._crowd(resource, y)
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
                short_name(info.name, columns["name"] - 1, look.symbol("ellipsis")) + " ",
                plain if asleep else plain + Style(bold=True),
            ),
        ]
        stands = standing(info, now, self.state, self.tables, look)
        if not waiters:  # then there is room in their column
            parts += self._fitted(stands, columns["now"] + columns["waiters"])
        else:
            parts += self._fitted(stands, columns["now"])
            parts += self._fitted(self._queue(waiters, columns["waiters"] - 1), columns["waiters"])
        if "longest" in columns:
            longest = longest_wait_ns(now, self.state, self.now_ns) if info.kind != "executor" else 0
            text = duration(longest, look) if longest else ""
            parts.append((fit(text, columns["longest"] - 1, right=True) + " ", plain))
        if "contended" in columns:
            text = count(now.n_contended) if now.n_contended else ""
            parts.append((fit(text, columns["contended"] - 1, right=True) + " ", plain))
        behind = look.ground("selection") if y == self.cursor else look.ground("panel") if chosen else None
        return strip(parts, self.width, behind)

    def _crowd(self, key: int, y: int) -> Strip:
        look, columns = self.look, self._columns
        members = self.source.crowds[key]
        info = self.tables.resources[members[0]]
        unfolded, folded = fold_glyphs(look)
        mark = look.symbol("here") if y == self.cursor else " "
        more = f" {look.symbol('times')}{count(len(members))}"
        room = columns["name"] - 1 - cell_len(more)
        parts: list[Part] = [
            (mark, look.style("cursor")),
            (unfolded if self.source.is_open(key) else folded, look.style("muted")),
            (fit(t(f"run.kind.{info.kind}"), columns["kind"]), look.style("muted")),
            (fit(self.source.name(key, self.tables), room, look.symbol("ellipsis")), look.style("text")),
            (more + " ", look.style("accent")),
        ]
        counts = self.counter.of(key, members, self.state, self.tables)
        parts += self._fitted(crowd_standing(counts, look), columns["now"] + columns["waiters"])
        if "longest" in columns:
            text = duration(counts.max_wait_ns, look) if counts.max_wait_ns else ""
            parts.append((fit(text, columns["longest"] - 1, right=True) + " ", look.style("text")))
        if "contended" in columns:
            text = count(counts.n_contended) if counts.n_contended else ""
            parts.append((fit(text, columns["contended"] - 1, right=True) + " ", look.style("text")))
        return strip(parts, self.width, look.ground("selection") if y == self.cursor else None)

    @cached_property
    def _columns(self) -> dict[str, int]:
        columns = {"mark": 2, "kind": 8 if self.width >= 52 else 6}
        tail = {}
        if self.width >= 50:
            tail["longest"] = 9
        if self.width >= 72:
            tail["contended"] = 11
        rest = self.width - sum(columns.values()) - sum(tail.values())
        longest_name = max((self._name_length(i) for i in self.ids[:SEEN]), default=0)
        columns["name"] = max(8, min(longest_name + 2, rest * 36 // 100))
        rest_of_now = rest - columns["name"]
        share = max(9, min(24, rest_of_now * 42 // 100))
        columns["now"] = max(share, min(self._needed + 1, rest_of_now - LEAST_WAITERS))
        columns["waiters"] = max(6, rest - columns["name"] - columns["now"])
        return columns | tail

    @property
    def _needed(self) -> int:
        """Cells for how the resources that are waited for stand.  It only grows: columns that move are no table."""
        state, tables = self.state, self.tables
        for id_ in self.ids[:SEEN]:
            now = state.resources.get(id_)
            if now is not None and now.waiters:
                parts = standing(tables.resources[id_], now, state, tables, self.look)
                length = sum(cell_len(text) for text, _ in parts)
                self.source.most_said = max(self.source.most_said, length)
        return self.source.most_said

    def _name_length(self, key: int) -> int:
        if key < 0:
            return cell_len(self.source.name(key, self.tables)) + 2 + len(count(len(self.source.crowds[key])))
        return cell_len(self.tables.resources[key].name)

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
        known = False
        for user in reversed(now.users):
            task = self.state.tasks.get(user)
            if task is not None:
                if not task.run.ended:
                    return False
                known = True
        return known

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

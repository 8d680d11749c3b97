"""One row for many resources of one name: in how many states they are, how many wait for any of them."""

from collections import Counter
from dataclasses import dataclass, field
from time import monotonic

from syncscope_engine.model.state import State
from syncscope_engine.tables import Tables

from ..i18n import t
from ..look import Look
from .amounts import count
from .cells import Part
from .resource_list import AGAIN_S, SHARE, future_state, standing_of
from .resource_standing import FUTURES


@dataclass(slots=True)
class CrowdCounts:
    futures: Counter[str] = field(default_factory=Counter)
    n_unread: int = 0  # failed, and nobody has looked
    n_owned: int = 0
    n_waiters: int = 0
    n_contended: int = 0
    max_wait_ns: int = 0


def count_crowd(members: list[int], state: State, tables: Tables) -> CrowdCounts:
    counts = CrowdCounts()
    for id_ in members:
        now = standing_of(id_, state, tables)
        if tables.resources[id_].kind == "future":
            found = future_state(now)
            counts.futures[found] += 1
            counts.n_unread += found == "failed" and not now.n_released
        counts.n_owned += bool(now.owner)
        counts.n_waiters += len(now.waiters)
        counts.n_contended += now.n_contended
        counts.max_wait_ns = max(counts.max_wait_ns, now.max_wait_ns)
    return counts


class CrowdCounter:
    """Counts crowds again each second, or less often when it takes long."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[float, CrowdCounts]] = {}

    def of(self, key: int, members: list[int], state: State, tables: Tables) -> CrowdCounts:
        began = monotonic()
        next_s, counts = self._counts.get(key, (0.0, CrowdCounts()))
        if began >= next_s:
            counts = count_crowd(members, state, tables)
            spent = monotonic() - began
            self._counts[key] = (monotonic() + max(AGAIN_S if spent > 0.001 else 0, SHARE * spent), counts)
        return counts


def crowd_standing(counts: CrowdCounts, look: Look) -> list[Part]:
    parts: list[Part] = []
    gap = (", ", look.style("muted"))
    for found, role in FUTURES.items():
        n = counts.futures[found]
        if n:
            parts += [
                *([gap] if parts else []),
                (f"{count(n)} {t(f'run.resources.{found}')}", look.style(role)),
            ]
    if counts.n_unread:
        text = t("run.resources.unread_n", n=counts.n_unread, count=count(counts.n_unread))
        parts += [gap, (text, look.style("warning"))]
    if not parts and counts.n_owned:
        parts.append(
            (t("run.resources.taken", n=counts.n_owned, count=count(counts.n_owned)), look.style("owner"))
        )
    if counts.n_waiters:
        text = t("run.resources.waiting", n=counts.n_waiters, count=count(counts.n_waiters))
        parts += [*([gap] if parts else []), (text, look.style("waiter"))]
    return parts

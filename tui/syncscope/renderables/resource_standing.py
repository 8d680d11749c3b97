"""How a resource stands, in the words of its kind: who has it, how full it is, what came out."""

from rich.style import Style

from syncscope_engine.model.state import ResourceState, State
from syncscope_engine.tables import ResourceInfo, Tables

from ..i18n import t
from ..look import Look
from ..palettes import Role
from .amounts import bar, count
from .cells import Part
from .names import task_label
from .resource_list import FutureState, future_state

PIPS = 8  # permits up to this number are drawn one by one
FUTURES: dict[FutureState, Role] = {
    "pending": "muted",
    "running": "owner",
    "done": "text",
    "failed": "error",
    "cancelled": "cancelled",
}


def standing(info: ResourceInfo, now: ResourceState, state: State, tables: Tables, look: Look) -> list[Part]:
    plain, muted = look.style("text"), look.style("muted")
    match info.kind:
        case "lock" | "rlock":
            return _owner(now.owner, tables, look)
        case "condition":
            lock = state.resources.get(info.lock)
            return _owner(lock.owner if lock else 0, tables, look)
        case "semaphore":
            return _permits(info, now, look)
        case "queue" if info.capacity:
            share = now.value / info.capacity
            text = f" {now.value}/{info.capacity}"
            return [(bar(share, 6, look), look.style("owner")), (text, plain)]
        case "queue":
            return [(t("run.resources.items", n=now.value), plain)]
        case "pipe":
            key = "run.resources.in_flight"
            return [(t(key, n=now.value), plain if now.value else muted)]
        case "event":
            if now.value:
                return [(t("run.resources.set"), look.style("owner"))]
            return [(t("run.resources.not_set"), muted)]
        case "barrier":
            return [(t("run.resources.parties", n=now.value, of=info.capacity), plain)]
        case "variable" | "shared_memory":
            writes = t("run.resources.writes", n=now.n_acquired)
            # 0 is also what stands for a value that is no small integer
            return [(f"{now.value:,} ({writes})" if now.value else writes, plain)]
        case "executor":
            return _pool(info, now, look)
        case "future":
            return _future(now, tables, look)
    return [(count(now.n_acquired), plain)]


def _owner(owner: int, tables: Tables, look: Look) -> list[Part]:
    if not owner:
        return [(f"{look.symbol('free')} {t('run.resources.free')}", look.style("muted"))]
    return [(f"{look.symbol('owner')} {task_label(owner, tables)}", look.style("owner"))]


def _permits(info: ResourceInfo, now: ResourceState, look: Look) -> list[Part]:
    """Permits left of those that there were at the start."""
    initial = info.capacity
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


def _pool(info: ResourceInfo, now: ResourceState, look: Look) -> list[Part]:
    """Calls that are being run, of as many as could be; calls that wait for a worker."""
    busy = max(now.n_acquired - now.n_released - now.value, 0)
    if info.capacity:
        busy = min(busy, info.capacity)
        text = t("run.resources.busy_of", n=busy, of=info.capacity)
    else:
        text = t("run.resources.busy", n=busy)
    parts: list[Part] = [(text, look.style("owner" if busy else "muted"))]
    if now.value:
        parts.append(
            (", " + t("run.resources.waiting", n=now.value, count=count(now.value)), look.style("waiter"))
        )
    return parts


def _future(now: ResourceState, tables: Tables, look: Look) -> list[Part]:
    """Who runs it, or what came out of it, and whether anybody has looked."""
    found = future_state(now)
    if found == "running":
        return _owner(now.owner, tables, look)
    parts: list[Part] = [(t(f"run.resources.{found}"), look.style(FUTURES[found]))]
    if found in ("done", "failed") and not now.n_released:
        style = look.style("warning") if found == "failed" else look.style("muted")
        parts.append((", " + t("run.resources.unread"), style + Style(bold=found == "failed")))
    return parts

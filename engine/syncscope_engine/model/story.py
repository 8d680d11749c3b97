"""Events as sentences: what the screen's story shows, screen readers say, and failed assertions print."""

from collections.abc import Iterable

from ..events import Awaited, Event, Failure, Flag, Kind, Outcome
from ..phrases import duration, name_of, say
from ..signals import signal_name
from ..tables import Tables
from . import story_futures
from .state import State
from .waits import SOMEDAY_NS

_SUSPEND = {
    Awaited.RESOURCE: "suspend_resource",
    Awaited.TASK: "suspend_task",
    Awaited.SLEEP: "suspend_sleep",
    Awaited.FUTURE: "suspend_future",
    Awaited.IO: "suspend_io",
    Awaited.TASKS: "suspend_tasks",
    Awaited.CLEANUP: "suspend_cleanup",
    Awaited.YIELD: "suspend_yield",
    Awaited.IO_READ: "suspend_read",
    Awaited.IO_WRITE: "suspend_write",
    Awaited.IO_CONNECT: "suspend_connect",
    Awaited.IO_ACCEPT: "suspend_accept",
}
_NAMES_ITS_OBJECT = frozenset(
    {"suspend_resource", "suspend_task", "suspend_read", "suspend_write", "suspend_connect", "suspend_accept"}
)
_FAILED = {
    Kind.ACQUIRE_FAILED: "acquire_failed",
    Kind.PUT_FAILED: "put_failed",
    Kind.GET_FAILED: "get_failed",
}
_WHY = {
    Failure.BUSY: "busy",
    Failure.TIMED_OUT: "limit",
    Failure.CANCELLED: "cancelled",
    Failure.REFUSED: "refused",
    Failure.READY: "ready",
}
_UNSAID = frozenset({Kind.STATE, Kind.AWAITS})


def sentence(event: Event, tables: Tables, state: State | None, lang: str) -> str | None:
    """What happened, in one sentence; None for what is no news.

    `state`, at the event or later, adds how long a lock had been held.
    """
    if event.kind in _UNSAID:
        return None
    key, values = _phrase(event, tables, state, lang)
    if key is None:
        return None
    names = {"task": name_of(lang, event.task, tables), "obj": name_of(lang, event.obj, tables)}
    return say(lang, f"story.{key}", **names, **values)


def story(id_: int, events: Iterable[Event], tables: Tables) -> str:
    """Everything that a task did or that happened to a resource, a line each."""
    lines = []
    for event in events:
        if id_ in (event.task, event.obj, event.thread):
            text = sentence(event, tables, None, "en") or Kind(event.kind).name
            lines.append(f"{event.n:6} {(event.t_ns - tables.start_ns) / 1e6:10.3f} ms  {text}")
    return "\n".join(lines)


def _phrase(
    event: Event, tables: Tables, state: State | None, lang: str
) -> tuple[str | None, dict[str, object]]:
    kind, a, b, flags = event.kind, event.a, event.b, event.flags
    if story_futures.tells(event, tables):
        return story_futures.phrase(event, tables, lang)
    waited = duration(lang, a)
    resource = tables.resources.get(event.obj)
    what = resource.kind if resource is not None else ""
    match kind:
        case Kind.EXIT:
            return _exit(event, tables)
        case Kind.RAISED:
            error = next((e.type for e in reversed(tables.exceptions) if e.task == event.obj), None)
            return ("raised_named", {"error": error}) if error else ("raised", {})
        case Kind.JOIN:
            return ("join", {}) if a < 0 else ("join_limit", {"limit": waited})
        case Kind.JOINED:
            return ("joined" if b else "joined_limit"), {"waited": waited}
        case Kind.SLEEP:
            if a < 0 or a >= SOMEDAY_NS:
                return ("idle" if a < 0 else "idle_outside"), {}
            return ("idle_files" if b else "sleep"), {"asked": waited}
        case Kind.SLEPT:
            return "slept", {"waited": waited}
        case Kind.CANCEL:
            return ("cancel" if event.task in tables.tasks else "cancel_loop"), {}
        case Kind.SUSPEND:
            awaited = _SUSPEND.get(Awaited(b)) if b in list(Awaited) else None
            if awaited in _NAMES_ITS_OBJECT and not event.obj:
                awaited = "suspend_io" if b > Awaited.YIELD else None
            return awaited or "suspend", {}
        case Kind.HELD:
            return "held", {"held": waited}
        case Kind.ACQUIRE:
            return _acquire(event, what, tables, state, lang)
        case Kind.ACQUIRED:
            if flags & Flag.IN_CONDITION:
                return "acquired_back", {}
            if what == "semaphore":
                return ("acquired_permit_after" if a > 0 else "acquired_permit"), {
                    "waited": waited,
                    "left": b,
                }
            if flags & Flag.REENTRANT:
                return "acquired_again", {}
            return ("acquired_after" if a > 0 else "acquired"), {"waited": waited}
        case Kind.ACQUIRE_FAILED | Kind.PUT_FAILED | Kind.GET_FAILED:
            why = _WHY[Failure(b)] if b in list(Failure) else "refused"
            return f"{_FAILED[Kind(kind)]}_{why}", {"waited": waited}
        case Kind.RELEASE:
            if flags & Flag.IN_CONDITION:
                return "release_wait", {}
            if what == "semaphore":
                one = say(lang, "story.permit_one") if a <= 1 else say(lang, "story.permit_many", n=a)
                return "release_permit", {"permits": one, "left": b}
            return ("release_again" if flags & Flag.REENTRANT else "release"), {}
        case Kind.WAIT:
            return f"wait_{what if what in ('condition', 'event', 'barrier') else 'other'}", {"n": b}
        case Kind.WOKE:
            if b != 1:
                return ("woke_cancelled" if b == 2 else "woke_limit"), {"waited": waited}
            return f"woke_{what if what in ('condition', 'event', 'barrier') else 'other'}", {
                "waited": waited
            }
        case Kind.NOTIFY:
            key = "notify_nobody" if a <= 0 else "notify_one" if a == 1 else "notify_many"
            return key, {"n": a, "first": name_of(lang, b, tables)}
        case Kind.PUT | Kind.GET:
            if b < 0:
                key = "sent" if kind == Kind.PUT else "received"
            else:
                key = "put" if kind == Kind.PUT else "get"
            return (f"{key}_after" if a > 0 else key), {"waited": waited, "depth": b}
        case Kind.TASK_DONE | Kind.QUEUE_JOIN:
            return Kind(kind).name.lower(), {"left": b}
        case Kind.QUEUE_JOINED:
            return "queue_joined", {"waited": waited}
        case Kind.WRITE if flags & Flag.STALE:
            return "write_stale", {}
        case Kind.GAP:
            return "gap", {"n": a}
        case Kind.KILL:
            return "kill", {"signal": signal_name(a)}
        case Kind.SLOWED:
            return ("slowed" if a > 0 else "slowed_no_more"), {"delay": duration(lang, a)}
    try:
        return Kind(kind).name.lower(), {}
    except ValueError:
        return None, {}  # written by a later version


def _exit(event: Event, tables: Tables) -> tuple[str, dict[str, object]]:
    info = tables.tasks.get(event.obj)
    if info is not None and info.kind == "process":
        if event.b < 0:
            return "exit_signal", {"signal": signal_name(-event.b)}
        return "exit_process", {"status": event.b}
    names: dict[int, str] = {Outcome.FAILED: "exit_failed", Outcome.CANCELLED: "exit_cancelled"}
    return names.get(event.a, "exit_done"), {}


def _acquire(
    event: Event, what: str, tables: Tables, state: State | None, lang: str
) -> tuple[str, dict[str, object]]:
    if what == "semaphore":
        return "acquire_permit", {}
    if not event.a:
        return "acquire", {}
    if event.a in (event.task, event.thread):
        return "acquire_own", {}
    owner = name_of(lang, event.a, tables)
    lock = state.resources.get(event.obj) if state is not None else None
    if lock is not None and lock.owner == event.a and 0 < lock.owner_since_ns <= event.t_ns:
        held = duration(lang, event.t_ns - lock.owner_since_ns)
        return "acquire_held_since", {"owner": owner, "held": held}
    return "acquire_held", {"owner": owner}

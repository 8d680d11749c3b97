"""Events of futures, of calls into event loops, and of what nobody has looked at, as sentences."""

from ..events import Event, Got, Kind, Outcome, Unread
from ..phrases import duration, name_of
from ..tables import Tables

KINDS = frozenset(
    {
        Kind.SUBMIT,
        Kind.PICKED,
        Kind.RESOLVED,
        Kind.RESULT_WAIT,
        Kind.RESULT,
        Kind.CALL,
        Kind.CALLED,
        Kind.LEAKED,
        Kind.UNREAD,
    }
)
_RESOLVED: dict[int, str] = {Outcome.FAILED: "resolved_failed", Outcome.CANCELLED: "resolved_cancelled"}
_RESULT: dict[int, str] = {Got.CANCELLED: "result_cancelled", Got.ERROR: "result_error"}


_WORK = {Kind.GET_WAIT: "work_wait", Kind.GET: "work", Kind.GET_FAILED: "work_ended"}


def tells(event: Event, tables: Tables) -> bool:
    """Is it for `phrase` to say what happened?"""
    if event.kind in KINDS:
        return True
    resource = tables.resources.get(event.obj)
    return resource is not None and resource.kind == "executor" and event.kind in _WORK


def phrase(event: Event, tables: Tables, lang: str) -> tuple[str, dict[str, object]]:
    """(key below `story`, what it is filled with) of an event that this module `tells`."""
    a, b = event.a, event.b
    match event.kind:
        case Kind.GET_WAIT | Kind.GET | Kind.GET_FAILED:
            return _WORK[Kind(event.kind)], {"waited": duration(lang, a)}
        case Kind.SUBMIT:
            values = {"executor": name_of(lang, a, tables), "n": b}
            return ("submit_own" if not a else "submit_queued" if b > 1 else "submit"), values
        case Kind.PICKED:
            return ("picked" if b > 0 else "picked_up"), {"waited": duration(lang, b)}
        case Kind.RESOLVED:
            return _RESOLVED.get(a, "resolved_done"), {}
        case Kind.RESULT_WAIT if b > 0:
            return ("result_wait_one_more" if b == 1 else "result_wait_many"), {"n": b}
        case Kind.RESULT_WAIT:
            return ("result_wait" if a < 0 else "result_wait_limit"), {"limit": duration(lang, a)}
        case Kind.RESULT:
            if b == Got.TIMED_OUT:
                return ("result_limit" if a > 0 else "result_not_there"), {"waited": duration(lang, a)}
            key = "result_ready" if b == Got.READY else _RESULT.get(b, "result")
            return (f"{key}_after" if a > 0 else key), {"waited": duration(lang, a)}
        case Kind.CALLED:
            return "called", {"waited": duration(lang, b)}
        case Kind.LEAKED:
            return ("leaked" if event.obj else "leaked_coroutine"), {}
        case Kind.UNREAD:
            return ("unread_gather" if b == Unread.GATHER else "unread"), {}
        case _:
            return "call", {}

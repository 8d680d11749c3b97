"""Why a task waits, in words for its lane: from the whole sentence to a name alone, for whatever room there is."""

from syncscope_engine.model.state import TaskState
from syncscope_engine.model.waits import describe_wait

from ..i18n import language
from .amounts import S, duration
from .lane_page import LanePage


def wait_variants(page: LanePage, task: TaskState) -> list[str]:
    """The longest first; none when the task does not wait."""
    now_ns = page.window.now_ns
    wait = describe_wait(task.id, page.state, page.tables, now_ns)
    if wait is None:
        return []
    reason = wait.reason(language(), page.tables)
    name = page.name(wait.obj) if wait.obj else reason
    time = _time(wait.waited_ns, page)
    texts = [f"{reason} · {time}", f"{name} · {time}", name] if time else [reason, name]
    return list(dict.fromkeys(texts))


def _time(waited_ns: int, page: LanePage) -> str:
    """Exact when nothing moves; else in whole seconds: dozens of running clocks would be noise, and bytes."""
    if page.stands_still:
        return duration(waited_ns, page.look)
    return f"{waited_ns // S} s" if waited_ns >= S else ""

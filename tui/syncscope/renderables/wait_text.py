"""TEMP"""
from syncscope_engine.model.state import TaskState
from .amounts import duration
from .lane_page import LanePage


def wait_variants(page: LanePage, task: TaskState) -> list[str]:
    w = task.wait
    name = page.name(w.obj) if w.obj else "?"
    d = duration(page.window.now_ns - w.since_ns, page.look)
    r = page.state.resources.get(w.obj)
    owner = page.tables.task_name(r.owner) if r and r.owner else ""
    if owner:
        return [f"waits for `{name}` held by {owner} (line 12) · {d}", f"`{name}` held by {owner} · {d}", f"{name} · {d}"]
    return [f"waits for `{name}` · {d}", f"{name} · {d}", f"{name}"]

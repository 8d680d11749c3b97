"""What a suspended task awaits and where: read from its chain of awaiting coroutines."""

import asyncio.tasks
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import Any

from ..events import Awaited
from . import frames

_DEEPEST = 256
_SLEEP = asyncio.tasks.sleep.__code__
_IO_MODULES = frozenset(
    {
        "asyncio.base_events",
        "asyncio.base_subprocess",
        "asyncio.selector_events",
        "asyncio.sslproto",
        "asyncio.streams",
        "asyncio.subprocess",
        "asyncio.unix_events",
    }
)
_OF_SEVERAL = frozenset({("asyncio.tasks", "wait"), ("asyncio.tasks", "_wait_for_one")})


def site(task: Any) -> "tuple[FrameType | None, list[FrameType]]":
    """(innermost frame of the program in the chain of `task`, the frames further inside, outermost first)."""
    found: "FrameType | None" = None
    inside: "list[FrameType]" = []
    awaited = task.get_coro()
    for _ in range(_DEEPEST):
        kind = type(awaited)
        if kind is CoroutineType:
            frame, awaited = awaited.cr_frame, awaited.cr_await
        elif kind is GeneratorType:
            frame, awaited = awaited.gi_frame, awaited.gi_yieldfrom
        elif kind is AsyncGeneratorType:
            frame, awaited = awaited.ag_frame, awaited.ag_await
        else:
            break
        if frame is None:
            break
        who = frames.owner(frame.f_code.co_filename)
        if who == frames.USER or (who == frames.LIB and found is None):
            found = frame
            inside.clear()
        else:
            inside.append(frame)
    return found, inside


def kind(waiter: Any, frame: "FrameType | None", inside: "list[FrameType]") -> Awaited:
    """What a task waits for that waits neither for a known task nor for an observed resource.

    waiter: the future that it awaits.  frame, inside: see `site`.
    """
    if type(waiter).__name__ == "_GatheringFuture":
        return Awaited.TASKS
    io = False
    cleanup = frame is not None and frame.f_code.co_name == "__aexit__"
    for frame in inside:
        code = frame.f_code
        if code is _SLEEP:
            return Awaited.SLEEP
        module = frame.f_globals.get("__name__", "")
        if (module, code.co_name) in _OF_SEVERAL or module == "asyncio.taskgroups":
            return Awaited.TASKS
        cleanup = cleanup or code.co_name == "__aexit__"
        io = io or module in _IO_MODULES
    return Awaited.IO if io else Awaited.CLEANUP if cleanup else Awaited.FUTURE


def task_inside(inside: "list[FrameType]") -> Any:
    """Before 3.12, `wait_for` awaits a future of its own: the task that it waits for is its variable `fut`."""
    for frame in inside:
        if frame.f_code.co_name == "wait_for" and frame.f_globals.get("__name__") == "asyncio.tasks":
            return frame.f_locals.get("fut")
    return None


frames.step_over(globals(), ours=True)

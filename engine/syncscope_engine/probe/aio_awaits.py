"""What a suspended task awaits and where: read from its chain of awaiting coroutines."""

import asyncio.base_events
import asyncio.tasks
import sys
from gc import get_referents
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import Any

from ..events import Awaited
from . import frames


async def _nothing() -> None:
    pass


_coroutine = _nothing()
_WRAPPER = type(_coroutine.__await__())
_coroutine.close()
STD, owner, owner_of = frames.STD, frames.owner, frames.owner_of_file.get
_DEEPEST = 256
_SLEEP = asyncio.tasks.sleep.__code__
_WAIT_FOR = asyncio.tasks.wait_for.__code__
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
RUN_ONCE = asyncio.base_events.BaseEventLoop._run_once.__code__  # type: ignore[attr-defined]
_OF_SEVERAL = frozenset({("asyncio.tasks", "wait"), ("asyncio.tasks", "_wait_for_one")})


def program_frame(frame: "FrameType | None") -> "FrameType | None":
    """The nearest frame outwards that is not the standard library's; None when a loop called what acts."""
    while frame is not None:
        code = frame.f_code
        if code is RUN_ONCE:
            return None
        if (owner_of(code.co_filename) or owner(code.co_filename)) != STD:
            return frame
        frame = frame.f_back
    return None


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
        elif kind is _WRAPPER:  # of a coroutine whose `__await__` was called; it does not say which
            awaited = next(iter(get_referents(awaited)), None)
            continue
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


def limit(inside: "list[FrameType]") -> "tuple[Any, bool]":
    """(the future that `wait_for` waits for, before 3.12, where it awaits one of its own; is there a limit?)"""
    for frame in inside:
        if frame.f_code is _WAIT_FOR:
            names = frame.f_locals
            return names.get("fut") if sys.version_info < (3, 12) else None, names.get("timeout") is not None
    return None, False


frames.step_over(globals(), ours=True)

"""What a suspended task really waits for: through gather, wait, shield, wait_for and executors to tasks and futures.

Read from the futures' children and callbacks and from the variables of asyncio's own suspended functions;
nothing is wrapped for it.
"""

import sys
import weakref
from asyncio import futures, tasks
from types import FrameType, FunctionType, GeneratorType
from typing import Any, NamedTuple

from ..events import Awaited
from . import aio_awaits, aio_futures, aio_peers, frames

MOST = 16
"""So many of several awaited tasks are told."""
_DEEPEST = 4
_Future: Any = futures.Future
_PASSED_ON = {
    "shield.<locals>._outer_done_callback": "inner",
    "_chain_future.<locals>._call_check_cancel": "source",
}
"""Callback of a future that only passes on what another one gets -> its variable that is the other one."""

known: "dict[int, Any]" = {}
"""id(task) -> its Steps; the same as `aio_steps.known`."""
_completing: "weakref.WeakSet[Any]" = weakref.WeakSet()
"""Generators of `as_completed`, before 3.13."""


class Target(NamedTuple):
    awaited: Awaited
    obj: int = 0
    others: "tuple[int, ...]" = ()  # TASKS: all of them, as far as they are known; obj is the first
    n: int = 0  # TASKS: how many there are
    needs_all: bool = True
    timed: bool = False


def _is_of_program(frame: FrameType) -> bool:
    return frames.owner(frame.f_code.co_filename) == frames.USER


_A_FUTURE = Target(Awaited.FUTURE)


def look(waiter: Any, frame: "FrameType | None", inside: "list[FrameType]") -> Target:
    """For a task that waits neither for a known task nor for an observed resource of asyncio.

    waiter: the future that it awaits.  frame, inside: see `aio_awaits.site`.
    """
    if not inside and frame is not None:
        if type(waiter) is aio_futures.Future:
            id_ = aio_futures.id_of(waiter)
            return Target(Awaited.FUTURE, id_) if id_ else _A_FUTURE
        if type(waiter) is _Future and len(waiter._callbacks) == 1 and _is_of_program(frame):
            return _A_FUTURE  # only the task itself has a callback there: it stands for nothing else
    awaited = aio_awaits.kind(waiter, frame, inside)
    if awaited is Awaited.SLEEP:
        return Target(awaited)
    if awaited is Awaited.TASKS:
        return _several(waiter, inside)
    last = inside[-1] if inside else frame
    of_package = last is not None and frames.owner(last.f_code.co_filename) == frames.LIB
    if awaited is Awaited.IO or of_package:
        process = _process(inside)
        if process:
            return Target(Awaited.TASK, process)
        peer = aio_peers.waits(inside if inside or frame is None else [frame])
        if peer is not None:
            return Target(*peer)
    limited, timed = aio_awaits.limit(inside)
    if limited is not None:
        waiter = limited
    id_, is_task = _entity(waiter)
    if id_:
        return Target(Awaited.TASK if is_task else Awaited.FUTURE, id_, timed=timed)
    if type(waiter).__name__ == "_GatheringFuture":
        return _several(waiter, inside)._replace(timed=timed)
    return Target(awaited, timed=timed)


def _entity(future: Any, depth: int = 0) -> "tuple[int, bool]":
    """(id of the task or future that `future` is or stands for, is it a task?); 0: not known."""
    steps = known.get(id(future))
    if steps is not None:
        return steps.id, True
    id_ = aio_futures.id_of(future)
    if id_:
        return id_, False
    other = _passed_on(future) if depth < _DEEPEST else None
    if other is None:
        return 0, False
    id_ = _id_of_concurrent(other)
    return (id_, False) if id_ else _entity(other, depth + 1)


def _passed_on(future: Any) -> Any:
    """The future whose result `future` will get: inside of a `shield`, or that of an executor."""
    try:
        callbacks = future._callbacks
    except AttributeError:
        return None
    for entry in callbacks or ():
        callback = entry[0] if type(entry) is tuple else entry
        if type(callback) is FunctionType:
            name = _PASSED_ON.get(callback.__qualname__)
            if name is not None:
                return variable_of(callback, name)
    return None


def variable_of(function: FunctionType, name: str) -> Any:
    """Value of a variable that an inner function has from the function around it; None when it has none."""
    free = function.__code__.co_freevars
    if name not in free or function.__closure__ is None:
        return None
    try:
        return function.__closure__[free.index(name)].cell_contents
    except ValueError:
        return None


def _id_of_concurrent(future: Any) -> int:
    """Id of a future of `concurrent.futures`, when it is observed."""
    if not type(future).__module__.startswith("concurrent.futures"):
        return 0
    try:
        from .futures import future_id
    except ImportError:
        return 0
    return int(future_id(future) or 0)


def _process(inside: "list[FrameType]") -> int:
    """Id of the process whose end is waited for, in a method of `asyncio.subprocess`."""
    for frame in reversed(inside):
        if frame.f_code.co_name == "_wait" and frame.f_globals.get("__name__") == "asyncio.base_subprocess":
            popen = aio_peers.plain(frame.f_locals.get("self"), "_proc")
            id_ = aio_peers.plain(popen, "_syncscope")
            return id_ if isinstance(id_, int) else 0
    return 0


# -- several ----------------------------------------------------------------------------------------------


def _several(waiter: Any, inside: "list[FrameType]") -> Target:
    children, needs_all, timed = _children(waiter, inside)
    open_ = [child for child in children if not child.done()]
    ids: "list[int]" = []
    for child in open_[: 4 * MOST]:
        _gather_ids(child, ids, 0)
        if len(ids) >= MOST:
            break
    found = tuple(sorted(set(ids[:MOST])))
    return Target(
        Awaited.TASKS, found[0] if found else 0, found, max(len(open_), len(found)), needs_all, timed
    )


def _gather_ids(future: Any, ids: "list[int]", depth: int) -> None:
    if type(future).__name__ == "_GatheringFuture" and depth < _DEEPEST:
        for child in future._children[: 4 * MOST]:
            if not child.done():
                _gather_ids(child, ids, depth + 1)
        return
    id_ = _entity(future)[0]
    if id_:
        ids.append(id_)


def _children(waiter: Any, inside: "list[FrameType]") -> "tuple[list[Any], bool, bool]":
    """(the futures that are waited for together, all of them?, is there a time limit?)"""
    if type(waiter).__name__ == "_GatheringFuture":
        return list(waiter._children), True, False
    for frame in inside:
        module, name = frame.f_globals.get("__name__", ""), frame.f_code.co_name
        if module == "asyncio.taskgroups":
            group = frame.f_locals.get("self")
            return list(getattr(group, "_tasks", ())), True, False
        if module != "asyncio.tasks":
            continue
        if name == "_wait":
            names = frame.f_locals
            all_ = names.get("return_when") == tasks.ALL_COMPLETED
            return list(names.get("fs") or ()), all_, names.get("timeout") is not None
        if name == "_wait_for_one":
            return _left_of_as_completed(frame), False, False
    return [], True, False


def _left_of_as_completed(frame: FrameType) -> "list[Any]":
    names = frame.f_locals
    if "done" not in names:
        return list(getattr(names.get("self"), "_todo", ()))
    for generator in _completing:
        running = generator.gi_frame
        if running is not None and running.f_locals.get("done") is names["done"]:
            return list(running.f_locals.get("todo") or ())
    return []


def _remembering(bare: Any) -> Any:
    def as_completed(*args: Any, **kwargs: Any) -> Any:
        generator = bare(*args, **kwargs)
        if type(generator) is GeneratorType:
            _completing.add(generator)
        return generator

    return as_completed


def install() -> None:
    import asyncio
    import functools

    if sys.version_info < (3, 13):
        bare: Any = tasks.as_completed
        new = functools.wraps(bare)(_remembering(bare))
        for module in (asyncio, tasks):
            module.__dict__["as_completed"] = new


frames.step_over(globals(), ours=True)

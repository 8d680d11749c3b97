"""Queues: `put` and `get` are one act each.

The methods of the real class are replaced, so that subclasses are covered; its mutex stays what it is for whoever
takes it himself.  A subclass with `_put` or `_get` of its own runs the standard code, on our locks.
"""

import queue
from collections import deque
from collections.abc import Callable
from types import GenericAlias
from typing import Any

from .run import Run, current
from .shared_objects import SharedObject

_Queue: Any = queue.Queue
_STANDARD = ("put", "get", "task_done", "join", "qsize", "empty", "full")
_originals = {name: getattr(_Queue, name) for name in _STANDARD}
_ShutDown: Any = getattr(queue, "ShutDown", queue.Full)


def _ours(queue_: Any) -> "Run | None":
    run = current()
    if run is None:
        return None
    parts = [getattr(type(queue_), name).__module__ for name in ("_put", "_get", "_qsize")]
    if parts != ["queue"] * 3 or not hasattr(queue_.mutex, "_give_up"):
        return None
    return run


def _act(
    queue_: Any, run: Run, kind: str, ready: "Callable[[], bool]", block: bool, timeout: "float | None"
) -> None:
    mutex = queue_.mutex
    key = mutex._in(run)
    if run.ending:
        run.leave()
    if not block:
        run.point(kind, key, True, mutex._name, lambda: not mutex._locked)
    else:
        if timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        deadline = run.after(timeout)
        operation = run.operation(kind, key, True, mutex._name)
        if deadline is None:
            run.step(operation, lambda: not mutex._locked and ready())
        else:
            run.timed_step(operation, ready, deadline, lambda: not mutex._locked)


def _is_shut(queue_: Any) -> bool:
    return bool(getattr(queue_, "is_shutdown", False))


def _held(queue_: Any, run: Run, act: "Callable[[], Any]") -> Any:
    """With the mutex held: what is compared in a PriorityQueue may be the program's own code."""
    queue_.mutex._take(run)
    try:
        return act()
    finally:
        queue_.mutex._give_up()


def _tell(condition: Any) -> None:
    waiters = getattr(condition, "_waiters", None)
    if waiters:
        waiters.popleft()[1] = True


def put(self: Any, item: Any, block: bool = True, timeout: "float | None" = None) -> None:
    run = _ours(self)
    if run is None:
        _originals["put"](self, item, block, timeout)
        return

    def has_room() -> bool:
        return not 0 < self.maxsize <= self._qsize()

    _act(self, run, "put", lambda: has_room() or _is_shut(self), block, timeout)
    if _is_shut(self):
        raise _ShutDown
    if not has_room():
        raise queue.Full
    _held(self, run, lambda: self._put(item))
    self.unfinished_tasks += 1
    _tell(self.not_empty)


def get(self: Any, block: bool = True, timeout: "float | None" = None) -> Any:
    run = _ours(self)
    if run is None:
        return _originals["get"](self, block, timeout)
    _act(self, run, "get", lambda: self._qsize() > 0 or _is_shut(self), block, timeout)
    if not self._qsize():
        raise _ShutDown if _is_shut(self) else queue.Empty
    item = _held(self, run, self._get)
    _tell(self.not_full)
    return item


def task_done(self: Any) -> None:
    run = _ours(self)
    if run is None:
        _originals["task_done"](self)
        return
    if run.ending:
        return
    _act(self, run, "task_done", lambda: True, True, None)
    if self.unfinished_tasks <= 0:
        raise ValueError("task_done() called too many times")
    self.unfinished_tasks -= 1
    if not self.unfinished_tasks and hasattr(self.all_tasks_done, "_waiters"):
        while self.all_tasks_done._waiters:
            _tell(self.all_tasks_done)


def join(self: Any) -> None:
    run = _ours(self)
    if run is None:
        _originals["join"](self)
        return
    _act(self, run, "join", lambda: not self.unfinished_tasks, True, None)


def _look(self: Any) -> "int | None":
    run = _ours(self)
    if run is None:
        return None
    mutex = self.mutex
    run.point("look", mutex._in(run), False, mutex._name, lambda: not mutex._locked)
    return int(self._qsize())


def qsize(self: Any) -> int:
    size = _look(self)
    return int(_originals["qsize"](self)) if size is None else size


def empty(self: Any) -> bool:
    size = _look(self)
    return bool(_originals["empty"](self)) if size is None else not size


def full(self: Any) -> bool:
    size = _look(self)
    return bool(_originals["full"](self)) if size is None else 0 < self.maxsize <= size


class SimpleQueue(SharedObject):
    kind = "queue"

    def __init__(self) -> None:
        self._items: "deque[Any]" = deque()
        self._made()

    def _begin(self) -> None:
        self._items.clear()

    def put(self, item: Any, block: bool = True, timeout: "float | None" = None) -> None:
        run = current()
        if run is not None:
            key = self._in(run)
            if not run.ending:
                run.point("put", key, True, self._name)
        self._items.append(item)

    put_nowait = put

    def get(self, block: bool = True, timeout: "float | None" = None) -> Any:
        run = current()
        if run is not None:
            if timeout is not None and timeout < 0:
                raise ValueError("'timeout' must be a non-negative number")
            key = self._in(run)
            if not block:
                run.point("get", key, True, self._name)
            else:
                run.point("get", key, True, self._name, lambda: bool(self._items), run.after(timeout))
        if not self._items:
            raise queue.Empty
        return self._items.popleft()

    def get_nowait(self) -> Any:
        return self.get(block=False)

    def qsize(self) -> int:
        run = current()
        if run is not None:
            run.point("look", self._in(run), False, self._name)
        return len(self._items)

    def empty(self) -> bool:
        return self.qsize() == 0

    __class_getitem__: Any = classmethod(GenericAlias)


REPLACEMENTS: "list[tuple[Any, str, Any]]" = [
    (_Queue, "put", put),
    (_Queue, "get", get),
    (_Queue, "task_done", task_done),
    (_Queue, "join", join),
    (_Queue, "qsize", qsize),
    (_Queue, "empty", empty),
    (_Queue, "full", full),
    (queue, "SimpleQueue", SimpleQueue),
]

"""asyncio: which ready callback runs next is chosen, and the loop's time is virtual.

*faithful*: callbacks run in turn, as the real loop runs them; what really can vary is chosen: timers that are due at
the same moment, and, as it depends on threads, when these hand something to the loop.
*adversarial*: any ready callback may go first.  No real loop does that; a program that survives it does not rely on
the order.

Imported only once the program has imported asyncio.
"""

import asyncio
import selectors
from asyncio import events
from collections import deque
from typing import Any

from .operation import Operation
from .run import Run, current

_SLEEP = "_set_result_unless_cancelled"


class _Ready(deque[Any]):
    """The loop takes as many as were ready from the left: here, the chosen one."""

    def __init__(self, loop: "ControlledLoop") -> None:
        super().__init__()
        self._loop = loop

    def popleft(self) -> Any:
        run = current()
        if run is None or run.ending:
            return super().popleft()
        options: "dict[int, int]" = {}
        group: Any = None
        for index, handle in enumerate(self):
            number = 0 if handle._cancelled else self._loop.number_of(run, handle)
            due = getattr(handle, "_when", None)
            if not run.is_adversarial:
                if index and (due is None or due != group or not number):
                    break
                group = due
            if not number:
                return self._take(index)  # the library's own, or nobody's
            options.setdefault(number, index)
        chosen = run.choose_among(
            {number: self._loop.operation(run, self[i]) for number, i in options.items()}
        )
        return self._take(options[chosen])

    def _take(self, index: int) -> Any:
        handle = self[index]
        del self[index]
        return handle


class _Selector(selectors.DefaultSelector):
    """Waits on the virtual clock; real descriptors are asked without waiting."""

    loop: "ControlledLoop"

    def select(self, timeout: "float | None" = None) -> Any:
        run = current()
        if run is None:
            return super().select(timeout)
        found: Any = []
        if self.get_map():
            run.warn("asyncio: what real sockets bring, and when, is not under control")
            waits = timeout is None and run.solo
            found = super().select(None if waits else 0)
        if found or (timeout is not None and timeout <= 0):
            return found
        self.loop.wait(run, timeout)
        return []


class ControlledLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)
        self._ready = _Ready(self)
        self._clock_resolution = 1e-9
        self._woken = False
        self._named = 0

    def time(self) -> float:
        run = current()
        return run.clock.now if run is not None else super().time()

    def wait(self, run: Run, timeout: "float | None") -> None:
        deadline = run.after(timeout)
        operation = run.operation("wait", run.key(self), True, "event loop")
        run.step(
            operation, lambda: self._woken or (deadline is not None and deadline <= run.clock.now), deadline
        )
        self._woken = False

    # -- no pipe to wake it: nobody waits in the operating system

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None

    def _close_self_pipe(self) -> None:
        pass

    def _write_to_self(self) -> None:
        run = current()
        if run is not None and not run.ending and run.current is not self._thread_task(run):
            run.point("wake", run.key(self), True, "event loop")
        self._woken = True

    def _thread_task(self, run: Run) -> Any:
        number: Any = getattr(self, "_thread_id", None)
        return run.tasks.get(number) if number is not None else run.current

    def add_signal_handler(self, sig: int, callback: Any, *args: Any) -> None:  # type: ignore[override]
        run = current()
        if run is not None:
            run.warn("signals are not under control: handlers are never called")

    def remove_signal_handler(self, sig: int) -> bool:
        return True

    # -- who is who

    def create_task(self, coro: Any, **named: Any) -> Any:
        task = super().create_task(coro, **named)
        run = current()
        if run is not None:
            if named.get("name") is None and hasattr(task, "set_name"):
                self._named += 1
                task.set_name(f"Task-{self._named}")
            run.number_in_loop(task, task.get_name())
        return task

    def number_of(self, run: Run, handle: Any) -> int:
        """Of the task that the callback continues, or of the callback; 0: the library's own."""
        callback = handle._callback
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, asyncio.Task):
            return run.number_in_loop(owner, owner.get_name())
        if (getattr(callback, "__module__", None) or "").split(".")[0] in (
            "asyncio",
            "_asyncio",
            "concurrent",
        ):
            sleeper = _sleeper(handle) if getattr(callback, "__name__", "") == _SLEEP else None
            return run.number_in_loop(sleeper, sleeper.get_name()) if sleeper is not None else 0
        return run.number_in_loop(handle, getattr(callback, "__qualname__", "callback"))

    def operation(self, run: Run, handle: Any) -> Operation:
        number = self.number_of(run, handle)
        what = run.in_loop(number)
        where = ("", 0)
        if isinstance(what, asyncio.Task):
            where = place_in(run, what)
        else:
            code = getattr(handle._callback, "__code__", None)
            if code is not None:
                where = (code.co_filename, code.co_firstlineno)
        return run.operation("run", run.key(self), True, run.tasks[number].name, where)


def _sleeper(handle: Any) -> Any:
    """Who waits for the future that the timer resolves."""
    for callback, _ in getattr(handle._args[0], "_callbacks", None) or ():
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, asyncio.Task):
            return owner
    return None


def place_in(run: Run, task: Any) -> "tuple[str, int]":
    """The line of the program's own at which a task goes on."""
    found, inner = ("", 0), task.get_coro()
    while inner is not None:
        frame = getattr(inner, "cr_frame", None) or getattr(inner, "gi_frame", None)
        if frame is not None and frame.f_code.co_filename in run.files:
            found = (frame.f_code.co_filename, frame.f_lineno)
        inner = getattr(inner, "cr_await", None) or getattr(inner, "gi_yieldfrom", None)
    return found


def new_event_loop() -> Any:
    run = current()
    if run is None:
        return _new_event_loop()
    if run.is_adversarial:
        run.warn("asyncio: any ready callback may go first; the real loop runs them in turn")
    return ControlledLoop()


_new_event_loop = events.new_event_loop
REPLACEMENTS: "list[tuple[Any, str, Any]]" = [
    (events, "new_event_loop", new_event_loop),
    (asyncio, "new_event_loop", new_event_loop),
]

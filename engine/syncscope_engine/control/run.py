"""One execution: tasks on real threads, of which exactly one has the turn.

The running thread decides itself who goes next, inside the operation that it is about to make, and hands the turn
over by a raw lock: there is no thread that does the scheduling.  Whoever would block is not put to sleep in the
operating system: its operation waits for a predicate, so that who can go, and that nobody can, is known exactly.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import carriers
from .carriers import Carrier
from .clock import Clock
from .execution import Chooser, Cut, Point, Step
from .operation import Operation
from .originals import allocate_lock, clock_gettime, get_ident
from .places import Places
from .tasks import Ended, Task
from .watching import interrupt, is_computing

if TYPE_CHECKING:
    from .execution import Runnable

WATCH_S = 0.2
COMPUTING_S = 10.0
_SWALLOWED = 100


def _never() -> bool:
    return False


def _nothing() -> None:
    """What runs a task of asyncio is its loop."""


abandoned: "set[int]" = set()
"""Real threads that hang in C after their execution is over."""


class Run(Places):
    def __init__(
        self,
        program: "Runnable",
        choose: Chooser,
        max_steps: int,
        is_adversarial: bool = False,
        is_any_time: bool = False,
    ) -> None:
        super().__init__(program)
        self.is_adversarial = is_adversarial
        self.is_any_time = is_any_time
        self.max_steps = max_steps
        self.steps: list[Step] = []
        self.tasks: dict[int, Task] = {}
        self.living: list[Task] = []
        self.solo = True  # one task is alive: there is nothing to choose
        self.current: Task | None = None
        self.clock = Clock()
        self.ending = False
        self.outcome = ""
        self.error = ""
        self.where: tuple[str, int] = ("", 0)
        self.left: dict[int, Operation] = {}
        self.at_exit: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = []
        self.trouble: BaseException | None = None
        self._choose = choose
        self._needed = 0  # tasks alive whose end the program's end waits for
        self._hosts: dict[int, Task] = {}
        self._in_loop: dict[int, int] = {}
        self._done = allocate_lock()
        self._done.acquire()
        self._carriers: list[Carrier] = []
        self.main_thread: Any = None

    # -- from outside

    def execute(self, main: "Callable[[], object]") -> None:
        self.spawn("MainThread", main, False, None)
        task = self._choose_next()
        if task is None:
            self._unwind()
        else:
            self._give_turn(task)
        self._watch()
        carriers.give_back(self._carriers)

    def _watch(self) -> None:
        """Wait for the end, and look after a task that neither goes on nor computes."""
        seen, since = -1, 0.0
        while not self._done.acquire(True, WATCH_S):
            task, since = self.current, since + WATCH_S
            if len(self.steps) != seen or task is None:
                seen, since = len(self.steps), 0.0
                self._used = self._cpu(task)
                continue
            used = self._cpu(task)
            computing, self._used = is_computing(used - self._used, WATCH_S), used
            if computing and since < COMPUTING_S:
                continue
            if self.ending:
                self._abandon(task)  # does not come back although it was told to
                continue
            self.error, self.where = self._stuck(task, computing)
            self.outcome = "limit" if computing else "outside"
            self.left = {t.number: t.pending for t in self.living}
            self.ending = True
            self._abandon(task)

    _used = 0.0

    @staticmethod
    def _cpu(task: "Task | None") -> float:
        import time

        if task is None or not task.ident:
            return 0.0
        try:
            return clock_gettime(time.pthread_getcpuclockid(task.ident))
        except OSError:
            return 0.0

    def _stuck(self, task: Task, computing: bool) -> "tuple[str, tuple[str, int]]":
        frame = sys._current_frames().get(task.ident)
        where = self.place(frame)
        doing = "computes without a scheduling point" if computing else "is blocked outside of the scheduler"
        return f"{task.name} {doing}: {os.path.basename(where[0])}, line {where[1]}", where

    def _abandon(self, task: Task) -> None:
        """Its thread may come back one day; it then finds that its execution is over."""
        abandoned.add(task.ident)
        interrupt(task.ident, Ended)
        if task.carrier in self._carriers:
            self._carriers.remove(task.carrier)
        if task in self.living:
            self.living.remove(task)
        self._unwind()

    # -- tasks

    def spawn(self, name: str, body: "Callable[[], object]", daemon: bool, thread: Any) -> Task:
        number = len(self.tasks) + 1
        task = self.tasks[number] = Task(number, name, body, daemon, thread)
        self.living.append(task)
        self._needed += not daemon
        self.solo = len(self.living) == 1
        return task

    def names(self) -> dict[int, str]:
        return {number: task.name for number, task in self.tasks.items()}

    def _give_turn(self, task: Task) -> None:
        self.current = task
        carrier = task.carrier
        if carrier is None:
            carrier = task.carrier = carriers.take()
            self._carriers.append(carrier)
            task.ident = carrier.ident
            carrier.job = lambda: self._carry(task)
        carrier.gate.release()

    def _carry(self, task: Task) -> None:
        if not self.ending:
            try:
                task.body()
            except Ended:
                pass
            except BaseException as error:
                if task.ident not in abandoned:
                    self.fail(error)
        if task.ident in abandoned:
            abandoned.discard(task.ident)
            return
        # Its end is a step, too; it needs no thread any more: whoever has the turn then makes it
        task.is_through = True
        task.pending = self.operation("exit", self.key(task), True, task.name, ("", 0))
        task.ready = None
        following = None if self.ending else self._choose_next()
        if following is None:
            self._unwind()
        else:
            self._give_turn(following)

    def _unwind(self) -> None:
        """Let the next thread that is still in the middle of something come back; the last one says so."""
        for task in self.living:
            if task.carrier is not None and not task.is_through:
                self._give_turn(task)
                return
        self.current = None
        self._done.release()

    def fail(self, error: BaseException) -> None:
        """An exception that nobody caught; the others go on, as they would."""
        if self.error:
            return
        text = str(error).strip().splitlines()
        self.error = f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
        traceback, where = error.__traceback__, ("", 0)
        while traceback is not None:
            name = traceback.tb_frame.f_code.co_filename
            if name in self.files or not where[0]:
                where = (name, traceback.tb_lineno)
            traceback = traceback.tb_next
        self.where = where

    # -- the step

    def step(
        self,
        operation: Operation,
        ready: "Callable[[], bool] | None" = None,
        deadline: "float | None" = None,
    ) -> None:
        """Called by the running task before it makes `operation`; returns when it is its turn.

        `ready`: whether it can go; asked by whoever has the turn.  `deadline`: when that may change by itself.
        """
        me = self.current
        if self.ending:
            self.leave()
        assert me is not None
        me.pending = operation
        me.ready = ready
        me.deadline = deadline
        following = self._choose_next()
        if following is me:
            return
        if following is None:
            self.current = me
            self.leave()
            return
        self._give_turn(following)
        me.carrier.gate.acquire()  # type: ignore[union-attr]
        if self.ending:
            self.leave()

    def leave(self) -> None:
        """The execution is over for this task."""
        me = self.current
        if me is not None:
            me.ended += 1
            if me.ended > _SWALLOWED:
                allocate = allocate_lock()
                allocate.acquire()
                allocate.acquire()  # it swallows every exception: it must not go on; `_watch` gives it up
        raise Ended

    def _choose_next(self) -> "Task | None":
        """Who goes on; None: the execution is over, and says why."""
        task = self._choose_one()
        while task is not None and task.is_through:
            self.living.remove(task)
            self._needed -= not task.daemon
            self.solo = len(self.living) == 1
            task = self._choose_one()
        return task

    def _choose_one(self) -> "Task | None":
        if not self._needed:
            self._end("failed" if self.error else "finished")
            return None
        living = self.living
        able: list[int] = []
        while True:
            for task in living:
                ready = task.ready
                if ready is None or ready():
                    able.append(task.number)
            if able:
                break
            if not self._time_passes():
                return None
        n = len(self.steps)
        if n >= self.max_steps:
            self._end("limit", f"more than {self.max_steps} steps")
            return None
        pending = {task.number: task.pending for task in living}
        numbers = self._with_options(able, pending) if self._hosts else tuple(able)
        running = self.steps[-1].task if n else 0
        try:
            chosen = self._choose(Point(n, running, numbers, pending))
            if chosen not in numbers:
                raise ValueError(f"step {n}: task {chosen} was chosen, but only {numbers} can go")
        except Cut as cut:
            if type(cut) is not Cut:
                self.trouble = cut
            self._end("cut")
            return None
        except BaseException as error:
            self.trouble = error
            self._end("cut")
            return None
        task = self._hosts.get(chosen) or self.tasks[chosen]
        task.picked = chosen
        self.steps.append(Step(chosen, pending[chosen], numbers))
        self.current = task
        return task

    # -- tasks of asyncio, which a thread carries out in turn

    def choose_among(self, options: "dict[int, Operation]") -> int:
        """The running thread would go on with any of these; returns which."""
        me = self.current
        assert me is not None
        me.options = options
        self._hosts.update(dict.fromkeys(options, me))
        try:
            self.step(next(iter(options.values())))
        finally:
            me.options = None
            for number in options:
                del self._hosts[number]
        return me.picked

    def _with_options(self, able: "list[int]", pending: "dict[int, Operation]") -> "tuple[int, ...]":
        """In place of a thread that runs a loop: whom it would run."""
        for task in self.living:
            if task.options is not None:
                able.remove(task.number)
                able += task.options
                del pending[task.number]
                pending.update(task.options)
        return tuple(sorted(able))

    def number_in_loop(self, what: Any, name: str) -> int:
        """The number of a task of asyncio, or of a callback."""
        known = self._in_loop.get(id(what))
        if known is None:
            number = len(self.tasks) + 1
            self.tasks[number] = Task(number, name, _nothing, True, what)
            known = self._in_loop[id(what)] = number
        return known

    def in_loop(self, number: int) -> Any:
        return self.tasks[number].thread

    def _waiting_in_loop(self) -> "dict[int, Operation]":
        """What the unfinished tasks of asyncio wait for."""
        found = {}
        for number in self._in_loop.values():
            task = self.tasks[number].thread
            if hasattr(task, "get_coro") and not task.done():
                from .asyncio_loop import place_in

                found[number] = self.operation("await", 0, False, task.get_name(), place_in(self, task))
        return found

    def _time_passes(self) -> bool:
        """Nobody can go: until the next deadline; if there is none, nobody ever can."""
        now = self.clock.now
        later = [task.deadline for task in self.living if task.deadline is not None and task.deadline > now]
        if later:
            self.clock.jump(min(later))
        else:
            self._end("failed" if self.error else "deadlock")
        return bool(later)

    def _end(self, outcome: str, error: str = "") -> None:
        self.outcome = outcome
        if error:
            self.error = error
        self.left = {task.number: task.pending for task in self.living}
        if outcome == "deadlock":
            self.left.update(self._waiting_in_loop())
        self.ending = True

    def quit(self, outcome: str, error: str, where: tuple[str, int]) -> None:
        """The running task ends the execution."""
        if not self.ending:
            self._end(outcome, error)
            self.where = where
        self.leave()

    # -- operations

    def point(
        self,
        kind: str,
        key: int,
        writes: bool,
        what: str,
        ready: "Callable[[], bool] | None" = None,
        deadline: "float | None" = None,
    ) -> None:
        if deadline is None:
            self.step(self.operation(kind, key, writes, what), ready)
            return
        self.timed_step(self.operation(kind, key, writes, what), ready or _never, deadline)

    def timed_step(
        self,
        operation: Operation,
        ready: "Callable[[], bool]",
        deadline: float,
        possible: "Callable[[], bool] | None" = None,
    ) -> None:
        """Until `ready()`, or until it is over; at no time before it is `possible()`."""
        clock = self.clock
        if self.is_any_time:
            self.step(operation, possible)
            if not ready():
                clock.jump(deadline)
            return
        self.step(
            operation,
            lambda: (possible is None or possible()) and (deadline <= clock.now or ready()),
            deadline,
        )

    def after(self, seconds: "float | None") -> "float | None":
        return None if seconds is None else self.clock.now + max(seconds, 0.0)


class _Now:
    """The execution of the present, if there is one."""

    __slots__ = ("run",)

    def __init__(self) -> None:
        self.run: Run | None = None


now = _Now()


def current() -> "Run | None":
    """The execution, if the calling thread is the one that has its turn in it."""
    run = now.run
    if run is None:
        return None
    task = run.current
    if task is not None and task.ident == get_ident():
        return run
    if get_ident() in abandoned:
        raise Ended
    return None

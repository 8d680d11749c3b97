"""What the steps of asyncio tasks do to the state, what they await, and calls into loops of other threads."""

from dataclasses import replace

from ..events import Awaited, Event, Flag, Kind
from ..tables import Tables
from .moves import BLOCKED, RUNNING, SLEEPING
from .rules_futures import FutureRules
from .rules_tasks import TaskRules
from .state import Run, TaskState, Wait

TIMED = int(Flag.TIMED)


class LoopRules(TaskRules, FutureRules):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._called_by: dict[tuple[int, int], int] = {}
        """(process, number of the call) -> who asked for it."""
        self._together: dict[int, list[int]] = {}
        """What a task is about to await: the first of several."""

    def step(self, event: Event) -> None:
        task = self.task(event.task)
        if task is None or task.run.ended:
            self.misfit(event)
            return
        wait = task.wait
        task.last_event = event.n
        if event.place:
            task.place = event.place
        if task.start_ns == 0:
            self.link(event, self._spawned_by.pop(task.id, 0), task.id, Kind.SPAWN)
        elif wait is not None and wait.kind == Kind.SUSPEND:
            self._goes_on(event, task, wait)
        if task.run is not RUNNING:
            self.go(task, event.t_ns)
        task.awaits, task.n_awaits = (), 0
        self._carry(event)

    def _goes_on(self, event: Event, task: TaskState, wait: Wait) -> None:
        """Tell who let it go on: tasks that ended, who resolved the future."""
        for id_ in task.awaits or (wait.obj,):
            other = self.state.tasks.get(id_)
            if other is not None:
                if other.run.ended:
                    self.link(event._replace(obj=id_), id_, task.id, Kind.EXIT)
                continue
            future = self.state.resources.get(id_)
            if future is not None and future.value and self._kinds[id_] == "future":
                future.n_released += 1
                self.link(event._replace(obj=id_), self._resolved_by.get(id_, 0), task.id, Kind.RESOLVED)

    def awaits(self, event: Event) -> None:
        if self.task(event.task) is None or self.task_or_resource(event.obj) is None:
            self.misfit(event)
            return
        self._together.setdefault(event.task, []).append(event.obj)
        task = self.state.tasks[event.task]
        task.n_awaits, task.awaits_all = event.b, bool(event.a)

    def suspend(self, event: Event) -> None:
        together = self._together.pop(event.task, ())
        task = self.task(event.task)
        if task is None or task.run.ended:
            self.misfit(event)
            return
        timed = bool(event.flags & TIMED)
        asked = self._asked.get(task.id)
        if asked is not None:
            if task.wait is None:
                self.stand(task, event, replace(asked, timed=True) if timed else asked)
            else:
                task.last_event = event.n
            return
        if task.wait is not None:
            self.misfit(event)
            self._end_wait(task, event.t_ns)
        if event.b == Awaited.YIELD:
            task.last_event = event.n
            self.change(task, event.t_ns, Run.READY, None)
            return
        asleep = event.b == Awaited.SLEEP
        wait = Wait(Kind.SUSPEND, event.obj, event.t_ns, event.n, timed=asleep or timed, detail=event.b)
        if self.task_or_resource(event.obj) is None and event.obj:
            self.misfit(event)
            wait = replace(wait, obj=0)
        if event.b == Awaited.TASKS:
            task.awaits = tuple(together)
        self.stand(task, event, wait, SLEEPING if asleep else BLOCKED)

    # calls into loops of other threads

    def call(self, event: Event) -> None:
        if self.acts(event) is None or self.task(event.obj) is None:
            self.misfit(event)
            return
        self._called_by[self._process(event.thread), event.a] = event.task

    def called(self, event: Event) -> None:
        thread = self.acts(event)
        if thread is None:
            self.misfit(event)
            return
        caller = self._called_by.pop((self._process(event.thread), event.a), 0)
        self.link(event._replace(obj=thread.id), caller, thread.id, Kind.CALL)

    def _process(self, task: int) -> int:
        info = self.tables.tasks.get(task)
        return info.process if info is not None else 0

    # what is said about the past; the state stays as it is

    def told_of_task(self, event: Event) -> None:
        """LEAKED, HELD: the task may have ended already."""
        if event.obj and self.task(event.obj) is None:
            self.misfit(event)

    def unread(self, event: Event) -> None:
        if self.task_or_resource(event.obj) is None:
            self.misfit(event)

"""What the life of tasks does to the state: spawn, start, sleep, join, cancel, exit."""

from ..events import Event, Kind, Outcome
from ..tables import Tables
from .moves import RUNNING, SLEEPING, Moves
from .state import Run, TaskState, Wait

END_OF: dict[int, Run] = {
    Outcome.DONE: Run.DONE,
    Outcome.FAILED: Run.FAILED,
    Outcome.CANCELLED: Run.CANCELLED,
}


class TaskRules(Moves):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._spawned_by: dict[int, int] = {}
        self._cancelled_by: dict[int, int] = {}
        self._main_of: dict[int, int] = {}  # process -> its main thread, once that has left the program
        self._remaining: dict[int, set[int]] = {}  # process -> threads that its main thread waits for then

    def program_start(self, event: Event) -> None:
        """The probe is in place: the process runs, and so does the thread that says it."""
        for id_ in (event.obj, event.task):
            task = self.task(id_)
            if task is not None and task.run is Run.CREATED:
                self._starts(event, task)

    def program_end(self, event: Event) -> None:
        """The main thread has left the program; the interpreter lets it wait for the threads that remain."""
        task = self.acts(event)
        if task is None or task.run.ended:
            return
        task.place = 0
        self._main_of[event.obj] = task.id
        self._remaining[event.obj] = remaining = self._threads_that_remain(event.obj, task.id)
        if remaining:
            self.stand(task, event, Wait(Kind.PROGRAM_END, event.obj, event.t_ns, event.n))

    def _threads_that_remain(self, process: int, main: int) -> set[int]:
        """Threads, not daemons, that the end of the interpreter waits for."""
        remaining = set()
        for task in self.state.tasks.values():
            info = self.tables.tasks.get(task.id)
            if (
                info is not None
                and info.kind == "thread"
                and info.parent == process
                and not info.daemon
                and task.id != main
                and not task.run.ended
            ):
                remaining.add(task.id)
        return remaining

    def fork(self, event: Event) -> None:
        self._both_run(event)

    def spawn(self, event: Event) -> None:
        self._both_run(event)
        task = self.task(event.obj)
        if task is None:
            self.misfit(event)
            return
        info = self.tables.tasks.get(task.id)
        self._spawned_by[task.id] = info.spawner if info is not None and info.spawner else event.task
        if task.run is Run.CREATED:
            self.change(task, event.t_ns, Run.CREATED, None)
        # otherwise it wrote its start, in a ring of its own, before this was read

    def _both_run(self, event: Event) -> None:
        """The task that acts runs, and so does the thread that carries it."""
        for id_ in self._both(event):
            task = self.task(id_)
            if task is None:
                self.misfit(event)
            else:
                self.runs(task, event)

    def _both(self, event: Event) -> tuple[int, ...]:
        carrier = self.carrier(event)
        return (event.task, carrier) if carrier else (event.task,)

    def start(self, event: Event) -> None:
        task = self.task(event.obj or event.task)
        if task is None or task.run.ended:
            late = task is not None and task.start_ns == 0  # a process whose end was told before
            if task is not None and late:
                task.start_ns = task.end_ns
            else:
                self.misfit(event)
            return
        self._starts(event, task)
        spawner = self._spawned_by.pop(task.id, 0)
        self.link(event, spawner, task.id, Kind.SPAWN)

    def _starts(self, event: Event, task: TaskState) -> None:
        task.last_event = event.n
        if event.place:
            task.place = event.place
        if task.run is not RUNNING:
            self.go(task, event.t_ns)

    def sleep(self, event: Event) -> None:
        """A negative time: an event loop with no timer, which nothing outside the program's tasks can wake."""
        timed, files = event.a >= 0, event.b > 0
        wait = Wait(Kind.SLEEP, 0, event.t_ns, event.n, timed=timed, detail=event.a, files=files)
        for id_ in self._both(event):
            task = self.task(id_)
            if task is None:
                self.misfit(event)
            else:
                self.stand(task, event, wait, SLEEPING)

    def slept(self, event: Event) -> None:
        for id_ in self._both(event):
            task = self.task(id_)
            if task is None:
                self.misfit(event)
            elif task.run is SLEEPING:
                task.last_event = event.n
                self.go(task, event.t_ns)
            else:
                self.runs(task, event)

    def join(self, event: Event) -> None:
        if self.task(event.obj) is None:
            self.misfit(event)
            return
        wait = Wait(Kind.JOIN, event.obj, event.t_ns, event.n, timed=event.a >= 0)
        for id_ in self._both(event):
            task = self.task(id_)
            if task is not None:
                self.stand(task, event, wait)

    def joined(self, event: Event) -> None:
        target = self.task(event.obj)
        waiting = [self.task(id_) for id_ in self._both(event)]
        if target is None or waiting[0] is None:
            self.misfit(event)
            return
        if event.b and waiting[0].wait is not None:
            self.link(event, target.id, waiting[0].id, Kind.EXIT)
        for task in waiting:
            if task is None:
                continue
            if task.wait is not None and task.wait.kind == Kind.JOIN:
                task.last_event = event.n
                self.go(task, event.t_ns)
            else:
                self.runs(task, event)

    def cancel(self, event: Event) -> None:
        target = self.task(event.obj)
        if target is None:
            self.misfit(event)
            return
        target.cancel_requests += 1
        if event.task:
            self._cancelled_by[target.id] = event.task

    def uncancel(self, event: Event) -> None:
        target = self.task(event.obj or event.task)
        if target is None or not target.cancel_requests:
            self.misfit(event)
            return
        target.cancel_requests -= 1

    def raised(self, event: Event) -> None:
        task = self.task(event.obj or event.task)
        if task is None:
            self.misfit(event)
            return
        task.last_event = event.n
        if event.place:
            task.place = event.place

    def exit(self, event: Event) -> None:
        task = self.task(event.obj or event.task)
        info = self.tables.tasks.get(task.id) if task is not None else None
        if task is not None and info is not None and info.kind == "process":
            task.last_event = event.n
            self._process_ends(event, task)
            return
        if task is None or task.run.ended:
            self.misfit(event)
            return
        task.last_event = event.n
        run = END_OF.get(event.a, Run.FAILED)
        if run is Run.CANCELLED:
            self.link(event, self._cancelled_by.get(task.id, 0), task.id, Kind.CANCEL)
        if info is not None and info.kind == "asyncio":
            task.cancel_requests = max(event.b, 0)
        self.end(task, event.t_ns, run)
        if info is not None and info.kind == "thread":
            self._lets_main_go(task.id, info.parent, event.t_ns)

    def _process_ends(self, event: Event, process: TaskState) -> None:
        """A process takes all of its tasks with it: they failed with it, or vanished as daemons do.

        It may be told twice: by the process, which meant to end well, and by who saw how it ended.
        """
        process.exit_code = event.b
        run = Run.FAILED if event.a == Outcome.FAILED or event.b else Run.DONE
        for task in list(self.state.tasks.values()):
            info = self.tables.tasks.get(task.id)
            inside = info is not None and info.process == process.id
            if inside and task.id != process.id and not task.run.ended:
                self.end(task, event.t_ns, run)
        self.end(process, event.t_ns, run)

    def _lets_main_go(self, thread: int, process: int, t_ns: int) -> None:
        remaining = self._remaining.get(process)
        if remaining is None:
            return
        remaining.discard(thread)
        main = self.state.tasks[self._main_of[process]]
        if remaining or main.wait is None or main.wait.kind != Kind.PROGRAM_END:
            return
        remaining |= self._threads_that_remain(process, main.id)  # started by the others since
        if not remaining:
            self.go(main, t_ns)

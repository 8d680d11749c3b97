"""The elementary moves: all that may be done to the state of a task, its spans and the waiters of a resource.

Every rule of the reducer is made of these, so the invariants of `validate` are kept here and nowhere else.
"""

from ..events import Event, Kind
from .entities import IN_CONDITION, SAMPLED, Entities
from .spans import Link
from .state import ResourceState, Run, TaskState, Wait

RUNNING, BLOCKED, SLEEPING = Run.RUNNING, Run.BLOCKED, Run.SLEEPING


class Moves(Entities):
    # a task runs

    def acts(self, event: Event) -> TaskState | None:
        """The actor, running, since only who runs can act."""
        task = self.actor(event)
        if task is None:
            self.misfit(event)
            return None
        if event.task != task.id:
            self._mirror(event, task)
        return self.runs(task, event)

    def runs(self, task: TaskState, event: Event) -> TaskState:
        """`task` is running at the event.  One that should have stood still has lost the end of its wait."""
        task.last_event = event.n
        if event.place:
            task.place = event.place
        if task.run is not RUNNING:
            if task.run.ended or (task.wait is not None and task.wait.kind != Kind.PROGRAM_END):
                self.misfit(event)
            if not task.run.ended:
                self.go(task, event.t_ns)
                if event.thread != task.id:
                    self._carry(event)
        return task

    def _carry(self, event: Event) -> None:
        """The thread of an asyncio task that runs, runs."""
        carrier = self.carrier(event)
        thread = self.task(carrier) if carrier else None
        if thread is not None and thread.run is not RUNNING and not thread.run.ended:
            self.go(thread, event.t_ns)

    def go(self, task: TaskState, t_ns: int) -> None:
        """`task` runs from `t_ns` on; ends its wait, if any."""
        self._end_wait(task, t_ns)
        if task.start_ns == 0:
            task.start_ns = t_ns
            end = self._process_end(task.id)
            if end is not None:
                self.end(task, t_ns, end)
                return
        self.change(task, t_ns, RUNNING, None)

    def change(self, task: TaskState, t_ns: int, run: Run, wait: Wait | None) -> None:
        self.touched_tasks.add(task.id)
        if task.run is RUNNING:
            task.run_ns += t_ns - task.since_ns
        elif task.run is SLEEPING:
            task.sleep_ns += t_ns - task.since_ns
        task.run = run
        task.wait = wait
        task.since_ns = t_ns
        self.spans.begin(task.id, t_ns, run, wait, task.place)

    def _mirror(self, event: Event, thread: TaskState) -> None:
        """The asyncio task that acts through its thread on something that is not of asyncio's own."""
        task = self.task(event.task)
        if task is not None and (task.wait is None or task.wait is not thread.wait):
            self.runs(task, event)

    # a task stands still

    def asks(self, event: Event, *, timed: bool = False, detail: int = 0) -> TaskState | None:
        """The actor begins to wait for the event's object; None when it cannot."""
        wait = Wait(event.kind, event.obj, event.t_ns, event.n, timed, detail)
        task = self.actor(event)
        if task is None:
            self.misfit(event)
            return None
        if event.task != task.id:
            carried = self.task(event.task)
            if carried is not None and not carried.run.ended:
                self.stand(carried, event, wait, is_waiter=False)
        elif self.is_asyncio(event.obj):
            self._asked[task.id] = wait
        return self.stand(task, event, wait)

    def stand(
        self, task: TaskState, event: Event, wait: Wait, run: Run = BLOCKED, is_waiter: bool = True
    ) -> TaskState | None:
        """`task` stands still from the event on, for the reason `wait`; None when it has ended."""
        task.last_event = event.n
        if event.place:
            task.place = event.place
        if task.start_ns == 0 and not task.run.ended:
            self.go(task, event.t_ns)
        if task.run.ended:
            self.misfit(event)
            return None
        if task.wait is not None:
            if not event.flags & IN_CONDITION and task.wait.kind != Kind.PROGRAM_END:
                self.misfit(event)
            self._end_wait(task, event.t_ns)
        if run is BLOCKED:
            task.n_waits += 1
        self.change(task, event.t_ns, run, wait)
        if is_waiter:
            self._join_waiters(task, wait)
        return task

    def _join_waiters(self, task: TaskState, wait: Wait) -> None:
        resource = self.state.resources.get(wait.obj)
        if resource is None:
            return
        self.touched_resources.add(resource.id)
        waiters = resource.waiters
        at = len(waiters)
        while at:
            other = self.state.tasks[waiters[at - 1]].wait
            if other is None or other.since_ns <= wait.since_ns:
                break
            at -= 1
        waiters.insert(at, task.id)

    def _end_wait(self, task: TaskState, t_ns: int) -> None:
        wait = task.wait
        if wait is None:
            return
        if task.run is BLOCKED:
            task.wait_ns += t_ns - task.since_ns
        task.wait = None
        resource = self.state.resources.get(wait.obj)
        if resource is not None and task.id in resource.waiters:
            self.touched_resources.add(resource.id)
            resource.waiters.remove(task.id)

    def hand_on(self, task: TaskState, event: Event, resource: int) -> None:
        """A waiter that was woken now waits for `resource`, without having run in between."""
        wait = Wait(Kind.ACQUIRE, resource, event.t_ns, event.n)
        self._end_wait(task, event.t_ns)
        if task.id in self._asked:
            self._asked[task.id] = wait
        self.change(task, event.t_ns, BLOCKED, wait)
        self._join_waiters(task, wait)

    def gets(self, event: Event, resource: ResourceState | None) -> tuple[TaskState, int] | None:
        """The actor's wait for the event's object is over: (actor, ns that it waited, 0 = it did not wait).

        The waited time is added up in `resource`.
        """
        task = self.actor(event)
        if task is None:
            self.misfit(event)
            return None
        wait = task.wait
        task.last_event = event.n
        if event.place:
            task.place = event.place
        if wait is None and task.run is RUNNING:
            if task.id in self._asked:
                wait = self._asked.pop(task.id)
        elif wait is not None and (wait.obj == event.obj or event.flags & IN_CONDITION):
            self._asked.pop(task.id, None)
            self.go(task, event.t_ns)
        else:
            self.runs(task, event)
        if event.task != task.id:
            carried = self.task(event.task)
            if carried is not None and not carried.run.ended and carried.run is not RUNNING:
                self.go(carried, event.t_ns)
        waited = event.a
        if waited <= 0 and not event.flags & IN_CONDITION:
            waited = event.t_ns - wait.since_ns if wait is not None and wait.obj == event.obj else 0
        if waited > 0 and resource is not None:
            resource.wait_ns += waited
            if waited > resource.max_wait_ns:
                resource.max_wait_ns = waited
            if wait is None and event.flags & SAMPLED:
                resource.n_contended += 1  # it had to wait, but the asking was not recorded
        return task, waited

    # locks

    def own(self, lock: ResourceState, task: TaskState, event: Event, place: int) -> None:
        """`task` is the owner of `lock` from the event on, whoever was before."""
        if lock.owner:
            self.disown(lock)
        lock.owner = task.id
        lock.owner_place = place
        lock.owner_since_ns = event.t_ns
        task.held[lock.id] = event.n
        self.touched_tasks.add(task.id)

    def disown(self, lock: ResourceState) -> None:
        self.touched_resources.add(lock.id)
        owner = self.state.tasks.get(lock.owner)
        if owner is not None:
            owner.held.pop(lock.id, None)
            self.touched_tasks.add(owner.id)
        lock.owner = lock.owner_place = lock.owner_since_ns = 0

    # a task ends

    def end(self, task: TaskState, t_ns: int, run: Run) -> None:
        self._end_wait(task, t_ns)
        self._asked.pop(task.id, None)
        task.end_ns = t_ns
        self.change(task, t_ns, run, None)

    # between two tasks

    def link(self, event: Event, source: int, target: int, kind: int) -> None:
        if source and target and source != target:
            self.spans.link(Link(event.t_ns, source, target, event.obj, kind))

    def used(self, event: Event, resource: ResourceState, task: TaskState) -> None:
        resource.last_event = event.n
        resource.users[task.id] = event.n

"""What waiting and waking do to conditions, events and barriers."""

from ..events import Event, Kind
from ..tables import Tables
from .moves import Moves

KINDS = ("condition", "event", "barrier", "future", "executor")


class SignalRules(Moves):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._roused_by: dict[int, int] = {}  # event, barrier -> who set it, who came last
        self._notified_by: dict[int, int] = {}  # task -> who notified it

    def wait(self, event: Event) -> None:
        resource = self.resource(event.obj, KINDS)
        if resource is None:
            self.misfit(event)
            return
        task = self.asks(event, timed=event.a >= 0)
        if task is None:
            return
        resource.n_contended += 1
        self.used(event, resource, task)
        kind = self._kinds[resource.id]
        if kind == "barrier":
            resource.value = len(resource.waiters)
            self._roused_by[resource.id] = task.id
        elif kind == "condition":
            # the lock is given up with the wait, whether or not a record of its own says so
            lock = self.state.resources.get(self.lock_of(resource.id))
            if lock is not None and lock.owner == task.id:
                self.disown(lock)

    def woke(self, event: Event) -> None:
        resource = self.resource(event.obj, KINDS)
        if resource is None:
            self.misfit(event)
            return
        kind = self._kinds[resource.id]
        if kind == "condition":
            self._has_lock_again(event, resource.id)
        got = self.gets(event, resource)
        if got is None:
            return
        task = got[0]
        self.used(event, resource, task)
        source = self._notified_by.pop(task.id, 0)
        if kind != "event":
            resource.n_acquired += 1
        if kind == "barrier":
            resource.value = len(resource.waiters)
        if event.b == 1:
            if kind == "condition":
                source = source or self._roused_by.get(resource.id, 0)
                self.link(event, source, task.id, Kind.NOTIFY)
            else:
                cause = Kind.SET if kind == "event" else Kind.WAIT
                self.link(event, self._roused_by.get(resource.id, 0), task.id, cause)

    def _has_lock_again(self, event: Event, condition: int) -> None:
        """Who wakes from a condition has its lock, whether or not a record of its own says so."""
        task = self.actor(event)
        if task is not None and task.wait is not None and task.wait.obj == self.lock_of(condition):
            self._asked.pop(task.id, None)
            self.go(task, event.t_ns)

    def broken(self, event: Event) -> None:
        barrier = self.resource(event.obj, ("barrier",))
        if barrier is None:
            self.misfit(event)
            return
        got = self.gets(event, barrier)
        if got is not None:
            self.used(event, barrier, got[0])
            barrier.value = len(barrier.waiters)

    def notify(self, event: Event) -> None:
        condition = self.resource(event.obj, ("condition",))
        if condition is None:
            self.misfit(event)
            return
        task = self.acts(event)
        if task is None:
            return
        condition.n_released += 1
        self.used(event, condition, task)
        if self.is_shared(condition.id):
            self._roused_by[condition.id] = task.id  # whom of its waiters the system woke, nobody knows
            return
        waiters = condition.waiters
        first = waiters.index(event.b) if event.b in waiters else 0
        for id_ in waiters[first : first + max(event.a, 0)]:
            self._notified_by[id_] = task.id
            lock = self.lock_of(condition.id)
            if (
                lock
                and self.resource(
                    lock,
                    (
                        "lock",
                        "rlock",
                    ),
                )
                is not None
            ):
                self.hand_on(self.state.tasks[id_], event, lock)

    def lock_of(self, condition: int) -> int:
        info = self.tables.resources.get(condition)
        return info.lock if info is not None else 0

    def set(self, event: Event) -> None:
        self._switch(event, 1)

    def clear(self, event: Event) -> None:
        self._switch(event, 0)

    def _switch(self, event: Event, value: int) -> None:
        resource = self.resource(event.obj, ("event",))
        if resource is None:
            self.misfit(event)
            return
        task = self.acts(event)
        if task is None:
            return
        self.used(event, resource, task)
        resource.value = value
        if value:
            resource.n_acquired += 1
            self._roused_by[resource.id] = task.id
        else:
            resource.n_released += 1

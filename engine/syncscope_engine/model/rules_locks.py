"""What acquisitions and releases do to locks and semaphores."""

from ..events import Event, Kind
from ..tables import Tables
from .entities import IN_CONDITION, REENTRANT, SAMPLED, TIMED
from .moves import Moves
from .state import ResourceState

KINDS = ("lock", "rlock", "semaphore")


class LockRules(Moves):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._released_by: dict[int, int] = {}
        self._displaced: set[tuple[int, int]] = set()
        """(lock, task) whose release has not been read yet although the next owner's acquisition has:
        they are in rings of two processes."""
        self._guessed: set[int] = set()
        """Locks whose owner is known from what a waiter said only, who may have looked a moment too late."""
        self._stated: set[int] = set()
        """Locks whose state word was read, ahead of the records that led to it."""

    def acquire(self, event: Event) -> None:
        lock = self.resource(event.obj, KINDS)
        if lock is None:
            self.misfit(event)
            return
        task = self.asks(event, timed=bool(event.flags & TIMED))
        if task is None:
            return
        lock.n_contended += 1
        self.used(event, lock, task)
        if event.a and not lock.owner and self._kinds[lock.id] != "semaphore":
            owner = self.task(event.a)
            if owner is not None:
                self.own(lock, owner, event, 0)
                self._guessed.add(lock.id)

    def acquired(self, event: Event) -> None:
        lock = self.resource(event.obj, KINDS)
        if lock is None:
            self.misfit(event)
            return
        got = self.gets(event, lock)
        if got is None:
            return
        task, waited = got
        self.used(event, lock, task)
        if waited > 0 and not event.flags & IN_CONDITION:
            self.link(event, self._released_by.get(lock.id, 0), task.id, Kind.RELEASE)
        if self._kinds[lock.id] == "semaphore":
            lock.n_acquired += 1
            lock.value = max(event.b, 0)
            return
        newest = self._count(lock, event)
        if event.flags & REENTRANT and lock.owner == task.id:
            return
        if lock.owner and lock.owner != task.id:
            if not newest:
                return
            if lock.id not in self._guessed:
                self.misfit(event)
            if not event.flags & SAMPLED:
                self._displaced.add((lock.id, lock.owner))
        self._guessed.discard(lock.id)
        self.own(lock, task, event, event.place)

    def acquire_failed(self, event: Event) -> None:
        lock = self.resource(event.obj, KINDS)
        if lock is None:
            self.misfit(event)
            return
        got = self.gets(event, lock)
        if got is not None:
            self.used(event, lock, got[0])

    def release(self, event: Event) -> None:
        lock = self.resource(event.obj, KINDS)
        if lock is None:
            self.misfit(event)
            return
        in_condition = event.flags & IN_CONDITION  # between the wait's beginning and the standing still
        task = self.actor(event) if in_condition else self.acts(event)
        if task is None:
            return
        self.used(event, lock, task)
        lock.n_released += max(event.a, 1)
        self._released_by[lock.id] = task.id
        if self._kinds[lock.id] == "semaphore":
            lock.value = max(event.b, 0)
            info = self.tables.resources.get(lock.id)
            if info is not None:
                lock.n_excess = max(lock.n_excess, lock.value - info.capacity)
            return
        if event.flags & REENTRANT:
            return
        if lock.owner == task.id:
            self.disown(lock)
        elif in_condition:
            return  # given up with the wait already
        elif (lock.id, task.id) in self._displaced:
            self._displaced.discard((lock.id, task.id))
        elif lock.id in self._stated and event.b < lock.n_acquired:
            return  # an old record: the lock has been taken again since
        elif lock.owner:
            if self._kinds[lock.id] == "rlock":
                self.misfit(event)
            self.disown(lock)  # a plain lock may be released by anybody
        else:
            self.misfit(event)

    def _count(self, lock: ResourceState, event: Event) -> bool:
        """Keep the number of acquisitions; False: the state word has already told of a later one."""
        if event.b > lock.n_acquired:
            lock.n_unrecorded += event.b - lock.n_acquired - 1
            lock.n_acquired = event.b
        elif lock.id in self._stated and 0 < event.b < lock.n_acquired:
            lock.n_unrecorded = max(lock.n_unrecorded - 1, 0)
            return False
        elif lock.id not in self._stated or event.b <= 0:
            lock.n_acquired += 1
        return True

    def state_of_lock(self, event: Event, lock: ResourceState) -> None:
        """The state word says who owns the lock."""
        self._stated.add(lock.id)
        if event.a == lock.owner:
            return
        if event.a <= 0:
            self.disown(lock)
            return
        owner = self.task(event.a)
        if owner is None:
            self.misfit(event)
            return
        self.own(lock, owner, event, 0)
        if owner.wait is not None and owner.wait.obj == lock.id:
            self._asked.pop(owner.id, None)
            self.go(owner, event.t_ns)

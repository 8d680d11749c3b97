"""What submitting, picking up, resolving and reading do to futures and their executors.

A future's owner is the task that runs it, from PICKED to RESOLVED.  Of a future, `value` says what came out
(`Outcome` + 1; 0 = nothing yet) and `n_released` how often somebody read it: FAILED and never read is an
exception that nobody has seen.  Of an executor, `value` is the calls that wait for a worker, `n_acquired` the
calls submitted, `n_released` those resolved, `waiters` its workers that have nothing to do.
"""

from ..events import Event, Got, Kind, Outcome
from ..tables import Tables
from .rules_data import DataRules
from .state import ResourceState

FUTURE = ("future",)
EXECUTOR = ("executor",)
_READ = frozenset({int(Got.RESULT), int(Got.CANCELLED), int(Got.ERROR)})
_OUTCOME = {
    int(Got.RESULT): Outcome.DONE,
    int(Got.CANCELLED): Outcome.CANCELLED,
    int(Got.ERROR): Outcome.FAILED,
}


class FutureRules(DataRules):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._submitted_by: dict[int, int] = {}
        self._resolved_by: dict[int, int] = {}
        self._running: dict[int, set[int]] = {}  # executor -> futures

    def submit(self, event: Event) -> None:
        future, task = self.resource(event.obj, FUTURE), self.acts(event)
        if future is None or task is None:
            self.misfit(event)
            return
        self.used(event, future, task)
        self._submitted_by[future.id] = task.id
        executor = self._executor(event.a)
        if executor is not None:
            self.used(event, executor, task)
            executor.n_acquired += 1
            self._count_waiting(executor, max(event.b, 0))

    def picked(self, event: Event) -> None:
        future, task = self.resource(event.obj, FUTURE), self.acts(event)
        if future is None or task is None:
            self.misfit(event)
            return
        self.used(event, future, task)
        self.own(future, task, event, event.place)
        self.link(event, self._submitted_by.pop(future.id, 0), task.id, Kind.SUBMIT)
        executor = self._executor(event.a)
        if executor is not None:
            self._running.setdefault(executor.id, set()).add(future.id)
            self._count_waiting(executor, max(executor.value - 1, 0))

    def resolved(self, event: Event) -> None:
        future, task = self.resource(event.obj, FUTURE), self.acts(event)
        if future is None or task is None:
            self.misfit(event)
            return
        self.used(event, future, task)
        executor = self._executor(event.b)
        if executor is not None and not future.value:
            executor.n_released += 1
            self._running.setdefault(executor.id, set()).discard(future.id)
            unpicked = not future.owner and future.id in self._submitted_by  # cancelled before
            self._count_waiting(executor, max(executor.value - unpicked, 0))
        self._submitted_by.pop(future.id, None)
        self.disown(future)
        future.value = event.a + 1
        future.n_acquired = 1
        self._resolved_by[future.id] = task.id

    def result_wait(self, event: Event) -> None:
        future = self.resource(event.obj, FUTURE)
        if future is None:
            self.misfit(event)
            return
        task = self.asks(event, timed=event.a >= 0, detail=max(event.b, 0))
        if task is not None:
            future.n_contended += 1
            self.used(event, future, task)

    def result(self, event: Event) -> None:
        future = self.resource(event.obj, FUTURE)
        got = self.gets(event, future) if future is not None else None
        if future is None or got is None:
            self.misfit(event)
            return
        self.used(event, future, got[0])
        if event.b == Got.TIMED_OUT:
            return
        if event.b in _READ:
            future.n_released += 1
            if future.value != _OUTCOME[event.b] + 1:  # its result could not be sent, or records are lost
                future.value = _OUTCOME[event.b] + 1
                self.disown(future)
        if event.b in _READ or got[1]:
            self.link(event, self._resolved_by.pop(future.id, 0), got[0].id, Kind.RESOLVED)

    # workers that wait for work

    def get_wait(self, event: Event) -> None:
        executor = self._executor(event.obj)
        if executor is None:
            super().get_wait(event)
            return
        task = self.asks(event)
        if task is not None:
            self.used(event, executor, task)

    def get(self, event: Event) -> None:
        executor = self._executor(event.obj)
        if executor is None:
            super().get(event)
        elif self.gets(event, None) is None:
            self.misfit(event)

    def put_or_get_failed(self, event: Event) -> None:
        if self._executor(event.obj) is None:
            super().put_or_get_failed(event)
        else:
            self.get(event)

    def _executor(self, id_: int) -> ResourceState | None:
        info = self.tables.resources.get(id_)
        known = info is not None and info.kind in EXECUTOR
        return self.resource(id_, EXECUTOR) if known or self._kinds.get(id_) in EXECUTOR else None

    def _count_waiting(self, executor: ResourceState, n: int) -> None:
        """`n` calls wait for a worker, says the process of the executor; when a call is taken in another process,
        that one does not know of it."""
        info = self.tables.resources.get(executor.id)
        if info is not None and info.shared:
            unresolved = executor.n_acquired - executor.n_released
            running = len(self._running.get(executor.id, ()))
            n = max(unresolved - (info.capacity if executor.n_unrecorded else running), 0)
        executor.value = n

    def state_of_executor(self, event: Event, executor: ResourceState) -> None:
        """Its value word: calls that wait in the lower half, calls resolved in the upper one."""
        executor.value = event.a & 0xFFFFFFFF
        executor.n_acquired = event.b
        executor.n_released = event.a >> 32

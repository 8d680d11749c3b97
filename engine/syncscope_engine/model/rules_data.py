"""What puts and gets do to queues, reads and writes to watched variables."""

from ..events import Event, Kind
from ..tables import Tables
from .moves import Moves
from .state import ResourceState, TaskState

QUEUES = ("queue", "pipe")


class DataRules(Moves):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self._put_by: dict[int, int] = {}
        self._got_by: dict[int, int] = {}
        self._finished_by: dict[int, int] = {}
        self._balance: dict[int, int] = {}  # pipe -> sent minus received

    def put_wait(self, event: Event) -> None:
        self._asks_queue(event, timed=event.a >= 0)

    def get_wait(self, event: Event) -> None:
        self._asks_queue(event, timed=event.a >= 0, others=max(event.b, 0))

    def queue_join(self, event: Event) -> None:
        self._asks_queue(event, timed=False)

    def _asks_queue(self, event: Event, timed: bool, others: int = 0) -> None:
        queue = self.resource(event.obj, QUEUES)
        if queue is None:
            self.misfit(event)
            return
        task = self.asks(event, timed=timed, detail=others)
        if task is not None:
            queue.n_contended += 1
            self.used(event, queue, task)

    def put(self, event: Event) -> None:
        done = self._done(event)
        if done is not None:
            queue, task, waited = done
            queue.n_acquired += 1
            self._depth(queue, event, 1)
            self._put_by[queue.id] = task.id
            if waited:
                self.link(event, self._got_by.get(queue.id, 0), task.id, Kind.GET)

    def get(self, event: Event) -> None:
        done = self._done(event)
        if done is not None:
            queue, task, waited = done
            queue.n_released += 1
            self._depth(queue, event, -1)
            self._got_by[queue.id] = task.id
            if waited:
                self.link(event, self._put_by.get(queue.id, 0), task.id, Kind.PUT)

    def _depth(self, queue: ResourceState, event: Event, change: int) -> None:
        """Who writes into a pipe does not know how much is in it.  A message may be read before its record is:
        of two processes."""
        if event.b >= 0:
            queue.value = event.b
            self._balance.pop(queue.id, None)
        else:
            balance = self._balance[queue.id] = self._balance.get(queue.id, queue.value) + change
            queue.value = max(balance, 0)

    def put_or_get_failed(self, event: Event) -> None:
        self._done(event)

    def task_done(self, event: Event) -> None:
        done = self._done(event)
        if done is not None:
            self._finished_by[done[0].id] = done[1].id

    def queue_joined(self, event: Event) -> None:
        done = self._done(event)
        if done is not None and done[2]:
            queue, task, _ = done
            self.link(event, self._finished_by.get(queue.id, 0), task.id, Kind.TASK_DONE)

    def _done(self, event: Event) -> tuple[ResourceState, TaskState, int] | None:
        queue = self.resource(event.obj, QUEUES)
        got = self.gets(event, queue) if queue is not None else None
        if queue is None or got is None:
            self.misfit(event)
            return None
        self.used(event, queue, got[0])
        return queue, *got

    def read(self, event: Event) -> None:
        variable = self._touched(event)
        if variable is not None:
            variable.n_released += 1
            variable.value = event.a

    def write(self, event: Event) -> None:
        variable = self._touched(event)
        if variable is not None:
            version = max(event.b, variable.n_acquired + 1)  # counts every write, recorded or not
            variable.n_unrecorded += version - variable.n_acquired - 1
            variable.n_acquired = version
            variable.value = event.a

    def _touched(self, event: Event) -> ResourceState | None:
        """Whoever reads or writes does it as itself: an asyncio task, not the thread that carries it."""
        variable = self.resource(
            event.obj,
            (
                "variable",
                "shared_memory",
            ),
        )
        task = self.task(event.task)
        if variable is None or task is None:
            self.misfit(event)
            return None
        self.used(event, variable, self.runs(task, event))
        return variable

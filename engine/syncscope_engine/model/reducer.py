"""Events in, state changed: the one door through which the tape becomes the state, and nothing else happens.

An event is believed.  Where it does not follow from the state, because records were dropped by budget,
overwritten or read late from another process's ring, the state is moved to where the event says it must
have been; that is silent where records are known to be missing, and counted in `State.n_gaps` elsewhere.
"""

from collections.abc import Callable
from typing import Any

from ..events import Event, Kind
from ..tables import Tables
from .entities import ANY
from .rules_locks import LockRules
from .rules_loops import LoopRules
from .rules_signals import SignalRules
from .state import ResourceState

_NOT_REMEMBERED = frozenset({"tables", "spans", "touched_tasks", "touched_resources", "_rules"})


class Reducer(LoopRules, LockRules, SignalRules):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        rules: dict[int, Callable[[Event], None]] = {
            Kind.PROGRAM_START: self.program_start,
            Kind.PROGRAM_END: self.program_end,
            Kind.FORK: self.fork,
            Kind.SPAWN: self.spawn,
            Kind.START: self.start,
            Kind.EXIT: self.exit,
            Kind.RAISED: self.raised,
            Kind.JOIN: self.join,
            Kind.JOINED: self.joined,
            Kind.SLEEP: self.sleep,
            Kind.SLEPT: self.slept,
            Kind.CANCEL: self.cancel,
            Kind.UNCANCEL: self.uncancel,
            Kind.STEP: self.step,
            Kind.SUSPEND: self.suspend,
            Kind.AWAITS: self.awaits,
            Kind.CALL: self.call,
            Kind.CALLED: self.called,
            Kind.HELD: self.told_of_task,
            Kind.LEAKED: self.told_of_task,
            Kind.UNREAD: self.unread,
            Kind.ACQUIRE: self.acquire,
            Kind.ACQUIRED: self.acquired,
            Kind.ACQUIRE_FAILED: self.acquire_failed,
            Kind.RELEASE: self.release,
            Kind.WAIT: self.wait,
            Kind.WOKE: self.woke,
            Kind.NOTIFY: self.notify,
            Kind.SET: self.set,
            Kind.CLEAR: self.clear,
            Kind.BROKEN: self.broken,
            Kind.PUT_WAIT: self.put_wait,
            Kind.PUT: self.put,
            Kind.PUT_FAILED: self.put_or_get_failed,
            Kind.GET_WAIT: self.get_wait,
            Kind.GET: self.get,
            Kind.GET_FAILED: self.put_or_get_failed,
            Kind.TASK_DONE: self.task_done,
            Kind.QUEUE_JOIN: self.queue_join,
            Kind.QUEUE_JOINED: self.queue_joined,
            Kind.SUBMIT: self.submit,
            Kind.PICKED: self.picked,
            Kind.RESOLVED: self.resolved,
            Kind.RESULT_WAIT: self.result_wait,
            Kind.RESULT: self.result,
            Kind.READ: self.read,
            Kind.WRITE: self.write,
            Kind.STATE: self.exact_state,
            Kind.GAP: self.gap,
            Kind.PAUSE: self.pause,
            Kind.RESUME: self.resume,
            Kind.KILL: self.kill,
            Kind.SLOWED: self.slowed,
        }
        self._rules = rules

    def memory(self) -> dict[str, Any]:
        """All that decides what the next event does, by name; for `remember` of another reducer.

        Not a copy; what stands in it in two places is one and the same object.
        """
        return {name: value for name, value in vars(self).items() if name not in _NOT_REMEMBERED}

    def remember(self, memory: dict[str, Any]) -> None:
        """Go on where the reducer of `memory` was; the past that it told, spans and hand-offs, is not in it."""
        vars(self).update(memory)

    def handle(self, event: Event) -> None:
        """Take one event, in the order of the tape."""
        state = self.state
        state.n = event.n
        state.t_ns = event.t_ns
        rule = self._rules.get(event.kind)
        if rule is None:
            state.n_gaps += 1
        else:
            rule(event)

    # what the observer writes

    def exact_state(self, event: Event) -> None:
        resource = self.resource(event.obj, ANY)
        if resource is None:
            self.misfit(event)
            return
        self._lossy.add(resource.id)
        if event.b > resource.n_acquired:
            resource.n_unrecorded += event.b - resource.n_acquired
            resource.n_acquired = event.b
        kind = self._kinds[resource.id]
        if kind in ("lock", "rlock"):
            self.state_of_lock(event, resource)
        elif kind in ("semaphore", "queue", "pipe", "event"):
            resource.value = max(event.a, 0)
            self._balance.pop(resource.id, None)
            self._excess(resource, kind)
        elif kind == "executor":
            self.state_of_executor(event, resource)
        elif kind in ("variable", "shared_memory"):
            resource.value = event.a

    def _excess(self, resource: ResourceState, kind: str) -> None:
        info = self.tables.resources.get(resource.id)
        if kind == "semaphore" and info is not None:
            resource.n_excess = max(resource.n_excess, resource.value - info.capacity)

    def gap(self, event: Event) -> None:
        """Records of a process were overwritten: from now on surprises of its tasks are no wonder."""
        self.state.n_gaps += 1
        self.state.gaps[event.obj] = event.n
        self._lossy.add(event.obj)

    def pause(self, event: Event) -> None:
        self.state.paused = True

    def resume(self, event: Event) -> None:
        self.state.paused = False

    def slowed(self, event: Event) -> None:
        self.state.gate_ns = max(event.a, 0)

    def kill(self, event: Event) -> None:
        """A signal of ours; what it does, the tasks' own events tell."""

"""Literal recordings for tests, written like the story that they tell.

    tape = Tape()                          # a program: a process and its main thread, both running
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    lock = tape.lock("lock")
    tape.acquired(t1, lock, line=12)
    tape.acquire(t2, lock, line=20)        # asks, has to wait
    tape.pass_ms(3)
    tape.release(t1, lock)
    tape.acquired(t2, lock)                # the waited time is filled in
    tape.recording                         # the tape, with its tables

Every verb appends one event, one microsecond after the one before, and returns it.  The builder fills in
what a probe would know (owner, permits, depth, waited time); `emit` writes anything else.
"""

from dataclasses import dataclass

from syncscope_engine.events import Awaited, Event, Failure, Flag, Got, Kind, Outcome
from syncscope_engine.recording import Output, Recording
from syncscope_engine.tables import ExceptionInfo, Place, ResourceInfo, ResourceKind, TaskInfo

MS = 1_000_000
FILE = "program.py"


@dataclass
class _Now:
    """What the builder knows of a resource."""

    owner: int = 0
    depth: int = 0  # of an RLock
    value: int = 0
    n: int = 0


class Tape:
    def __init__(self, file: str = FILE, start_ns: int = 1_000_000_000, python: str = "3.11.7") -> None:
        self.recording = Recording()
        self.tables = self.recording.tables
        self.tables.start_ns = start_ns
        self.tables.python = python
        self.file = file
        self.now_ns = start_ns
        self._last_id = 0
        self._places: dict[tuple[str, int], int] = {}
        self._now: dict[int, _Now] = {}
        self._asked: dict[tuple[int, int], int] = {}
        self.process_id = self._new_process("main", parent=0, pid=1000)
        self.main = self._new_thread("MainThread", self.process_id, spawner=0)
        self.emit(Kind.START, self.process_id, self.process_id, a=1000, thread=self.process_id)
        self.emit(Kind.START, self.main, self.main, a=1000)
        self.emit(Kind.PROGRAM_START, self.main, self.process_id)

    # time and places

    def pass_ms(self, ms: float) -> None:
        self.now_ns += int(ms * MS)

    def place(self, line: int, file: str = "", function: str = "") -> int:
        """Id of a line of the program; 0 for line 0."""
        if not line:
            return 0
        key = (file or self.file, line)
        if key not in self._places:
            self._places[key] = place = len(self._places) + 1
            self.tables.places[place] = Place(place, *key, function)
        return self._places[key]

    def emit(
        self,
        kind: Kind,
        task: int,
        obj: int = 0,
        *,
        line: int = 0,
        a: int = 0,
        b: int = 0,
        flags: int = 0,
        thread: int | None = None,
    ) -> Event:
        """Any event.  `thread` is found from the tables when it is not given."""
        self.now_ns += 1000
        if thread is None:
            info = self.tables.tasks.get(task)
            thread = info.parent if info and info.kind == "asyncio" else task
        event = Event(0, self.now_ns, kind, task, obj, self.place(line), a, b, flags, thread)
        return self.recording.append([event])[0]

    def prints(self, text: str, stream: str = "stdout") -> None:
        self.recording.outputs.append(Output(self.now_ns, stream, text))  # type: ignore[arg-type]

    # tasks

    def process(self, name: str, spawner: int = 0, pid: int = 0, main: bool = True) -> int:
        """A child process, spawned by `spawner` (the main thread) and running; with its own main thread."""
        spawner = spawner or self.main
        process = self._new_process(name, self.process_of(spawner), pid or 1000 + self._last_id, spawner)
        self.emit(Kind.SPAWN, spawner, process)
        self.emit(Kind.START, process, process, a=self.tables.tasks[process].pid, thread=process)
        if main:
            thread = self._new_thread("MainThread", process, spawner=process)
            self.emit(Kind.START, thread, thread, a=self.tables.tasks[process].pid)
        return process

    def main_of(self, process: int) -> int:
        """The main thread of `process`."""
        return next(t.id for t in self.tables.tasks.values() if t.kind == "thread" and t.parent == process)

    def process_of(self, task: int) -> int:
        return self.tables.tasks[task].process

    def thread(
        self,
        name: str,
        spawner: int = 0,
        *,
        daemon: bool = False,
        internal: bool = False,
        callee: str = "",
        started: bool = True,
        line: int = 0,
    ) -> int:
        spawner = spawner or self.main
        thread = self._new_thread(name, self.process_of(spawner), spawner, line, daemon, internal, callee)
        self.emit(Kind.SPAWN, spawner, thread, line=line)
        if started:
            self.start(thread)
        return thread

    def start(self, task: int) -> Event:
        return self.emit(Kind.START, task, task, a=self.tables.tasks[task].native)

    def aio_task(
        self, name: str, spawner: int = 0, *, thread: int = 0, callee: str = "", line: int = 0
    ) -> int:
        """An asyncio task on the loop of `thread` (the main thread): created, not yet stepped."""
        spawner = spawner or self.main
        loop = thread or (
            spawner if self.tables.tasks[spawner].kind != "asyncio" else self.tables.tasks[spawner].parent
        )
        task = self._id()
        self.tables.tasks[task] = TaskInfo(
            task, "asyncio", name, loop, spawner, self.process_of(loop), self.place(line), callee,
            created_ns=self.now_ns,
        )  # fmt: skip
        self.emit(Kind.SPAWN, spawner, task, line=line)
        return task

    def step(self, task: int, line: int = 0) -> Event:
        return self.emit(Kind.STEP, task, task, line=line)

    def suspend(
        self, task: int, obj: int = 0, awaited: Awaited = Awaited.RESOURCE, line: int = 0, step_ns: int = 1000
    ) -> Event:
        if awaited is Awaited.RESOURCE and obj in self.tables.tasks:
            awaited = Awaited.TASK
        return self.emit(Kind.SUSPEND, task, obj, line=line, a=step_ns, b=awaited)

    def exit(self, task: int, outcome: Outcome = Outcome.DONE, status: int = 0) -> Event:
        return self.emit(Kind.EXIT, task, task, a=outcome, b=status)

    def raised(self, task: int, type_: str, message: str = "", line: int = 0) -> Event:
        info = self.tables.tasks[task]
        where = "asyncio" if info.kind == "asyncio" else "main" if info.name == "MainThread" else "thread"
        frames = ((self.file, line, info.callee or "run"),) if line else ()
        self.tables.exceptions.append(ExceptionInfo(task, type_, message, frames, self.now_ns, where))
        return self.emit(Kind.RAISED, task, task, line=line)

    def join(self, task: int, target: int, line: int = 0, limit_ns: int = -1) -> Event:
        self._ask(task, target)
        return self.emit(Kind.JOIN, task, target, line=line, a=limit_ns)

    def joined(self, task: int, target: int, ended: bool = True) -> Event:
        return self.emit(Kind.JOINED, task, target, a=self._waited(task, target), b=int(ended))

    def sleep(self, task: int, ms: float, line: int = 0) -> Event:
        self._ask(task, 0)
        return self.emit(Kind.SLEEP, task, 0, line=line, a=int(ms * MS))

    def slept(self, task: int) -> Event:
        return self.emit(Kind.SLEPT, task, 0, a=self._waited(task, 0))

    def cancel(self, task: int, target: int, line: int = 0) -> Event:
        return self.emit(Kind.CANCEL, task, target, line=line)

    def uncancel(self, task: int) -> Event:
        return self.emit(Kind.UNCANCEL, task, task)

    # resources

    def lock(self, name: str = "lock", *, line: int = 0, asyncio: bool = False, process: int = 0) -> int:
        return self._resource("lock", name, "Lock", line, asyncio=asyncio, process=process)

    def rlock(self, name: str = "rlock", *, line: int = 0) -> int:
        return self._resource("rlock", name, "RLock", line)

    def condition(
        self, name: str = "condition", lock: int = 0, *, line: int = 0, asyncio: bool = False
    ) -> int:
        """A condition; without `lock` it makes an RLock (asyncio: a lock) of its own."""
        condition = self._resource("condition", name, "Condition", line, asyncio=asyncio)
        if not lock:
            kind: ResourceKind = "lock" if asyncio else "rlock"
            lock = self._resource(kind, name, kind.capitalize(), line, asyncio=asyncio)
            self.tables.resources[lock].part_of = condition
        self.tables.resources[condition].lock = lock
        return condition

    def semaphore(
        self,
        name: str = "semaphore",
        permits: int = 1,
        *,
        bounded: bool = False,
        line: int = 0,
        asyncio: bool = False,
    ) -> int:
        semaphore = self._resource(
            "semaphore", name, "BoundedSemaphore" if bounded else "Semaphore", line, permits, asyncio=asyncio
        )
        self.tables.resources[semaphore].bounded = bounded
        self._now[semaphore].value = permits
        return semaphore

    def event(self, name: str = "event", *, line: int = 0, asyncio: bool = False) -> int:
        return self._resource("event", name, "Event", line, asyncio=asyncio)

    def barrier(self, name: str = "barrier", parties: int = 2, *, line: int = 0) -> int:
        return self._resource("barrier", name, "Barrier", line, parties)

    def queue(
        self, name: str = "queue", maxsize: int = 0, *, line: int = 0, asyncio: bool = False, process: int = 0
    ) -> int:
        return self._resource("queue", name, "Queue", line, maxsize, asyncio=asyncio, process=process)

    def variable(self, name: str = "counter") -> int:
        return self._resource("variable", name, "", 0)

    # locks and semaphores

    def acquire(self, task: int, obj: int, line: int = 0, *, timed: bool = False, flags: int = 0) -> Event:
        self._ask(task, obj)
        flags |= Flag.TIMED if timed else 0
        return self.emit(Kind.ACQUIRE, task, obj, line=line, a=self._now[obj].owner, flags=flags)

    def acquired(self, task: int, obj: int, line: int = 0, *, flags: int = 0) -> Event:
        now = self._now[obj]
        now.n += 1
        if self.tables.resources[obj].kind == "semaphore":
            now.value -= 1
            b = now.value
        else:
            if now.owner == task:
                flags |= Flag.REENTRANT
            now.owner, now.depth, b = task, now.depth + 1, now.n
        return self.emit(Kind.ACQUIRED, task, obj, line=line, a=self._waited(task, obj), b=b, flags=flags)

    def acquire_failed(self, task: int, obj: int, why: Failure = Failure.TIMED_OUT, line: int = 0) -> Event:
        return self.emit(Kind.ACQUIRE_FAILED, task, obj, line=line, a=self._waited(task, obj), b=why)

    def release(self, task: int, obj: int, line: int = 0, *, permits: int = 1, flags: int = 0) -> Event:
        now = self._now[obj]
        if self.tables.resources[obj].kind == "semaphore":
            now.value += permits
            b = now.value
        else:
            now.depth = max(now.depth - 1, 0)
            if now.depth:
                flags |= Flag.REENTRANT
            else:
                now.owner = 0
            b = now.n
        return self.emit(Kind.RELEASE, task, obj, line=line, a=permits, b=b, flags=flags)

    # conditions, events, barriers

    def wait(self, task: int, obj: int, line: int = 0, *, limit_ns: int = -1, parties: int = 0) -> Event:
        """Waits; on a condition the lock is given up too."""
        self._ask(task, obj)
        event = self.emit(Kind.WAIT, task, obj, line=line, a=limit_ns, b=parties)
        lock = self.tables.resources[obj].lock
        if lock and self._now[lock].owner == task:
            self._now[lock].depth = 1
            self.release(task, lock, line=line, flags=Flag.IN_CONDITION)
        return event

    def woke(self, task: int, obj: int, how: int = 1, line: int = 0) -> Event:
        """Goes on; from a condition with the lock taken back."""
        lock = self.tables.resources[obj].lock
        if lock:
            self.acquired(task, lock, line=line, flags=Flag.IN_CONDITION)
        return self.emit(Kind.WOKE, task, obj, line=line, a=self._waited(task, obj), b=how)

    def notify(self, task: int, obj: int, *woken: int, line: int = 0) -> Event:
        return self.emit(Kind.NOTIFY, task, obj, line=line, a=len(woken), b=woken[0] if woken else 0)

    def set(self, task: int, obj: int, line: int = 0) -> Event:
        return self.emit(Kind.SET, task, obj, line=line)

    def clear(self, task: int, obj: int, line: int = 0) -> Event:
        return self.emit(Kind.CLEAR, task, obj, line=line)

    def broken(self, task: int, obj: int, line: int = 0) -> Event:
        return self.emit(Kind.BROKEN, task, obj, line=line, a=self._waited(task, obj))

    # queues

    def put_wait(self, task: int, obj: int, line: int = 0, *, limit_ns: int = -1) -> Event:
        self._ask(task, obj)
        return self.emit(Kind.PUT_WAIT, task, obj, line=line, a=limit_ns)

    def put(self, task: int, obj: int, line: int = 0) -> Event:
        self._now[obj].value += 1
        return self.emit(Kind.PUT, task, obj, line=line, a=self._waited(task, obj), b=self._now[obj].value)

    def get_wait(self, task: int, obj: int, line: int = 0, *, limit_ns: int = -1) -> Event:
        self._ask(task, obj)
        return self.emit(Kind.GET_WAIT, task, obj, line=line, a=limit_ns)

    def get(self, task: int, obj: int, line: int = 0) -> Event:
        self._now[obj].value -= 1
        return self.emit(Kind.GET, task, obj, line=line, a=self._waited(task, obj), b=self._now[obj].value)

    def queue_join(self, task: int, obj: int, unfinished: int, line: int = 0) -> Event:
        self._ask(task, obj)
        return self.emit(Kind.QUEUE_JOIN, task, obj, line=line, b=unfinished)

    # futures and executors

    def executor(self, name: str = "pool", workers: int = 2, *, line: int = 0, shared: str = "") -> int:
        executor = self._resource("executor", name, "ThreadPoolExecutor", line, workers)
        self.tables.resources[executor].shared = shared
        return executor

    def worker(self, executor: int, name: str) -> int:
        """A thread that works for `executor`, idle."""
        thread = self.thread(name)
        self.tables.tasks[thread].serves = executor
        self.idle(thread, executor)
        return thread

    def idle(self, worker: int, executor: int) -> Event:
        self._ask(worker, executor)
        return self.emit(Kind.GET_WAIT, worker, executor, a=-1)

    def submit(self, task: int, executor: int, call: str = "f()", line: int = 0) -> int:
        """A new future."""
        future = self._resource("future", call, "Future", line)
        info = self.tables.resources[future]
        info.part_of, info.callee = executor, call
        if executor:
            self._now[executor].value += 1
        waiting = self._now[executor].value if executor else 0
        self.emit(Kind.SUBMIT, task, future, line=line, a=executor, b=waiting)
        return future

    def picked(self, worker: int, future: int) -> Event:
        executor = self.tables.resources[future].part_of
        if (worker, executor) in self._asked:
            self.emit(Kind.GET, worker, executor, a=self._waited(worker, executor))
        self._now[executor].value -= 1
        return self.emit(Kind.PICKED, worker, future, a=executor)

    def resolved(self, task: int, future: int, outcome: Outcome = Outcome.DONE) -> Event:
        executor = self.tables.resources[future].part_of
        return self.emit(Kind.RESOLVED, task, future, a=outcome, b=executor)

    def result_wait(
        self, task: int, future: int, line: int = 0, *, limit_ns: int = -1, others: int = 0
    ) -> Event:
        self._ask(task, future)
        return self.emit(Kind.RESULT_WAIT, task, future, line=line, a=limit_ns, b=others)

    def result(self, task: int, future: int, got: Got = Got.RESULT, line: int = 0) -> Event:
        return self.emit(Kind.RESULT, task, future, line=line, a=self._waited(task, future), b=got)

    # variables

    def read(
        self, task: int, obj: int, line: int = 0, *, value: int = 0, version: int | None = None
    ) -> Event:
        """Reads the newest version unless another is given."""
        version = self._now[obj].n if version is None else version
        return self.emit(Kind.READ, task, obj, line=line, a=value, b=version)

    def write(self, task: int, obj: int, line: int = 0, *, value: int = 0, stale: bool = False) -> Event:
        self._now[obj].n += 1
        return self.emit(
            Kind.WRITE, task, obj, line=line, a=value, b=self._now[obj].n, flags=Flag.STALE if stale else 0
        )

    # inside

    def _id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _new_process(self, name: str, parent: int, pid: int, spawner: int = 0) -> int:
        task = self._id()
        self.tables.tasks[task] = TaskInfo(
            task, "process", name, parent, spawner, task, pid=pid, created_ns=self.now_ns
        )
        return task

    def _new_thread(
        self,
        name: str,
        process: int,
        spawner: int,
        line: int = 0,
        daemon: bool = False,
        internal: bool = False,
        callee: str = "",
    ) -> int:
        task = self._id()
        self.tables.tasks[task] = TaskInfo(
            task, "thread", name, process, spawner, process, self.place(line), callee, daemon, internal,
            native=2000 + task, created_ns=self.now_ns,
        )  # fmt: skip
        return task

    def _resource(
        self,
        kind: ResourceKind,
        name: str,
        type_: str,
        line: int,
        capacity: int = 0,
        *,
        asyncio: bool = False,
        process: int = 0,
    ) -> int:
        resource = self._id()
        self.tables.resources[resource] = ResourceInfo(
            resource, kind, name, type_, process or self.process_id, self.place(line),
            capacity=capacity, asyncio=asyncio, created_ns=self.now_ns,
        )  # fmt: skip
        self._now[resource] = _Now()
        return resource

    def _ask(self, task: int, obj: int) -> None:
        self._asked[task, obj] = self.now_ns + 1000

    def _waited(self, task: int, obj: int) -> int:
        """Nanoseconds since the task asked for `obj`, 0 when it did not have to."""
        asked = self._asked.pop((task, obj), None)
        return self.now_ns + 1000 - asked if asked is not None else 0

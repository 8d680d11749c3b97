"""The vocabulary of everything that is observed: event kinds, their fields, units, and what absence means.

One record of the program becomes one `Event`.  Fields, in order:

==========  =====================================================================================
n           number on the tape, from 1, without holes
t_ns        time: nanoseconds of the system-wide monotonic clock; never decreases along the tape
kind        `Kind`
task        who acts: task id; 0 = nobody (an act of the observer)
obj         on what: resource id or task id, as the kind says; 0 = none
place       where in the program's source: place id; 0 = unknown
a, b        two integers whose meaning the kind gives; 0 where it gives none
flags       `Flag` bits
thread      the thread (task id) that the act happened on; equals `task` unless that is an asyncio task
==========  =====================================================================================

Asked and got are separate kinds: their distance is the wait.  An operation that does not have to wait
writes only the second.  Ids of tasks and resources come from one counter: no task shares an id with a
resource.  This module is shared by the probe (inside the program) and the observer: standard library
only, Python 3.10 syntax.
"""

from enum import IntEnum, IntFlag
from typing import NamedTuple


class Kind(IntEnum):
    """What happened.  The comment gives obj, a and b."""

    # program and processes
    PROGRAM_START = 1  # obj: process task
    PROGRAM_END = 2  # obj: process task; the main module is done, other tasks may go on
    FORK = 3  # the acting thread forks its process

    # tasks
    SPAWN = 10  # obj: task that is asked to start
    START = 11  # obj: task that begins (it is also `task`); a: native thread id or pid, 0 = unknown
    EXIT = 12  # obj: task that ended (it is also `task`); a: `Outcome`; b: exit status of a process,
    #            requests of cancellation still counted (Task.cancelling) of an asyncio task
    RAISED = 13  # obj: task that an exception left (uncaught); its text is in Tables.exceptions
    JOIN = 14  # obj: task whose end is waited for; a: time limit in ns, -1 = none
    JOINED = 15  # obj: as JOIN; a: waited ns; b: 1 it ended, 0 time limit reached
    SLEEP = 16  # a: asked ns; b: of an event loop, files that it watches besides its wake-up pipe
    SLEPT = 17  # a: slept ns
    CANCEL = 18  # obj: asyncio task (or timer thread) whose cancellation is requested, or process that is
    #              told to end; a: the signal that a process is sent
    UNCANCEL = 19  # obj: asyncio task that took one request back (asyncio.timeout does)
    STEP = 20  # the asyncio task `task` runs on its loop
    SUSPEND = 21  # it gave the loop back; obj: task or resource that it awaits, the first of several tasks,
    #               0 = something else; a: length of the step in ns; b: `Awaited`; Flag.TIMED: a time limit
    #               is known
    CALL = 22  # obj: thread whose event loop is asked to run a callback (call_soon_threadsafe); a: number
    #            of the call, unique in its process
    CALLED = 23  # that loop runs it, on its own thread; a: number of the call; b: waited ns
    LEAKED = 24  # obj: asyncio task that was destroyed while it was pending; 0 = a coroutine that was never
    #              awaited, created at `place`, or, b = 1, defined there
    UNREAD = 25  # obj: task or future whose exception was thrown away and nobody has seen; b: `Unread`
    AWAITS = 26  # written before SUSPEND with Awaited.TASKS, once for each of the first unfinished tasks or
    #              futures, obj; a: 1 = all of them are needed, 0 = some of them are enough; b: how many
    #              are unfinished in all
    HELD = 27  # a step, or a callback that is no task's, kept its loop's thread for long; written at its end,
    #            by the task or else the thread, place: the callback; obj: task that was ready and had to
    #            wait so long, 0 = none known; a: how long in ns; b: how many calls were ready or due as
    #            long; Flag.BUSY: the thread used the processor for at least a quarter

    # locks, semaphores
    ACQUIRE = 30  # asked, and has to wait; a: owner (task id) at that moment, 0 = none known
    ACQUIRED = 31  # got; a: waited ns; b: permits left (semaphore), acquisitions so far (locks)
    ACQUIRE_FAILED = 32  # a: waited ns; b: `Failure`
    RELEASE = 33  # a: permits given back (1 for locks); b: permits left (semaphore), acquisitions so far

    # conditions, events, barriers
    WAIT = 40  # a: time limit in ns, -1 = none; b: parties already there (barrier)
    WOKE = 41  # a: waited ns; b: 1 notified or set, 0 time limit reached, 2 cancelled
    NOTIFY = 42  # a: tasks woken; b: first of them (task id), 0 = none
    SET = 43
    CLEAR = 44
    BROKEN = 45  # barrier broken; a: waited ns

    # queues
    PUT_WAIT = 50  # full, has to wait; a: time limit in ns, -1 = none
    PUT = 51  # a: waited ns; b: depth after, -1 = one more than before (pipes)
    PUT_FAILED = 52  # a: waited ns; b: `Failure`
    GET_WAIT = 53  # empty, has to wait; a: time limit in ns, -1 = none; b: how many more pipes it waits for
    GET = 54  # a: waited ns; b: depth after, -1 = one less than before (pipes)
    GET_FAILED = 55  # a: waited ns; b: `Failure`
    TASK_DONE = 56  # b: unfinished items left
    QUEUE_JOIN = 57  # waits until no item is unfinished; b: unfinished items
    QUEUE_JOINED = 58  # a: waited ns

    # futures and executors
    SUBMIT = 60  # obj: future; a: executor (resource), 0 = none; b: calls that wait for a worker by now
    PICKED = 61  # a worker begins the call; obj: future; a: executor; b: ns that it had waited
    RESOLVED = 62  # the future has a result, an exception, or is cancelled; a: `Outcome`; b: executor
    RESULT_WAIT = 63  # obj: future that is waited for; a: time limit in ns, -1 = none; b: how many more
    #                   futures are waited for together with it (wait, as_completed)
    RESULT = 64  # obj: as RESULT_WAIT; a: waited ns; b: `Got`

    # watched variables; values in shared memory, whose versions are counted under their own lock
    READ = 70  # a: the value if it is a small integer; b: version that was read
    WRITE = 71  # a: the value if it is a small integer; b: version written; Flag.STALE: the version
    #             that this task had read was no longer the newest one

    # written by the observer, task 0
    STATE = 90  # obj: resource; a: value word (owner's task id, permits or depth); b: operations so far.
    #             Exact; corrects what was not recorded because of the budget
    GAP = 91  # obj: process task; a: records of its ring that were overwritten before they were read
    PAUSE = 92  # every process was stopped (SIGSTOP)
    RESUME = 93
    KILL = 94  # obj: process task; a: signal sent by us
    SLOWED = 95  # from now on every thread is held up so long at each operation; a: ns, 0 = no longer


class Flag(IntFlag):
    SAMPLED = 1  # operations on obj since its previous record were counted but not recorded
    STALE = 2  # WRITE: see there
    TIMED = 4  # ACQUIRE, SUSPEND: there is a time limit
    REENTRANT = 8  # ACQUIRED, RELEASE: inner level of an RLock; the owner stays
    IN_CONDITION = 16  # RELEASE, ACQUIRE, ACQUIRED: a condition's lock, given up and taken back by wait()
    BUSY = 32  # HELD: see there
    STOOD = 64  # HELD: see there


class Outcome(IntEnum):
    DONE = 0
    FAILED = 1
    CANCELLED = 2


class Failure(IntEnum):
    BUSY = 0  # would have had to wait and did not want to
    TIMED_OUT = 1
    CANCELLED = 2
    REFUSED = 3  # an error: released too often, queue shut down, ...
    READY = 4  # could go on now and takes nothing: Connection.poll() and wait() end so


class Got(IntEnum):
    """What somebody who asked a future got."""

    TIMED_OUT = 0
    RESULT = 1
    CANCELLED = 2
    ERROR = 3  # its exception, raised or returned
    READY = 4  # nothing was read: wait() or as_completed() went on


class Unread(IntEnum):
    """How an exception was thrown away."""

    FORGOTTEN = 0  # the task or future was destroyed, or the program ended
    GATHER = 1  # gather() had already failed or was cancelled, and dropped it


class Awaited(IntEnum):
    """What a suspended asyncio task waits for, as far as its await chain tells."""

    OTHER = 0
    RESOURCE = 1  # obj
    TASK = 2  # obj
    SLEEP = 3
    FUTURE = 4
    IO = 5
    TASKS = 6  # several tasks: gather, wait, a task group
    CLEANUP = 7  # inside an __aexit__
    YIELD = 8  # sleep(0): runs again in the next turn of the loop
    IO_READ = 9  # something to read from obj, a connection or pipe
    IO_WRITE = 10  # room to write to obj
    IO_CONNECT = 11  # a connection to obj
    IO_ACCEPT = 12  # somebody who connects to obj


class Event(NamedTuple):
    n: int
    t_ns: int
    kind: int
    task: int
    obj: int
    place: int = 0
    a: int = 0
    b: int = 0
    flags: int = 0
    thread: int = 0


BLOCKING = frozenset(
    {
        Kind.ACQUIRE,
        Kind.WAIT,
        Kind.PUT_WAIT,
        Kind.GET_WAIT,
        Kind.QUEUE_JOIN,
        Kind.RESULT_WAIT,
        Kind.JOIN,
        Kind.SLEEP,
    }
)
"""Kinds after which a thread stands still until the matching kind of `UNBLOCKING`."""

UNBLOCKING = {
    Kind.ACQUIRE: (Kind.ACQUIRED, Kind.ACQUIRE_FAILED),
    Kind.WAIT: (Kind.WOKE, Kind.BROKEN),
    Kind.PUT_WAIT: (Kind.PUT, Kind.PUT_FAILED),
    Kind.GET_WAIT: (Kind.GET, Kind.GET_FAILED),
    Kind.QUEUE_JOIN: (Kind.QUEUE_JOINED,),
    Kind.RESULT_WAIT: (Kind.RESULT,),
    Kind.JOIN: (Kind.JOINED,),
    Kind.SLEEP: (Kind.SLEPT,),
}
"""What ends each wait."""

"""The contract between the probe, inside the program, and the observer: ring layout and metadata lines.

Each process of the program owns two files in the session directory, named `<pid>-<t_ns>`:

`.ring`  one shared mapping: a header page, state words, then a ring of 64-byte records.
`.meta`  append-only JSON lines: what is rare (names, code positions, exceptions, processes).

A ring appears under its final name only when its header is complete and the `process` line is
written.  A metadata line that a record refers to is always written before that record: a reader takes
`HEAD` first, then reads the metadata to its end, then decodes records up to the head it took.

**Header**, unsigned 64-bit words (native byte order; both sides run on one machine):

====  ==========================================================================================
0     MAGIC
1     VERSION
2     HEAD: sequence number of the newest record, 0 = none yet
3     FRAME: the observer adds one per display frame; each object may then write its budget anew
4     MODE: 0 free, 1 slowed, 2 step (the latter two are not used by version 1)
5     measured cost of writing one record, in ns (a median, taken at the start)
6     records that were not written because of budgets, all objects together
7     GATE: set by the observer; so many ns every thread stands still at each operation, 0 = the program is
      not slowed
====  ==========================================================================================

**State words**: SLOTS slots of 8 words.  Slot 0 is not used.  The probe gives a slot to each object with
an exact state as long as there are free ones (`slot` in its metadata line; 0 = none).

====  ==========================================================================================
0     VALUE: owner (task id of this process, 0 = free) of a lock; permits; depth; 0/1 of an event; of an
      executor the calls that wait for a worker, plus 2**32 times the calls resolved
1     N_IN: acquisitions; puts; waits; sets; calls submitted
2     N_OUT: releases; gets; notifies; clears.  Not kept for locks
3     N_DROPPED: records of this object not written because of its budget.  Locks bring it up to date when
      they next look at FRAME: each time that FRAME has changed, or 256 acquisitions later
====  ==========================================================================================

**Record**, 64 bytes, `RECORD`: seq, t_ns, thread (id), code (id of a code line), lasti, obj (id), kind,
flags, task (id of the asyncio task, 0 = none), a, b.  Slot of a record: seq mod CAPACITY; seq starts at
1.  A slot that holds another seq than expected was overwritten (newer: lost) or is not written yet
(older: stop there and come again).

**Ids** are minted per process by one counter: 1 is the process itself, 2 its main thread, the rest
threads, asyncio tasks, resources and variables.  A forked child goes on with a copy of its parent's
counter and objects: an id below its `first_id` that it has not declared means *its own copy* of what the
parent declared.  Code ids are addresses, also inherited by a fork.

**Metadata lines**, key `k`:

process   pid, ppid, how (run|fork|spawn|forkserver|exec), as (null, or [pid, id] of the task that the
          starting process declared for it; forkserver children learn theirs later, by `role`),
          python, executable, argv, t_ns, wall_ns, first_id, native (main thread), cwd
role      as [pid, id], name
task      id, kind (thread|asyncio|process), name, spawner (id), thread (asyncio: id of the thread of its
          loop), daemon, native, code, lasti (where it was spawned), callee (qualified name of what it
          runs), internal (true: made by the standard library for itself, e.g. a queue's feeder), serves
          (optional: id of the resource that it works for), t_ns
rename    id, name
child     id (a task line with kind process), pid, bare (optional, true: it is not observed), t_ns
exit      pid, id, status (negative: killed by that signal), t_ns
resource  id, kind (lock|rlock|semaphore|condition|event|barrier|queue|...), type (class name), slot,
          name (optional: what has no name in the program, such as the address of a connection),
          code, lasti (where it was created), up [[code, lasti], ...] (callers, innermost first),
          store (name of the variable that the creating statement stores into, null = not seen),
          holder (class name of `self` when created in a method, null), part_of (id: what it belongs
          to, e.g. the condition of its own lock), lock (condition: id of its lock), capacity (permits, maxsize,
          parties; 0 = none), bounded (true for BoundedSemaphore), loop (true for asyncio), callee
          (future), shared (optional: identity between processes, the same text in each of them; the first
          that declares it describes it, and in a forked child an inherited id means the same resource,
          not a copy), t_ns
          A shared object may have a *home*: the file `<shared>.home`, 64-bit words that every process with
          the object writes: 0 VALUE (an owner is its process's pid in the upper half, its id there in the
          lower), 1 N_IN of what is counted under a lock.  Its own slot then counts the operations of one
          process alone.  `shared` may give several identities, with blanks between: the ends of a pipe
variable  id, slot, name, holder (class name or module), t_ns; VALUE: its value if a small integer, N_IN
          writes, N_OUT reads
code      id, file, func (qualified name), first (line), lines (line of each instruction, index lasti//2),
          pos ([line, end_line, col, end_col] of each instruction, or null before 3.11)
exception task (id), type, message, tb ([[file, line, func], ...] outermost first, at most 20),
          where (thread|main|process|asyncio|future|compile), t_ns
note      text: a limit that the user should know of (English), t_ns
fault     where, message: the probe itself failed there and stood aside

Standard library only, Python 3.10 syntax.
"""

import struct

MAGIC = 0x53594E4353434F50
VERSION = 1

RECORD = struct.Struct("<QQQQIIHHIqq")
RECORD_SIZE = 64
CAPACITY = 1 << 16
MASK = CAPACITY - 1

HEADER_SIZE = 4096
W_MAGIC, W_VERSION, W_HEAD, W_FRAME, W_MODE, W_COST, W_DROPPED, W_GATE = range(8)

SLOTS = 1 << 14
SLOT_SIZE = 64
S_VALUE, S_IN, S_OUT, S_DROPPED = range(4)

RING_OFFSET = HEADER_SIZE + SLOTS * SLOT_SIZE
FILE_SIZE = RING_OFFSET + CAPACITY * RECORD_SIZE

HOME_SIZE = 64
"""Of the home of an object that processes share, in bytes."""

PROCESS_ID = 1
MAIN_THREAD_ID = 2

MODE_FREE, MODE_SLOW, MODE_STEP = range(3)

ENV_SESSION = "SYNCSCOPE_SESSION"
"""Session directory, in the environment of every process of the program."""


def word_of_slot(slot: int) -> int:
    """Index of the first 64-bit word of state slot `slot`."""
    return (HEADER_SIZE + slot * SLOT_SIZE) >> 3

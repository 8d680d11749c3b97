"""Writes the ring: records, state words, metadata.

No thread, no lock, no waiting: a sequence number is taken from a C counter (atomic under the GIL), the
record is packed into its slot of the shared mapping, and that is all.  If the observer is slow, the oldest
records are overwritten; the observer counts them.  Nothing here may raise into the program.

Modules with hot paths keep `words`, `ring` and `next_seq` as their own globals and refresh them in a
function that they hand to `when_opened` (a forked child opens a ring of its own).
"""

import itertools
import json
import mmap
import os
import struct
import sys
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from .. import wire
from ..events import Flag, Kind
from . import frames
from .originals import get_ident, get_native_id, getframe, local, perf_counter_ns

pack_into = wire.RECORD.pack_into
pack_words = struct.Struct("<6Q2q").pack_into
"""A record as eight words, lasti | obj << 32 and kind | flags << 16 | task << 32 joined: 30 % faster."""
MASK = wire.MASK
RING_OFFSET = wire.RING_OFFSET
W_HEAD = wire.W_HEAD
W_FRAME = wire.W_FRAME
W_DROPPED = wire.W_DROPPED
W_GATE = wire.W_GATE
S_VALUE, S_IN, S_OUT, S_DROPPED = wire.S_VALUE, wire.S_IN, wire.S_OUT, wire.S_DROPPED
SAMPLED = int(Flag.SAMPLED)
DELAY = "delay_ns"
"""Option: the first value of the word GATE."""

ring: mmap.mmap
words: "memoryview[int]"
next_seq: Callable[[], int]

directory = ""
budget = 64
options: "dict[str, Any]" = {}
pid = 0

threads: "dict[int, int]" = {}
"""Thread ident -> id.  The interpreter reuses idents as soon as a thread has ended: `forget_thread`."""
me = local()
"""`me.id` is the id of the calling thread, faster than `threads`; missing until `thread_id` was called."""
running: "dict[int, int]" = {}
"""Thread ident -> id of the asyncio task that runs on it at this moment."""
on_reopen: "list[Callable[[], None]]" = []

new_id = itertools.count(wire.MAIN_THREAD_ID + 1).__next__
_new_slot = itertools.count(1).__next__
_known_codes: "dict[int, CodeType]" = {}
_store_names: "dict[tuple[int, int], str | None]" = {}
_to_json = json.JSONEncoder(default=repr).encode
_meta_fd = -1
_meta_path = ""
_meta_inode = 0
_n_slots = 0
_ended: "dict[int, tuple[int, int]]" = {}
"""Ident of a thread that has ended -> its id and native id: its thread-locals are destroyed afterwards."""
_outside: "dict[int, int]" = {}
"""Native id of a thread made in C that has left Python -> its id; it may come back."""


def start(session: str, opts: "dict[str, Any]", how: str, as_: "list[int] | None" = None) -> None:
    """Open this process's ring and from then on one in every forked child."""
    global directory, budget
    directory = session
    options.update(opts)
    budget = int(opts.get("budget", budget))
    frames.count_as_program(list(opts.get("std_is_user", ())))
    _open(how, as_, int(opts.get(DELAY, 0)))
    os.register_at_fork(before=_before_fork, after_in_child=_after_fork)


def _open(how: str, as_: "list[int] | None", delay_ns: int) -> None:
    global ring, words, next_seq, _meta_fd, _meta_path, _meta_inode, pid
    pid = os.getpid()
    base = os.path.join(directory, f"{pid}-{perf_counter_ns()}")
    _meta_path, linked = base + ".meta", True
    try:
        fd = os.open(base + ".new", os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(fd, 0, wire.FILE_SIZE)  # a full disk must fail here, not as SIGBUS later
            else:
                os.ftruncate(fd, wire.FILE_SIZE)
            if sys.version_info >= (3, 13):
                ring = mmap.mmap(fd, wire.FILE_SIZE, trackfd=False)
            else:
                ring = mmap.mmap(fd, wire.FILE_SIZE)
        finally:
            os.close(fd)
        _meta_fd, _meta_inode = _open_meta(os.O_CREAT)
    except OSError:
        ring = mmap.mmap(-1, wire.FILE_SIZE)  # nobody will read it; the program runs on undisturbed
        _meta_fd, _meta_path, linked = -1, "", False
    words = memoryview(ring).cast("Q")
    words[wire.W_MAGIC], words[wire.W_VERSION] = wire.MAGIC, wire.VERSION
    words[wire.W_COST] = _cost_of_record()
    words[W_GATE] = delay_ns
    next_seq = itertools.count(1).__next__
    threads.clear()
    running.clear()
    _ended.clear()
    _outside.clear()
    me.id = threads[get_ident()] = wire.MAIN_THREAD_ID
    meta(
        k="process",
        pid=pid,
        ppid=os.getppid(),
        how=how,
        **{"as": as_},
        python=sys.version.split()[0],
        executable=sys.executable,
        argv=[str(a) for a in sys.argv],
        t_ns=perf_counter_ns(),
        wall_ns=time.time_ns(),
        first_id=new_id(),
        native=get_native_id(),
        cwd=_cwd(),
    )
    if linked:
        try:
            os.rename(base + ".new", base + ".ring")
        except OSError:
            pass
    emit(int(Kind.PROGRAM_START), wire.PROCESS_ID)


def _cwd() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


def _cost_of_record() -> int:
    """Median time in ns to find the caller's place, read the clock and pack a record (into unused slot 0)."""
    costs = []
    for _ in range(5):
        t = perf_counter_ns()
        for i in range(20):
            frame = getframe(0)
            pack_into(
                ring, wire.HEADER_SIZE, i, perf_counter_ns(), get_ident(), id(frame.f_code), frame.f_lasti,
                0, 0, 0, 0, 0, 0,
            )  # fmt: skip
        costs.append((perf_counter_ns() - t) // 20)
    for i in range(wire.HEADER_SIZE >> 3, (wire.HEADER_SIZE >> 3) + 8):
        words[i] = 0
    return sorted(costs)[2]


def when_opened(refresh: "Callable[[], None]") -> None:
    """Call `refresh` now and whenever a ring is opened."""
    refresh()
    on_reopen.append(refresh)


# -- forks ------------------------------------------------------------------------------------------------

_old_rings: "list[mmap.mmap]" = []
fork_as: "list[int] | None" = None
"""[pid, id] of the process task that the fork in progress will be; set by whoever forks on purpose."""


def _before_fork() -> None:
    emit(int(Kind.FORK), frame=frames.acting(getframe(1)))


def _after_fork() -> None:
    global words, ring, fork_as
    old_words, old_ring = words, ring
    as_, fork_as = fork_as, None
    _open("fork", as_, old_words[W_GATE])
    used = wire.word_of_slot(_n_slots + 1)
    first = wire.word_of_slot(1)
    words[first:used] = old_words[first:used]
    old_words.release()
    for refresh in on_reopen:
        refresh()
    # To close it would close a descriptor by its number, which may be the program's by now.
    _old_rings.append(old_ring)


# -- metadata ---------------------------------------------------------------------------------------------


def meta(**line: Any) -> None:
    """Append one line; a single write, so that lines of several threads never mix."""
    global _meta_fd, _meta_inode
    try:
        # A program that closes all descriptors, as daemons do, closes ours, and may give its number to a file.
        try:
            mine = os.fstat(_meta_fd).st_ino == _meta_inode
        except OSError:
            mine = False
        if not mine:
            _meta_fd, _meta_inode = _open_meta(0)
        os.write(_meta_fd, (_to_json(line) + "\n").encode("utf-8", "replace"))
    except (OSError, ValueError, TypeError, RecursionError):
        pass


def _open_meta(flags: int) -> "tuple[int, int]":
    """(descriptor, inode); the descriptor out of the way of the program's, whose first is 3."""
    fd = os.open(_meta_path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | flags, 0o600)
    inode = os.fstat(fd).st_ino
    try:
        from fcntl import F_DUPFD_CLOEXEC, fcntl

        high = fcntl(fd, F_DUPFD_CLOEXEC, 200)
    except (ImportError, OSError):  # no more than so many are allowed
        return fd, inode
    os.close(fd)
    return high, inode


def meta_line(line: str) -> None:
    """Append one line that is formatted already, for what is not rare."""
    try:
        os.write(_meta_fd, line.encode("utf-8", "replace"))
    except OSError:
        pass


def note(text: str) -> None:
    meta(k="note", text=text, t_ns=perf_counter_ns())


def fault(where: str, error: BaseException) -> None:
    """The probe failed at `where`; the program goes on without it there."""
    meta(k="fault", where=where, message=f"{type(error).__name__}: {error}")


def see(code: CodeType) -> None:
    """Describe `code` once.  Keeping it alive keeps its address, its id on the wire, unique."""
    _known_codes[id(code)] = code
    lines, pos = frames.positions(code)
    meta(
        k="code",
        id=id(code),
        file=code.co_filename,
        func=getattr(code, "co_qualname", code.co_name),
        first=code.co_firstlineno,
        lines=lines,
        pos=pos,
    )


def see_once(code: CodeType) -> None:
    if id(code) not in _known_codes:
        see(code)


def position(frame: "FrameType | None") -> "tuple[int, int]":
    """(code id, lasti) of `frame`, described; (0, 0) for none."""
    if frame is None:
        return 0, 0
    code = frame.f_code
    if id(code) not in _known_codes:
        see(code)
    return id(code), frame.f_lasti & 0xFFFFFFFF


def exception(task: int, error: BaseException, where: str, skip: int = 0) -> None:
    """Describe an exception that left `task`; `skip` outermost frames are ours."""
    trace = []
    tb = error.__traceback__
    while tb is not None:
        code = tb.tb_frame.f_code
        trace.append([code.co_filename, tb.tb_lineno or 0, code.co_name])
        tb = tb.tb_next
    try:
        message = str(error)[:500]
    except Exception:
        message = "(its text cannot be had)"
    meta(
        k="exception",
        task=task,
        type=type(error).__name__,
        message=message,
        tb=trace[skip:][-20:],
        where=where,
        t_ns=perf_counter_ns(),
    )


def is_own(error: BaseException) -> bool:
    """Was `error` raised by the probe's own code, not by a signal handler or other code of the program?"""
    tb = error.__traceback__
    while tb is not None and tb.tb_next is not None:
        tb = tb.tb_next
    return tb is not None and id(tb.tb_frame.f_globals) in frames.probe_globals


# -- tasks ------------------------------------------------------------------------------------------------


def thread_id() -> int:
    """Id of the calling thread; one that we did not see start (made in C) is declared now."""
    ident = get_ident()
    id_ = threads.get(ident)
    if id_ is None:
        native = get_native_id()
        id_, native_then = _ended.get(ident, (0, 0))
        if native_then == native:
            return id_
        known = _outside.pop(native, 0)
        id_ = threads[ident] = known or new_id()
        me.leaver = _Leaver(ident, id_, native)
        if not known:
            meta(
                k="task", id=id_, kind="thread", name=f"thread {native}", spawner=0, thread=0, daemon=True,
                native=native, code=0, lasti=0, callee="", internal=False, t_ns=perf_counter_ns(),
            )  # fmt: skip
            emit(int(Kind.START), id_, native)
    me.id = id_
    return id_


class _Leaver:
    """Thread-local of a thread made in C: nothing but its destruction tells that the thread left Python.

    Its ident may then be another thread's.
    """

    def __init__(self, ident: int, id_: int, native: int) -> None:
        self.ident = ident
        self.id = id_
        self.native = native

    def __del__(self) -> None:
        if threads.get(self.ident) == self.id:
            del threads[self.ident]
            _outside[self.native] = self.id


def begin_thread(id_: int) -> None:
    """The calling thread is the task `id_`."""
    me.id = threads[get_ident()] = id_


def task_id() -> int:
    """Id of the acting task: the asyncio task that runs on this thread, else the thread."""
    return running.get(get_ident()) or thread_id()


def forget_thread() -> None:
    """The calling thread has ended, as far as the program is concerned."""
    ident = get_ident()
    id_ = threads.pop(ident, None)
    if id_ is not None:
        _ended[ident] = id_, get_native_id()


def declare_task(
    kind: str, name: str, frame: "FrameType | None", callee: str = "", daemon: bool = False,
    thread: int = 0, internal: bool = False, native: int = 0, serves: int = 0,
    spawner: int = 0,
) -> int:  # fmt: skip
    """Mint the id of a task that is about to start and describe it.  `serves`: resource that it works for.
    `spawner`: on whose behalf the caller acts, if not on its own."""
    me = new_id()
    code, lasti = position(frames.caller(frame))
    meta(
        k="task", id=me, kind=kind, name=name, spawner=spawner or task_id(), thread=thread, daemon=daemon, native=native,
        code=code, lasti=lasti, callee=callee, internal=internal, serves=serves, t_ns=perf_counter_ns(),
    )  # fmt: skip
    return me


# -- resources --------------------------------------------------------------------------------------------


class Resource:
    """The probe's side of one lock, queue, ...: its id, its state words, its budget.

    `word` is the index of its first state word.  A resource for which no slot was free writes into slot 0,
    which nobody reads, and is not rationed.
    """

    __slots__ = ("__weakref__", "flags", "frame", "id", "left", "n_dropped", "n_in", "n_out", "slot", "word")

    def __init__(self, id_: int, slot: int) -> None:
        self.id = id_
        self.slot = slot
        self.word = wire.word_of_slot(slot)
        self.frame = -1
        self.left = 0
        self.n_in = 0
        self.n_out = 0
        self.n_dropped = 0
        self.flags = 0

    def may_record(self) -> bool:
        """Has this resource budget left in the observer's present frame?  If not, counts the record as dropped."""
        if self.left > 0:
            self.left -= 1
            return True
        frame = words[W_FRAME]
        if frame != self.frame or not self.slot:
            self.frame = frame
            self.left = budget - 1
            return True
        self.drop(1)
        self.flags = SAMPLED
        return False

    def drop(self, n: int) -> None:
        """Count records that the budget did not allow."""
        self.n_dropped = words[self.word + S_DROPPED] = self.n_dropped + n
        words[W_DROPPED] += n

    def take_flags(self) -> int:
        """SAMPLED when records were dropped since the last one that was written."""
        flags, self.flags = self.flags, 0
        return flags


def take_slot() -> int:
    """A free state slot; 0 when there is none left."""
    global _n_slots
    slot = _new_slot()
    if slot >= wire.SLOTS:
        return 0
    _n_slots = max(_n_slots, slot)
    return slot


def declare_resource(
    kind: str, type_name: str, frame: "FrameType | None", id_: int = 0, **extra: Any
) -> Resource:
    """Describe a resource created at `frame` (the caller's; ours are stepped over) and give it its words.

    id_: minted before, for what another resource had to refer to.
    extra: part_of, lock, capacity, bounded, loop: as `wire` says.
    """
    id_ = id_ or new_id()
    slot = take_slot()
    frame = frames.caller(frame)
    code, lasti = position(frame)
    holder = store = None
    up: "list[list[int]]" = []
    if frame is not None:
        if frame.f_code.co_name == "__init__" and frame.f_code.co_varnames:
            me = frame.f_locals.get(frame.f_code.co_varnames[0])
            holder = type(me).__name__ if me is not None else None
        store = store_name(frame.f_code, lasti)
        outer = frame.f_back
        while outer is not None and len(up) < 2:
            up.append(list(position(outer)))
            outer = outer.f_back
    meta(
        k="resource", id=id_, kind=kind, type=type_name, slot=slot, code=code, lasti=lasti, up=up, store=store,
        holder=holder, t_ns=perf_counter_ns(), **extra,
    )  # fmt: skip
    return Resource(id_, slot)


def store_name(code: CodeType, lasti: int) -> "str | None":
    """Name that the instruction after the creating call stores into: names without source (see `store`)."""
    from .store import name_stored_after

    place = id(code), lasti
    if place not in _store_names:
        try:
            _store_names[place] = name_stored_after(code, lasti)
        except Exception as error:
            fault("store", error)
            _store_names[place] = None
    return _store_names[place]


# -- records ----------------------------------------------------------------------------------------------


def emit_at(
    kind: int, obj: int, a: int, b: int, flags: int, t_ns: int, thread: int, task: int, code: int, lasti: int
) -> None:
    """Write one record of an act in the past, with everything given."""
    seq = next_seq()
    try:
        pack_words(
            ring, RING_OFFSET + ((seq & MASK) << 6), seq, t_ns, thread, code, lasti | obj << 32,
            kind | flags << 16 | task << 32, a, b,
        )  # fmt: skip
    except (struct.error, ValueError) as error:
        fault("emit", error)
        return
    words[W_HEAD] = seq


def emit(
    kind: int, obj: int = 0, a: int = 0, b: int = 0, frame: "FrameType | None" = None, flags: int = 0,
    t_ns: int = 0, thread: int = 0,
) -> None:  # fmt: skip
    """Write one record, always (rationing is the caller's).  `frame`: where to start looking for the place.

    `thread`: who acts, if not the calling thread.
    """
    if frame is not None:
        frame = frames.caller(frame)
    if frame is None:
        code = lasti = 0
    else:
        code = id(frame.f_code)
        if code not in _known_codes:
            see(frame.f_code)
        lasti = frame.f_lasti & 0xFFFFFFFF
    ident = get_ident()
    task = 0 if thread else running.get(ident, 0)
    thread = thread or threads.get(ident) or thread_id()
    seq = next_seq()
    try:
        pack_into(
            ring, RING_OFFSET + ((seq & MASK) << 6), seq, t_ns or perf_counter_ns(), thread, code, lasti, obj,
            kind, flags, task, a, b,
        )  # fmt: skip
    except (struct.error, ValueError) as error:  # a number out of range: count a hole rather than raise
        fault("emit", error)
        return
    words[W_HEAD] = seq


def to_ns(seconds: Any) -> int:
    """A time limit in ns for a record: -1 = none (None); never raises, whatever the program passed."""
    if seconds is None:
        return -1
    try:
        return max(0, min(int(seconds * 1e9), 1 << 62))
    except (TypeError, ValueError, OverflowError):
        return -1


frames.step_over(globals(), ours=True)

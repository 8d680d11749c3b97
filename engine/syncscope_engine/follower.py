"""Follows all processes of the program and puts what they did on one tape, in the order of time."""

import os
from bisect import bisect_left
from contextlib import suppress
from operator import itemgetter
from time import perf_counter_ns, time_ns

from .declarations import Declarations
from .events import Event, Kind, Outcome
from .exits import ExitWatch
from .lines import count, text
from .linking import PATIENCE_NS, Linker
from .reader import ProcessReader
from .recording import Recording
from .ring import DamagedRingError
from .table_writer import TableWriter

HOLD_BACK_NS = 5_000_000
"""Records younger than this wait for the next poll: another process may still write an older one."""

_TICK_NS = 100_000_000
_LATE_CHILD_NS = 2_000_000_000  # a fork whose parent ended at once may show up so much later
_time_of = itemgetter(1)


class Follower:
    def __init__(self, directory: str, recording: Recording, watch: ExitWatch | None = None) -> None:
        self._readers: list[ProcessReader] = []  # those whose ring is open
        self._closed: list[tuple[int, Declarations]] = []  # since when; their forks may still need them
        self._directory = directory
        self._recording = recording
        self._writer = TableWriter(recording.tables, directory)
        self._watch = watch or ExitWatch()
        self._seen: set[str] = set()
        self._directory_time = -1
        self._links = Linker(self._writer)
        self._pending: list[Event] = []
        self._dead: dict[int, tuple[int, int | None]] = {}  # pid -> since when, status: not yet told
        self._told: dict[int, int] = {}  # process task -> exit status on the tape
        self._just_ended: set[int] = set()  # pids, since rings were looked for last
        self._last_end_ns = 0
        self._delay_ns = 0

    @property
    def main_task(self) -> int:
        """Process task of the program's first process; 0 until its probe has started."""
        return self._links.task_of_pid.get(self._links.main_pid, 0)

    @property
    def n_damaged(self) -> int:
        return self._writer.n_damaged

    @property
    def n_processes(self) -> int:
        """Processes that announced themselves and have not ended."""
        return sum(reader.alive for reader in self._readers)

    def note(self, text: str) -> None:
        self._writer.note(text)

    def expect(self, pid: int) -> None:
        """`pid` is the first process; who started it tells by `main_ended` when it ended."""
        self._links.main_pid = pid

    def main_ended(self, status: int) -> None:
        self._has_ended(self._links.main_pid, status)

    def observe(self, kind: Kind, obj: int = 0, a: int = 0, t_ns: int = 0) -> None:
        """Put an act of the observer on the tape."""
        self._pending.append(Event(0, t_ns or perf_counter_ns(), int(kind), 0, obj, a=int(a)))

    def slow(self, delay_ns: int) -> None:
        """Hold every thread of the program up so long at each operation, now and in processes to come."""
        self._delay_ns = delay_ns
        for reader in self._readers:
            reader.ring.slow(delay_ns)
        self.observe(Kind.SLOWED, a=delay_ns)

    def task_of_pid(self, pid: int) -> int:
        return self._links.task_of_pid.get(pid, 0)

    def poll(self, final: bool = False) -> list[Event]:
        """Everything new; returns the events as taped.  `final`: everybody has ended."""
        self._discover()
        self._just_ended.clear()
        for pid, status in self._watch.ended():
            self._has_ended(pid, status)
        now_ns = perf_counter_ns()
        for reader in self._readers:
            reader.look()
        for reader in self._readers:
            reader.read_lines()
        for reader in self._readers:
            if not reader.task:
                self._link(reader, now_ns, final or not reader.alive)
        n_before = len(self._pending)
        for reader in self._readers:
            self._collect(reader, now_ns, final or not reader.alive)
        self._pending += self._writer.sharing.states(self._pending[n_before:], perf_counter_ns(), final)
        for pid, status in self._watch.ended():  # those that were over before they were watched
            self._has_ended(pid, status)
        self._put_away(now_ns)
        self._tell_ends(now_ns, final)
        return self._tape(now_ns, final)

    def close(self) -> None:
        self._watch.close()
        self._writer.sharing.close()
        for reader in self._readers:
            reader.close()

    # -- processes

    def _discover(self) -> None:
        with suppress(OSError):
            changed = os.stat(self._directory).st_mtime_ns
            if changed == self._directory_time:
                return
            names = [n[:-5] for n in os.listdir(self._directory) if n.endswith(".ring")]
            # Its time moves in ticks of some ms: a file made later in the same tick does not change it.
            settled = time_ns() - changed > _TICK_NS
            self._directory_time = changed if settled else -1
            for name in sorted(set(names) - self._seen, key=_creation):
                try:
                    reader = ProcessReader(
                        os.path.join(self._directory, name), self._writer, perf_counter_ns()
                    )
                except DamagedRingError:
                    self._seen.add(name)
                    self._writer.n_damaged += 1
                except OSError:
                    self._directory_time = -1  # no descriptor left, perhaps: try again
                else:
                    self._seen.add(name)
                    self._readers.append(reader)
                    reader.ring.slow(self._delay_ns)

    def _link(self, reader: ProcessReader, now_ns: int, at_once: bool) -> None:
        if not self._links.link(reader, now_ns, at_once):
            return
        reader.alive = reader.pid not in self._dead
        if not self._recording.tables.python:
            self._recording.tables.python = text(reader.declared.about, "python")
            self._recording.tables.cost_ns = reader.ring.cost_ns
            self._check_clock(count(reader.declared.about, "t_ns"), now_ns)
        if reader.pid != self._links.main_pid:
            self._watch.add(reader.pid)

    def _check_clock(self, began_ns: int, now_ns: int) -> None:
        if not self._recording.tables.start_ns <= began_ns <= now_ns:
            self._writer.note("The program's clock is not ours: times of different processes do not compare.")

    def _collect(self, reader: ProcessReader, now_ns: int, final: bool) -> None:
        if not reader.task:
            return
        events, lost = reader.take(now_ns, final)
        self._pending += events
        self._recording.dropped += lost
        states, unrecorded = reader.states(perf_counter_ns(), events, after_loss=lost > 0)
        self._pending += states
        self._recording.sampled += unrecorded
        if reader.exit_status is not None:
            self._told.setdefault(reader.task, reader.exit_status)
        for task, pid in reader.declared.children:
            if pid not in self._links.by_pid:
                self._links.task_of_pid[pid] = task
                self._watch.add(pid)
        reader.declared.children.clear()
        for pid, task, status, t_ns in reader.declared.exits:
            self._links.task_of_pid.setdefault(pid, task)
            self._has_ended(pid, status, t_ns)
        reader.declared.exits.clear()
        if final:
            reader.close()
            for ending in (".ring", ".meta"):
                with suppress(OSError):
                    os.unlink(reader.base + ending)
        else:
            reader.ring.grant()

    def _put_away(self, now_ns: int) -> None:
        """Keep of the ended processes only what their children can still refer to."""
        if not all(reader.ring.is_open for reader in self._readers):
            self._closed += [(now_ns, r.declared) for r in self._readers if not r.ring.is_open]
            self._readers = [reader for reader in self._readers if reader.ring.is_open]
        while self._closed and now_ns - self._closed[0][0] > _LATE_CHILD_NS:
            _, ended = self._closed.pop(0)
            if any(reader.declared.descends_from(ended) for reader in self._readers):
                self._closed.append((now_ns, ended))
                break
            ended.forget()

    # -- ends

    def _has_ended(self, pid: int, status: int | None, t_ns: int = 0) -> None:
        reader = self._links.by_pid.get(pid)
        if reader is not None:
            reader.alive = False
        if pid not in self._dead:
            self._just_ended.add(pid)
        since_ns, known = self._dead.get(pid, (perf_counter_ns(), None))
        self._dead[pid] = (min(since_ns, t_ns or since_ns), status if known is None else known)

    def _tell_ends(self, now_ns: int, final: bool) -> None:
        """EXIT for every process whose end it did not record itself, or recorded wrongly; the first one last."""
        for pid in sorted(self._dead, key=lambda pid: pid == self._links.main_pid):
            since_ns, status = self._dead[pid]
            reader = self._links.by_pid.get(pid)
            if reader is not None and reader.ring.is_open:
                continue
            task = self._links.task_of_pid.get(pid, 0)
            is_unsure = status is None and task not in self._told and now_ns - since_ns < PATIENCE_NS
            is_early = pid == self._links.main_pid and len(self._dead) > 1
            may_have_ring = (
                reader is None
                and pid not in self._writer.bare
                and (pid in self._just_ended or any(r.pid == pid for r in self._readers))
            )
            if (is_unsure or is_early or may_have_ring) and not final:
                continue  # who waits for it may still tell, or it has itself
            del self._dead[pid]
            if not task or (task in self._told and status in (None, self._told[task])):
                continue
            if status is None:
                name = self._recording.tables.task_name(task)
                self._writer.note(f"Process {pid} ({name}) ended; its exit status could not be observed.")
            self._told[task] = status or 0
            self._last_end_ns = max(since_ns, self._last_end_ns)
            t_ns = self._last_end_ns if pid == self._links.main_pid else since_ns
            outcome = Outcome.FAILED if status else Outcome.DONE
            self._pending.append(Event(0, t_ns, Kind.EXIT, task, task, a=outcome, b=status or 0, thread=task))

    # -- tape

    def _tape(self, now_ns: int, final: bool) -> list[Event]:
        if not self._pending:
            return []
        self._pending.sort(key=_time_of)
        until_ns = 1 << 63 if final else now_ns - HOLD_BACK_NS
        cut = bisect_left(self._pending, until_ns, key=_time_of)
        ready, self._pending = self._pending[:cut], self._pending[cut:]
        return self._recording.append(ready)


def _creation(name: str) -> tuple[int, str]:
    t_ns = name.rpartition("-")[2]
    return (int(t_ns) if t_ns.isdecimal() else 0, name)

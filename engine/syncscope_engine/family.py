"""The program and everything that it started, however it detached: found, stopped, killed.

A process belongs to the family when it descends from a member, shares the program's session, announced
itself by a ring in the session directory, or carries that directory in its environment; and it stays a
member.  Standard library only: the guard process uses this module too.
"""

import os
import signal
import time
from contextlib import suppress

from .wire import ENV_SESSION

_STOPPED = frozenset("TtZX")
_PAUSE_BETWEEN_SWEEPS_S = 0.002
_TRACKER_PATIENCE_S = 0.5
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Process:
    """One line of the process table.  (No dataclass, no typing: the watchdog has to start fast.)"""

    __slots__ = ("parent", "pid", "session", "start", "state")

    def __init__(self, pid: int, parent: int, session: int, state: str, start: int) -> None:
        self.pid = pid
        self.parent = parent
        self.session = session
        self.state = state
        self.start = start  # clock ticks since boot


def processes() -> dict[int, Process]:
    """Every process of the machine that we can see."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdecimal():
            process = read_process(int(name))
            if process is not None:
                found[process.pid] = process
    return found


def read_process(pid: int) -> Process | None:
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return Process(pid, int(fields[1]), int(fields[3]), chr(fields[0][0]), int(fields[19]))


class Family:
    def __init__(self, directory: str, main: int) -> None:
        """`main`: the program's first process, leader of a session of its own; 0 = not started."""
        self._directory = directory
        self._main = main or -1
        self._marker = f"{ENV_SESSION}={directory}".encode()
        self._known: set[tuple[int, int]] = set()  # pid and start: a pid alone may be used again
        self._strangers: set[tuple[int, int]] = set()  # looked at already
        self._outside = {os.getpid()}

    def leave_out(self, pid: int) -> None:
        self._outside.add(pid)

    def members(self) -> list[Process]:
        """All members that have not ended."""
        everybody = processes()
        announced = self._announced()
        inside: set[int] = set()
        seen = set()
        for process in everybody.values():
            key = (process.pid, process.start)
            seen.add(key)
            if process.pid in self._outside:
                continue
            if (
                self._main in (process.pid, process.session)
                or key in self._known
                or _started_before(process, announced.get(process.pid))
                or self._is_marked(process)
            ):
                inside.add(process.pid)
        children: dict[int, list[int]] = {}
        for process in everybody.values():
            children.setdefault(process.parent, []).append(process.pid)
        todo = list(inside)
        while todo:
            for pid in children.get(todo.pop(), ()):
                if pid not in inside and pid not in self._outside:
                    inside.add(pid)
                    todo.append(pid)
        found = [everybody[pid] for pid in inside]
        self._known = {(p.pid, p.start) for p in found}
        self._strangers &= seen
        return [p for p in found if p.state not in "ZX"]

    def freeze(self, patience_s: float = 1.0) -> bool:
        """Stop every member, also those that were being started meanwhile.  False: some went on running."""
        deadline = time.monotonic() + patience_s
        quiet = 0
        self._send_to_group(signal.SIGSTOP)
        while True:
            running = [p for p in self.members() if not _all_threads_stopped(p)]
            for process in running:
                send(process.pid, signal.SIGSTOP)
            quiet = 0 if running else quiet + 1
            if quiet >= 2:  # a child may have been born between the list and the signal
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_BETWEEN_SWEEPS_S)

    def thaw(self) -> None:
        for process in self.members():
            send(process.pid, signal.SIGCONT)

    def kill(self, patience_s: float = 3.0) -> list[int]:
        """Kill every member; stopped first, so that they cannot start new ones faster than they are killed.

        The resource trackers of multiprocessing come last: left alone for a moment, they remove the
        semaphores and shared memory that the others left behind.  Returns the pids that were killed.
        """
        deadline = time.monotonic() + patience_s
        trackers_until = time.monotonic() + _TRACKER_PATIENCE_S
        killed: set[int] = set()
        self._send_to_group(signal.SIGSTOP)
        while members := self.members():
            trackers = {p.pid for p in members if is_tracker(p)}
            victims = [p for p in members if p.pid not in trackers]
            if not victims and time.monotonic() > trackers_until:
                victims = members
            for number in (signal.SIGSTOP, signal.SIGKILL):
                for process in victims:
                    send(process.pid, number)
            if not victims:
                for pid in trackers:
                    send(pid, signal.SIGCONT)
            killed.update(p.pid for p in victims)
            if time.monotonic() > deadline:
                break
            time.sleep(_PAUSE_BETWEEN_SWEEPS_S)
        return sorted(killed)

    def _send_to_group(self, number: int) -> None:
        """To most of the family with one call: looking for hundreds of busy processes takes seconds."""
        leader = read_process(self._main)
        if leader is not None and leader.session == self._main:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._main, number)

    def _announced(self) -> dict[int, int]:
        """pid -> when it opened its ring, from the names of the rings."""
        rings: dict[int, int] = {}
        with suppress(OSError):
            for name in os.listdir(self._directory):
                pid, _, t_ns = name.partition(".")[0].partition("-")
                if pid.isdecimal() and t_ns.isdecimal():
                    rings[int(pid)] = max(rings.get(int(pid), 0), int(t_ns))
        return rings

    def _is_marked(self, process: Process) -> bool:
        key = (process.pid, process.start)
        if key in self._strangers:
            return False
        try:
            with open(f"/proc/{process.pid}/environ", "rb", buffering=0) as file:
                environment = file.readall() or b""
        except OSError:
            environment = b""
        if self._marker in environment.split(b"\0"):
            return True
        self._strangers.add(key)
        return False


def _started_before(process: Process, t_ns: int | None) -> bool:
    """Is this still the process that opened a ring at `t_ns`, and not a later one with the same pid?"""
    if t_ns is None:
        return False
    slept_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    return process.start * 1_000_000_000 // _TICKS_PER_S <= t_ns + slept_ns


def _all_threads_stopped(process: Process) -> bool:
    if process.state not in _STOPPED:
        return False
    try:
        threads = os.listdir(f"/proc/{process.pid}/task")
        for thread in threads:
            with open(f"/proc/{process.pid}/task/{thread}/stat", "rb", buffering=0) as file:
                if chr(file.read().rpartition(b")")[2].split()[0][0]) not in _STOPPED:
                    return False
    except OSError:
        return True  # it ended
    return True


def is_tracker(process: Process) -> bool:
    try:
        with open(f"/proc/{process.pid}/cmdline", "rb", buffering=0) as file:
            return b"multiprocessing.resource_tracker" in (file.readall() or b"")
    except OSError:
        return False


def send(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True

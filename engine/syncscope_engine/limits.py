"""Keeps a runaway program from taking the machine with it."""

import os
from contextlib import suppress
from time import perf_counter_ns

from .family import Family, Process

MOST_PROCESSES = 256
_LEAST_AVAILABLE = 0.04  # of the machine's memory
_EVERY_NS = 1_000_000_000
_SHARE = 400  # a look at every process of the machine: at most a 400th of the time
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Limits:
    def __init__(self) -> None:
        self._next_ns = 0
        self._population = 0  # of the machine, when the family was looked at

    def exceeded(self, family: Family, n_observed: int) -> str | None:
        """Why the program has to be killed, or None.  `n_observed`: its processes, as far as they announced
        themselves."""
        now_ns = perf_counter_ns()
        population = _population()
        crowded = population > self._population + MOST_PROCESSES or n_observed > MOST_PROCESSES
        if now_ns < self._next_ns and not crowded:
            return None
        members = family.members()
        done_ns = perf_counter_ns()
        self._population = population
        self._next_ns = done_ns + max(_EVERY_NS, _SHARE * (done_ns - now_ns))
        return _excess(members)


def offer_to_oom_killer(pid: int) -> None:
    """If memory does run out, the kernel takes the program (and what it starts) rather than the observer."""
    with suppress(OSError), open(f"/proc/{pid}/oom_score_adj", "w") as file:
        file.write("500")


def _excess(members: list[Process]) -> str | None:
    if len(members) > MOST_PROCESSES:
        return f"The program was killed: it had started more than {MOST_PROCESSES} processes."
    available, total = _memory()
    if total and available < total * _LEAST_AVAILABLE:
        used = sum(_resident(process.pid) for process in members)
        if used > total // 2:
            return f"The program was killed: it used {used >> 20} MB, nearly all the memory of this machine."
    return None


def _population() -> int:
    """Threads of the whole machine, from one small file: has a look at every process become worth its time?"""
    with suppress(OSError, ValueError, IndexError), open("/proc/loadavg", "rb", buffering=0) as file:
        return int(file.read().split()[3].partition(b"/")[2])
    return 0


def _memory() -> tuple[int, int]:
    """Available and total memory in bytes; zeros if that cannot be known."""
    found = {}
    with suppress(OSError, ValueError), open("/proc/meminfo", "rb") as file:
        for line in file:
            name, _, value = line.partition(b":")
            if name in (b"MemTotal", b"MemAvailable"):
                found[name] = int(value.split()[0]) * 1024
    return found.get(b"MemAvailable", 0), found.get(b"MemTotal", 0) if b"MemAvailable" in found else 0


def _resident(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/statm", "rb") as file:
        _, resident, shared = file.read().split()[:3]
        return (int(resident) - int(shared)) * _PAGE
    return 0

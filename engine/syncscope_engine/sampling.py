"""What the operating system says: load of the cores, where and how much our threads run, who holds the GIL.

All of it is *sampled*: true at one instant, or an average since the previous sample.
"""

import os
from dataclasses import dataclass
from itertools import islice

import psutil

from .gil import GilReader
from .recording import Recording, Sample, ThreadSample
from .session import Session
from .tables import TaskInfo

MOST_THREADS = 256
"""So many threads are sampled at most: two or three descriptors and some 5 µs each."""
MOST_LEFT_OUT = 32
"""When there is no room for more, so many of the rest are asked for one sample whether they still live."""


class Sampler:
    def __init__(self, recording: Recording, session: Session) -> None:
        self._recording = recording
        self._gil = GilReader(session.interpreter)
        self._threads: dict[int, _Thread] = {}
        self._waiting: dict[int, TaskInfo] = {}  # not started yet, or no room for them
        self._n_seen = 0
        self._n_left_out = 0
        self._schedstat = os.path.exists("/proc/self/schedstat")
        psutil.cpu_percent(percpu=True)  # later calls count from here

    @property
    def missing(self) -> list[str]:
        """What cannot be sampled here and now, and why; one sentence each."""
        sentences = []
        if not self._schedstat:
            sentences.append("Run and wait shares of threads: this system has no /proc/PID/schedstat.")
        if self._gil.why_not:
            sentences.append(f"Holder of the GIL: {self._gil.why_not}.")
        if self._n_left_out:
            sentences.append(
                f"Threads that are not sampled: {self._n_left_out} (at most {MOST_THREADS} are)."
            )
        return sentences

    def sample(self, now_ns: int) -> Sample:
        """Take a sample and put it on the recording."""
        cores = tuple(share / 100 for share in psutil.cpu_percent(percpu=True))
        self._find_new_threads(now_ns)
        holders: dict[int, int] = {}
        threads = []
        for task, thread in list(self._threads.items()):
            if thread.pid not in holders:
                holders[thread.pid] = self._gil.holder(thread.pid, now_ns)
            found = thread.sample(now_ns, holders[thread.pid], self._gil)
            if found is None:
                thread.close()
                del self._threads[task]
            else:
                threads.append(found)
        living = {thread.pid for thread in self._threads.values()}
        for pid in holders.keys() - living:
            self._gil.forget(pid)
        result = Sample(now_ns, cores, tuple(threads))
        self._recording.samples.append(result)
        return result

    def close(self) -> None:
        for thread in self._threads.values():
            thread.close()
        self._threads.clear()
        self._gil.close()

    def _find_new_threads(self, now_ns: int) -> None:
        tasks = self._recording.tables.tasks
        if len(tasks) > self._n_seen:
            for info in list(tasks.values())[self._n_seen :]:
                if info.kind == "thread":
                    self._waiting[info.id] = info
            self._n_seen = len(tasks)
        n = MOST_LEFT_OUT if len(self._threads) >= MOST_THREADS else None
        for task, info in list(islice(self._waiting.items(), n)):
            process = tasks.get(info.process)
            if not info.native or process is None or not process.pid:
                self._waiting[task] = self._waiting.pop(task)  # at the end of the queue
                continue
            if len(self._threads) >= MOST_THREADS:
                del self._waiting[task]
                if os.path.exists(f"/proc/{process.pid}/task/{info.native}"):
                    self._waiting[task] = info
                continue
            del self._waiting[task]
            thread = _Thread(task, process.pid, info.native)
            if thread.open(now_ns):
                self._threads[task] = thread
        self._n_left_out = len(self._waiting) if len(self._threads) >= MOST_THREADS else 0


@dataclass(slots=True)
class _Thread:
    task: int
    pid: int
    native: int
    stat: int = -1  # descriptors; -1 = none
    schedstat: int = -1
    syscall: int = -1
    t_ns: int = 0
    ran_ns: int = 0
    waited_ns: int = 0

    def open(self, now_ns: int) -> bool:
        folder = f"/proc/{self.pid}/task/{self.native}/"
        try:
            self.stat = os.open(folder + "stat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False  # ended already, or no descriptor left
        self.schedstat = _open(folder + "schedstat")
        self.syscall = _open(folder + "syscall")
        self.t_ns = now_ns
        times = self._times()
        if times is not None:
            self.ran_ns, self.waited_ns = times
        return True

    def sample(self, now_ns: int, gil_holder: int, gil: GilReader) -> ThreadSample | None:
        """None: the thread has ended."""
        try:
            fields = os.pread(self.stat, 1024, 0).rpartition(b")")[2].split()
            core = int(fields[36])
        except (OSError, IndexError, ValueError):
            return None
        if fields[0] in (b"Z", b"X"):
            return None
        span_ns = now_ns - self.t_ns
        run_share = wait_share = 0.0
        times = self._times()
        if times is not None and span_ns > 0:
            run_share = min(1.0, max(0, times[0] - self.ran_ns) / span_ns)
            wait_share = min(1.0 - run_share, max(0, times[1] - self.waited_ns) / span_ns)
            self.ran_ns, self.waited_ns = times
            self.t_ns = now_ns
        if gil_holder == self.native:
            return ThreadSample(self.task, core, run_share, wait_share, "holds")
        if gil_holder and fields[0] == b"S" and gil.waits(self.pid, self._syscall()):
            return ThreadSample(self.task, core, run_share, wait_share, "waits")
        return ThreadSample(self.task, core, run_share, wait_share, "")

    def close(self) -> None:
        for descriptor in (self.stat, self.schedstat, self.syscall):
            if descriptor >= 0:
                os.close(descriptor)

    def _times(self) -> tuple[int, int] | None:
        """Time on a processor and time in its queue so far, in ns."""
        try:
            ran, waited = os.pread(self.schedstat, 64, 0).split()[:2]
            return int(ran), int(waited)
        except (OSError, ValueError):
            return None

    def _syscall(self) -> bytes:
        try:
            return os.pread(self.syscall, 256, 0)
        except OSError:
            return b""


def _open(path: str) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1

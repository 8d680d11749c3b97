"""How much of its running time each thread really spent on a processor: sampled, not observed.

A thread that runs for the probes may stand in a call that they do not see: a read from a socket, native code,
or the queue for the GIL.  The operating system's samples tell.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..recording import Sample, ThreadSample
from .spans import Spans
from .state import Run

FRESH_NS = 600_000_000
"""For so long the newest sample also stands for the time after it."""
LEAST_NS = 40_000_000
"""A sample says nothing about a thread that ran for less than this in its stretch."""


class Load(NamedTuple):
    """What a thread did while the probes saw it running.  Shares of that time, 0..1."""

    on_core: float
    in_queue: float  # ready, without a processor
    waits_for_gil: bool  # at the end of the stretch


class Activity:
    """Index of a recording's samples by task; `take` adds the new ones."""

    def __init__(self) -> None:
        self._n_taken = 0
        self._times: dict[int, list[int]] = {}  # end of each sample's stretch
        self._samples: dict[int, list[ThreadSample]] = {}
        self._loads: dict[tuple[int, int], Load | None] = {}
        self._measured = False  # without a single share above zero, the system gives none
        self._all: list[Sample] = []
        self._all_times: list[int] = []
        self._together: dict[tuple[int, int], Load | None] = {}

    def take(self, samples: Sequence[Sample]) -> None:
        for sample in samples[self._n_taken :]:
            self._all.append(sample)
            self._all_times.append(sample.t_ns)
            for thread in sample.threads:
                self._times.setdefault(thread.task, []).append(sample.t_ns)
                self._samples.setdefault(thread.task, []).append(thread)
                self._measured = self._measured or thread.run_share > 0
        self._n_taken = len(samples)

    def load(self, task: int, t_ns: int, spans: Spans) -> Load | None:
        """The load of `task` in the stretch around `t_ns`; None when no sample tells."""
        times = self._times.get(task)
        if not times or not self._measured:
            return None
        i = _index_at(times, t_ns)
        if not i:
            return None  # where its stretch begins is not known
        key = task, i
        if key not in self._loads:
            self._loads[key] = self._of(task, times[i - 1], times[i], self._samples[task][i], spans)
        return self._loads[key]

    def load_of_all(self, key: int, belongs: Callable[[int], bool], t_ns: int, spans: Spans) -> Load | None:
        """The load of all running time of several threads in the stretch around `t_ns`; `key` stands for them."""
        i = self._sample_at(t_ns)
        if i is None or not self._measured:
            return None
        if (key, i) not in self._together:
            self._together[key, i] = self._of_all(belongs, self._all[i], spans)
        return self._together[key, i]

    def threads_at(self, t_ns: int) -> list[int]:
        """Whom the sample around `t_ns` tells of."""
        i = self._sample_at(t_ns)
        return [] if i is None else [thread.task for thread in self._all[i].threads]

    def _sample_at(self, t_ns: int) -> int | None:
        return _index_at(self._all_times, t_ns)

    def _of_all(self, belongs: Callable[[int], bool], sample: Sample, spans: Spans) -> Load | None:
        running_ns = on_core_ns = in_queue_ns = 0.0
        waits_for_gil = False
        for thread in sample.threads:
            load = self.load(thread.task, sample.t_ns, spans) if belongs(thread.task) else None
            if load is None:
                continue
            times = self._times[thread.task]
            start_ns = times[bisect_left(times, sample.t_ns) - 1]
            ran_ns = _running_ns(thread.task, start_ns, sample.t_ns, spans)
            running_ns += ran_ns
            on_core_ns += ran_ns * load.on_core
            in_queue_ns += ran_ns * load.in_queue
            waits_for_gil = waits_for_gil or load.waits_for_gil
        if not running_ns:
            return None
        return Load(on_core_ns / running_ns, in_queue_ns / running_ns, waits_for_gil)

    def _of(self, task: int, start_ns: int, end_ns: int, sample: ThreadSample, spans: Spans) -> Load | None:
        running_ns = _running_ns(task, start_ns, end_ns, spans)
        if running_ns < LEAST_NS:
            return None
        scale = (end_ns - start_ns) / running_ns
        on_core = min(1.0, sample.run_share * scale)
        return Load(on_core, min(1.0 - on_core, sample.wait_share * scale), sample.gil == "waits")


def _running_ns(task: int, start_ns: int, end_ns: int, spans: Spans) -> int:
    return sum(
        span.end_ns - span.start_ns
        for span in spans.between(task, start_ns, end_ns)
        if span.run is Run.RUNNING
    )


def _index_at(times: Sequence[int], t_ns: int) -> int | None:
    """Which of the stretches that end at `times` tells of `t_ns`."""
    i = bisect_left(times, t_ns)
    if i < len(times):
        return i
    return i - 1 if times and t_ns - times[-1] <= FRESH_NS else None

"""How much of its running time each thread really spent on a processor: sampled, not observed.

A thread that runs for the probes may stand in a call that they do not see: a read from a socket, native code,
or the queue for the GIL.  The operating system's samples tell.
"""

from bisect import bisect_left
from collections.abc import Sequence
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

    def take(self, samples: Sequence[Sample]) -> None:
        for sample in samples[self._n_taken :]:
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
        i = bisect_left(times, t_ns)
        if i == len(times):
            if t_ns - times[-1] > FRESH_NS:
                return None
            i -= 1
        if not i:
            return None  # where its stretch begins is not known
        key = task, i
        if key not in self._loads:
            self._loads[key] = self._of(task, times[i - 1], times[i], self._samples[task][i], spans)
        return self._loads[key]

    def _of(self, task: int, start_ns: int, end_ns: int, sample: ThreadSample, spans: Spans) -> Load | None:
        running_ns = sum(
            span.end_ns - span.start_ns
            for span in spans.between(task, start_ns, end_ns)
            if span.run is Run.RUNNING
        )
        if running_ns < LEAST_NS:
            return None
        scale = (end_ns - start_ns) / running_ns
        on_core = min(1.0, sample.run_share * scale)
        return Load(on_core, min(1.0 - on_core, sample.wait_share * scale), sample.gil == "waits")

"""Judges a recording as if its program ran again: the same events, the same moments, the same findings."""

from collections.abc import Callable

from .analysis import CHECK_NS, Analysis
from .recording import Recording


def analyse(recording: Recording, on_progress: Callable[[float], None] | None = None) -> Analysis:
    """An analysis that has taken the whole recording.  `on_progress` gets the share that is done, 0..1.

    Detectors are asked at the times at which they would have been asked while the program ran.
    """
    analysis = Analysis(recording, live=False)
    n_events = len(recording)
    end_ns = max(recording.end_ns, _end_of_run(recording))
    n = 0
    while n < n_events:
        # from one event to the last one that is not later than a check after it: no time passes in silence
        now_ns = recording[n + 1].t_ns + CHECK_NS
        n = recording.index_at(now_ns)
        analysis.update(min(now_ns, end_ns), until=n)
        if n < n_events:
            _wait(analysis, now_ns, recording[n + 1].t_ns, n)
        if on_progress is not None:
            on_progress(n / n_events)
    if n:
        _wait(analysis, now_ns, end_ns, n)
    analysis.update(end_ns, final=True)
    return analysis


def _end_of_run(recording: Recording) -> int:
    duration_ns = recording.facts.get("duration_ns")
    return recording.tables.start_ns + duration_ns if isinstance(duration_ns, int) else 0


def _wait(analysis: Analysis, from_ns: int, to_ns: int, n: int) -> None:
    """Nothing happens for a while: detectors that asked to be asked again are."""
    while (at_ns := analysis.recheck_ns) is not None and from_ns < to_ns:
        from_ns = max(at_ns, from_ns + CHECK_NS)
        if from_ns < to_ns:
            analysis.update(from_ns, until=n)

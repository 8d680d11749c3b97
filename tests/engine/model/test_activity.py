"""How busy a running thread really was, from samples and spans."""

from syncscope_engine.model.activity import FRESH_NS, Activity, Load
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import Run
from syncscope_engine.recording import Sample, ThreadSample

MS = 1_000_000
T = 7


def sample(t_ms: int, run: float, queue: float = 0.0, gil: str = "") -> Sample:
    return Sample(t_ms * MS, (), (ThreadSample(T, 0, run, queue, gil),))  # type: ignore[arg-type]


def running_from(t_ms: int) -> Spans:
    spans = Spans()
    spans.begin(T, t_ms * MS, Run.RUNNING, None, 0)
    return spans


def test_the_share_of_a_thread_that_always_ran() -> None:
    activity, spans = Activity(), running_from(0)
    activity.take([sample(200, 1.0), sample(400, 0.25, 0.5, "waits")])
    assert activity.load(T, 300 * MS, spans) == Load(0.25, 0.5, True)


def test_a_thread_that_slept_most_of_the_time_was_busy_while_it_ran() -> None:
    activity, spans = Activity(), Spans()
    spans.begin(T, 0, Run.SLEEPING, None, 0)
    spans.begin(T, 350 * MS, Run.RUNNING, None, 0)
    activity.take([sample(200, 0.1), sample(400, 0.25)])
    assert activity.load(T, 380 * MS, spans) == Load(1.0, 0.0, False)


def test_silence_where_no_sample_tells() -> None:
    activity, spans = Activity(), running_from(0)
    samples = [sample(200, 0.5), sample(400, 0.0), sample(600, 0.5)]
    activity.take(samples[:1])
    assert activity.load(T, 100 * MS, spans) is None  # the beginning of its stretch is not known
    activity.take(samples)
    assert activity.load(8, 300 * MS, spans) is None
    assert activity.load(T, 300 * MS, spans) == Load(0.0, 0.0, False)
    assert activity.load(T, 600 * MS + FRESH_NS, spans) == Load(0.5, 0.0, False)
    assert activity.load(T, 601 * MS + FRESH_NS, spans) is None


def test_a_system_without_shares_is_not_an_idle_one() -> None:
    activity, spans = Activity(), running_from(0)
    activity.take([sample(200, 0.0), sample(400, 0.0)])
    assert activity.load(T, 300 * MS, spans) is None


def test_too_short_a_run_tells_nothing() -> None:
    activity, spans = Activity(), Spans()
    spans.begin(T, 0, Run.SLEEPING, None, 0)
    spans.begin(T, 390 * MS, Run.RUNNING, None, 0)
    activity.take([sample(200, 0.1), sample(400, 0.0)])
    assert activity.load(T, 395 * MS, spans) is None

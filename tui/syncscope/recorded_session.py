"""A recorded run in the place of a session: everything has happened already."""

from syncscope_engine.events import Event
from syncscope_engine.recording import Recording, Sample
from syncscope_engine.report import RunFacts


class RecordedSession:
    status = "ended"

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        facts = RunFacts.recorded(recording)
        self.outcome: str | None = facts.outcome
        self.exit_code = facts.exit_code
        self.now_ns = max(recording.end_ns, recording.tables.start_ns + facts.duration_ns)

    def poll(self) -> list[Event]:
        return []

    def start(self) -> None:
        """There is no program to start, nor to pause, stop or feed."""

    pause = resume = stop = mark_stuck = close_input = close = start

    def slow(self, delay_ns: int) -> None:
        """Nor to slow."""

    def send_input(self, text: str) -> None:
        """Nobody reads it any more."""


class NoSampler:
    missing: list[str] = []  # noqa: RUF012

    def sample(self, now_ns: int) -> Sample:
        raise AssertionError("a recording is not sampled again")

    def close(self) -> None:
        """Nothing is open."""

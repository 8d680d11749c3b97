"""What the screen shows: the program at one moment."""

from bisect import bisect_right
from dataclasses import dataclass, field

from syncscope_engine.detectors.base import Finding
from syncscope_engine.model.accesses import Accesses
from syncscope_engine.model.holds import Holds
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import State
from syncscope_engine.recording import Recording, Sample
from syncscope_engine.tables import Tables

from .playhead import Position


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """The program at one moment: that of the playhead.  `state` is a copy; tables, spans, holds and recording only
    grow at their ends, and know more than the moment when that is in the past."""

    state: State
    tables: Tables
    spans: Spans
    holds: Holds
    recording: Recording
    findings: tuple[Finding, ...]
    status: str
    outcome: str | None
    exit_code: int | None
    now_ns: int  # of the playhead
    start_ns: int
    n_events: int  # that have happened by then
    dropped: int
    sampled: int
    probe_share: float  # of the time since the start, by the measured cost of one record
    sample: Sample | None
    accesses: Accesses = field(default_factory=Accesses)
    stuck: bool = False  # nobody can go on any more
    missing: tuple[str, ...] = ()  # what cannot be sampled on this machine, in sentences
    position: Position = field(default_factory=Position)  # of the playhead
    end_ns: int = 0  # the program's clock, or the end of the tape
    tape_ns: int = 0  # time of the newest event that spans and holds know

    @property
    def stands_still(self) -> bool:
        """Does time stand still on the screen?  Then it can be told to the last digit."""
        return self.status in ("paused", "ended") if self.position.live else not self.position.playing

    def samples(self, most: int) -> list[Sample]:
        """The newest samples that had been taken by then."""
        samples = self.recording.samples
        end = len(samples)
        if not self.position.live:
            end = bisect_right(samples, self.now_ns, key=lambda sample: sample.t_ns)
        return samples[max(end - most, 0) : end]

    @property
    def n_outputs(self) -> int:
        """How many pieces of output there were by then."""
        outputs = self.recording.outputs
        if self.position.live:
            return len(outputs)
        return bisect_right(outputs, self.now_ns, key=lambda output: output.t_ns)

    def __repr__(self) -> str:
        """Short: a traceback with all of a program in it would take minutes."""
        return f"<Snapshot after event {self.n_events}, {self.status}>"

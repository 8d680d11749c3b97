"""The tape: what happened, in order, append-only, on disk as it grows.

Tracks on one clock: events, the program's output, samples of the operating system's view, and the tables
that give the events' ids a meaning; beside them the program's source texts and the facts of the run.  Events
are the many: of them only the newest are held in memory.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from .events import Event
from .tables import Tables
from .tape.blocks import BlockFile, OpenedFile, RecordingError
from .tape.event_log import TAG as EVENTS
from .tape.event_log import EventLog
from .tape.samples import Output, Sample, ThreadSample
from .tape.tracks import FACTS, Facts, TrackReader, TrackWriter

__all__ = ["Facts", "Output", "Recording", "RecordingError", "Sample", "ThreadSample"]


class Recording:
    def __init__(self, path: Path | None = None) -> None:
        """`path`: the file to record into; None: one without a name, that `save` copies.  Raises OSError."""
        self._begin(BlockFile(path))

    def _begin(self, file: BlockFile) -> None:
        self._file = file
        self._log = EventLog(file)
        self._tracks = TrackWriter()
        self.tables = Tables()
        self.outputs: list[Output] = []
        self.samples: list[Sample] = []
        self.sources: dict[str, str] = {}  # file -> text, of the program's own files
        self.facts: Facts = {}
        self.dropped = 0  # records overwritten before they were read
        self.sampled = 0  # operations that were counted but, by budget, not recorded
        self.damage = ""  # of a file that was opened: what could not be read of it, in one sentence

    @classmethod
    def open(cls, path: Path) -> "Recording":
        """A recording made before, as far as it is good; see `damage`.  Raises RecordingError."""
        try:
            file = OpenedFile(path)
        except OSError as error:
            raise RecordingError(f"{path} cannot be opened: {error.strerror or error}.") from error
        recording = cls.__new__(cls)
        recording._begin(file)
        recording._read(file, path)
        return recording

    def _read(self, file: OpenedFile, path: Path) -> None:
        reader = TrackReader(self.tables, self.outputs, self.samples, self.sources, self.facts)
        for block in file.blocks():
            try:
                if block.tag == EVENTS:
                    self._log.adopt(block.offset, block.content)
                else:
                    reader.take(block.tag, block.content)
            except ValueError:
                file.refuse(block)
        if file.damaged_at is not None:
            share = 100 * file.damaged_at // max(file.size, 1)
            self.damage = f"{path} is damaged or cut off: the first {share} % of it could be read."
        elif "outcome" not in self.facts:
            self.damage = f"{path} has no end: whoever recorded it was interrupted."
        self.dropped = _count(self.facts.get("dropped"))
        self.sampled = _count(self.facts.get("sampled"))

    def __len__(self) -> int:
        return len(self._log)

    def __iter__(self) -> Iterator[Event]:
        return self._log.between(1, len(self._log))

    def __getitem__(self, n: int) -> Event:
        """The event with number `n` (from 1)."""
        return self._log[n]

    @property
    def end_ns(self) -> int:
        """Time of the newest event; the program's start when there is none."""
        return self._log.end_ns or self.tables.start_ns

    @property
    def problem(self) -> OSError | None:
        """Why the file can no longer be written; what is missing there is still in memory."""
        return self._file.problem

    def append(self, events: Iterable[Event]) -> list[Event]:
        """Number `events` (their own `n` is ignored) and put them at the end; returns them as taped.

        A time earlier than the tape's end is moved to the end: times never decrease.
        """
        taped: list[Event] = []
        n, end = len(self._log), self.end_ns
        for event in events:
            n += 1
            end = max(end, event[1])
            # a third of the time of Event._replace, and every event comes through here
            taped.append(tuple.__new__(Event, (n, end, *event[2:])))
        self._log.append(taped)
        return taped

    def after(self, n: int) -> Iterator[Event]:
        """Events with a number greater than `n` that are on the tape now, oldest first."""
        return self._log.between(n + 1, len(self._log))

    def between(self, first: int, last: int) -> Iterator[Event]:
        """Events with first <= number <= last, oldest first."""
        return self._log.between(first, min(last, len(self._log)))

    def index_at(self, t_ns: int) -> int:
        """Number of the last event at or before `t_ns`; 0 = none."""
        return self._log.index_at(t_ns)

    def flush(self) -> None:
        """Bring the file up to date: what is on it then survives whatever happens to us."""
        facts: Facts = {**self.facts, "dropped": self.dropped, "sampled": self.sampled}
        for tag, content in self._tracks.blocks(self.tables, self.outputs, self.samples, self.sources, facts):
            self._file.append(tag, content)
        self._log.flush()

    def save(self, path: Path) -> None:
        """Write all of it to `path`, or nothing.  Raises RecordingError."""
        more = []
        if isinstance(self._file, OpenedFile):
            more = [(FACTS, json.dumps(self.facts).encode())]  # nothing else of it may have changed
        else:
            self.flush()
        try:
            self._file.save(path, more)
        except OSError as error:
            raise RecordingError(f"{path} cannot be written: {error.strerror or error}.") from error

    def close(self) -> None:
        """Let go of the file.  What is in memory can still be read."""
        self._file.close()


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0

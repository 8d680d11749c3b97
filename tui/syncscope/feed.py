"""From the running program to the screen: one thread owns the session, and hands over frozen snapshots.

    session.poll → analysis.update → sample → Snapshot → one message

The thread polls faster than the screen draws, so that the rings stay short; the screen gets at most `fps`
messages in a second, and none when nothing has changed.  Commands go the other way through a queue; the
session is touched by no other thread.
"""

import queue
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from textual.message import Message

from syncscope_engine.detectors.base import Finding
from syncscope_engine.detectors.stillness import everyone_is_stuck
from syncscope_engine.events import Event
from syncscope_engine.model.accesses import Accesses
from syncscope_engine.model.holds import Holds
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import State
from syncscope_engine.recording import Recording, Sample
from syncscope_engine.tables import Tables

POLL_S = 0.05
SAMPLE_NS = 200_000_000
OF_STUCK_PROGRAMS = frozenset(
    {"deadlock", "lost_wakeup"}
)  # findings without which no program is called stuck


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """The program at one moment.  `state` is a copy; tables, spans, holds and recording only grow at their ends."""

    state: State
    tables: Tables
    spans: Spans
    holds: Holds
    recording: Recording
    findings: tuple[Finding, ...]
    status: str
    outcome: str | None
    exit_code: int | None
    now_ns: int
    start_ns: int
    n_events: int
    dropped: int
    sampled: int
    probe_share: float  # of the time since the start, by the measured cost of one record
    sample: Sample | None
    accesses: Accesses = field(default_factory=Accesses)
    stuck: bool = False  # nobody can go on any more
    missing: tuple[str, ...] = ()  # what cannot be sampled on this machine, in sentences

    def __repr__(self) -> str:
        """Short: a traceback with all of a program in it would take minutes."""
        return f"<Snapshot after event {self.n_events}, {self.status}>"


class ProgramSession(Protocol):
    """What the feed asks of a session."""

    recording: Recording

    @property
    def status(self) -> str: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def exit_code(self) -> int | None: ...
    @property
    def now_ns(self) -> int: ...
    def start(self) -> None: ...
    def poll(self) -> list[Event]: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def stop(self) -> None: ...
    def mark_stuck(self) -> None: ...
    def send_input(self, text: str) -> None: ...
    def close_input(self) -> None: ...
    def close(self) -> None: ...


class Judge(Protocol):
    """What the feed asks of an analysis."""

    findings: list[Finding]

    @property
    def state(self) -> State: ...
    @property
    def spans(self) -> Spans: ...
    @property
    def holds(self) -> Holds: ...
    @property
    def accesses(self) -> Accesses: ...
    def update(self, now_ns: int, final: bool = False) -> list[Finding]: ...
    def snapshot(self) -> State: ...


class CoreSampler(Protocol):
    """What the feed asks of a sampler: it puts its samples on the recording."""

    @property
    def missing(self) -> list[str]: ...
    def sample(self, now_ns: int) -> Sample: ...
    def close(self) -> None: ...


class Feed:
    @dataclass
    class Updated(Message):
        """Something has changed; a newer snapshot makes an older one that still waits superfluous."""

        feed: "Feed"
        snapshot: Snapshot

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Feed.Updated) and message.feed is self.feed

    @dataclass
    class Failed(Message):
        """The observer itself has failed; the program was stopped."""

        feed: "Feed"
        error: str
        trace: str

    def __init__(
        self,
        session: ProgramSession,
        analysis: Judge,
        sampler: CoreSampler,
        post: Callable[[Message], object],
        fps: float = 10.0,
    ) -> None:
        self._session = session
        self._analysis = analysis
        self._sampler = sampler
        self._post = post
        self._frame_s = 1 / fps
        self._commands: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="syncscope-feed", daemon=True)
        self._next_frame = 0.0
        self._next_sample_ns = 0
        self._shown: tuple[Any, ...] = ()
        self._stuck = False

    def start(self) -> None:
        self._thread.start()

    def pause(self) -> None:
        self._commands.put(self._session.pause)

    def resume(self) -> None:
        self._commands.put(self._session.resume)

    def stop(self) -> None:
        self._commands.put(self._session.stop)

    def send_input(self, text: str) -> None:
        self._commands.put(lambda: self._session.send_input(text))

    def close_input(self) -> None:
        self._commands.put(self._session.close_input)

    def close(self) -> None:
        """Kill what still runs and wait for the thread.  Not for the thread of the screen: it may take a second."""
        self._commands.put(None)
        if self._thread.is_alive():
            self._thread.join()

    # the thread

    def _work(self) -> None:
        try:
            self._session.start()
            while self._turn() and self._obey():
                pass
        except Exception as error:
            trace = traceback.format_exc()
            self._post(Feed.Failed(self, f"{type(error).__name__}: {error}", trace))
        finally:
            self._session.close()
            self._sampler.close()

    def _turn(self) -> bool:
        """One look at the program; False when it was the last one."""
        session = self._session
        session.poll()
        ended = session.status == "ended"
        now_ns = session.now_ns
        self._analysis.update(now_ns, final=ended)
        if session.status == "running":
            self._stuck = self._is_stuck()
        if session.status == "running" and now_ns >= self._next_sample_ns:
            self._next_sample_ns = now_ns + SAMPLE_NS
            self._sampler.sample(now_ns)
        self._show(now_ns, at_once=ended)
        return not ended

    def _obey(self) -> bool:
        """Wait for the next turn, doing what the screen asks for; False when it has no use for us any more."""
        turn_at = time.monotonic() + min(POLL_S, self._frame_s)
        while (left := turn_at - time.monotonic()) > 0:
            try:
                command = self._commands.get(timeout=left)
            except queue.Empty:
                break
            if command is None:
                return False
            command()
        return True

    def _show(self, now_ns: int, at_once: bool) -> None:
        moment = time.monotonic()
        if moment < self._next_frame and not at_once:
            return
        session, recording = self._session, self._session.recording
        changed = (
            now_ns, len(recording), len(recording.outputs), len(recording.samples), self._stuck,
            tuple(self._analysis.findings), session.status, session.outcome,
        )  # fmt: skip
        if changed == self._shown:
            return
        self._shown = changed
        # a frame that is a little late does not delay the next one
        late = moment - self._next_frame
        self._next_frame = moment + self._frame_s - (late if late < self._frame_s else 0)
        self._post(Feed.Updated(self, self._snapshot(now_ns)))

    def _is_stuck(self) -> bool:
        """Whether the whole program stands still for good; then a stop is no murder, and the outcome says so."""
        if not any(finding.kind in OF_STUCK_PROGRAMS for finding in self._analysis.findings):
            return False
        if not everyone_is_stuck(self._analysis.state, self._session.recording.tables):
            return False
        self._session.mark_stuck()
        return True

    def _snapshot(self, now_ns: int) -> Snapshot:
        session, recording, tables = self._session, self._session.recording, self._session.recording.tables
        elapsed_ns = now_ns - tables.start_ns
        return Snapshot(
            state=self._analysis.snapshot(),
            tables=tables,
            spans=self._analysis.spans,
            holds=self._analysis.holds,
            accesses=self._analysis.accesses,
            recording=recording,
            findings=tuple(self._analysis.findings),
            status=session.status,
            outcome=session.outcome,
            exit_code=session.exit_code,
            now_ns=now_ns,
            start_ns=tables.start_ns,
            n_events=len(recording),
            dropped=recording.dropped,
            sampled=recording.sampled,
            probe_share=tables.cost_ns * len(recording) / elapsed_ns if elapsed_ns > 0 else 0.0,
            sample=recording.samples[-1] if recording.samples else None,
            stuck=self._stuck,
            missing=tuple(self._sampler.missing),
        )

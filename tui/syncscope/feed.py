"""From the running program to the screen: one thread owns the session, and hands over frozen snapshots.

    session.poll → analysis.update → sample → Snapshot → one message

The thread polls faster than the screen draws, so that the rings stay short; the screen gets at most `fps`
messages in a second, and none when nothing has changed.  Commands go the other way through a queue; the
session is touched by no other thread.
"""

import queue
import sys
import threading
import time
import traceback
from bisect import bisect_right
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from textual.message import Message

from syncscope_engine.detectors.stillness import everyone_is_stuck

from .fed_by import CoreSampler, Judge, ProgramSession
from .playhead import Playhead
from .snapshot import Snapshot

__all__ = ["Feed", "Snapshot"]

Answer = TypeVar("Answer")
POLL_S = 0.05
PORTION = 4000
"""Events that are taken in before the screen is told: a tenth of a second."""
MOST_BEHIND = 40_000
SWITCH_S = 0.001
"""So long the screen waits for this thread at most, while a flood of events is taken in; Python's own is 5 ms."""
SAMPLE_NS = 200_000_000
OF_STUCK_PROGRAMS = frozenset(
    {"deadlock", "lost_wakeup"}
)  # findings without which no program is called stuck


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
        live: bool = True,
    ) -> None:
        """`live`: judge what comes, and show the end of the tape.  Otherwise all is judged, and is played."""
        self._session = session
        self._analysis = analysis
        self._sampler = sampler
        self._post = post
        self._frame_s = 1 / fps
        self._commands: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="syncscope-feed", daemon=True)
        self._next_frame = 0.0
        self._next_sample_ns = 0
        self._shown: tuple[Any, ...] = ()
        self._stuck = False
        self._n_behind = 0  # events on the tape that are not judged yet
        self._live = live
        self._playhead = Playhead(session.recording)
        if not live:
            self._playhead.seek(0)
            self._playhead.play()
        self._past = analysis.past()
        self._clock: Callable[[], float] = time.monotonic
        self._ticked = self._clock()

    def start(self) -> None:
        sys.setswitchinterval(SWITCH_S)
        self._thread.start()

    def pause(self) -> None:
        self._commands.put(self._session.pause)

    def resume(self) -> None:
        self._commands.put(self._session.resume)

    def slow(self, delay_ns: int) -> None:
        """Hold every thread of the program up so long at each operation; 0: no longer."""
        self._commands.put(lambda: self._session.slow(delay_ns))

    def stop(self) -> None:
        self._commands.put(self._session.stop)

    def send_input(self, text: str) -> None:
        self._commands.put(lambda: self._session.send_input(text))

    def close_input(self) -> None:
        self._commands.put(self._session.close_input)

    def look(self, act: Callable[[Playhead], object]) -> None:
        """Move the playhead: `act` is called in the feed's thread."""
        self._commands.put(lambda: act(self._playhead))

    def go_by(self, clock: Callable[[], float]) -> None:
        """The viewer's time is what `clock` says, in seconds: that of a film, for instance."""

        def change() -> None:
            self._clock, self._ticked = clock, clock()

        self._commands.put(change)

    def ask(self, act: Callable[[], Answer]) -> "Future[Answer]":
        """What `act` returns or raises; it is called in the feed's thread, which is the one that writes the tape."""
        answer: Future[Answer] = Future()

        def do() -> None:
            try:
                answer.set_result(act())
            except Exception as error:
                answer.set_exception(error)

        self._commands.put(do)
        return answer

    def close(self) -> None:
        """Kill what still runs and wait for the thread.  Not for the thread of the screen: it may take a second."""
        self._commands.put(None)
        if self._thread.is_alive():
            self._thread.join()

    # the thread

    def _work(self) -> None:
        try:
            if self._follow():
                self._look_back()
        except Exception as error:
            trace = traceback.format_exc()
            self._post(Feed.Failed(self, f"{type(error).__name__}: {error}", trace))

    def _follow(self) -> bool:
        """From the program's start to its end; False when nobody wants to see more."""
        try:
            self._session.start()
            while self._turn():
                if not self._obey(0 if self._n_behind else min(POLL_S, self._frame_s)):
                    return False
            return True
        finally:
            self._session.close()
            self._sampler.close()

    def _turn(self) -> bool:
        """One look at the program; False when it was the last one."""
        session = self._session
        if self._n_behind < MOST_BEHIND:
            session.poll()  # otherwise the rings overflow, and what is lost is counted
        ended = session.status == "ended"
        now_ns = self._judge(session.now_ns, ended) if self._live else session.now_ns
        ended = ended and not self._n_behind
        if session.status == "running" and not self._n_behind:
            self._stuck = self._is_stuck()
        if session.status == "running" and now_ns >= self._next_sample_ns:
            self._next_sample_ns = now_ns + SAMPLE_NS
            self._sampler.sample(now_ns)
        self._tick(now_ns)
        self._show(now_ns, at_once=ended)
        return not ended

    def _judge(self, now_ns: int, ended: bool) -> int:
        """Take in what is new, a portion of it when it is much; returns the moment that this has come to."""
        recording, n = self._session.recording, self._analysis.state.n
        until = min(len(recording), n + PORTION)
        self._n_behind = len(recording) - until
        if self._n_behind:
            now_ns = min(recording[until].t_ns, now_ns)
        self._analysis.update(now_ns, final=ended and not self._n_behind, until=until)
        return now_ns

    def _look_back(self) -> None:
        """The program has ended; its past can be looked at as long as somebody wants to."""
        now_ns = self._session.now_ns
        idle = not self._playhead.position.playing
        while self._obey(None if idle else min(POLL_S, self._frame_s)):
            self._tick(now_ns)
            idle = self._show(now_ns, at_once=False) and not self._playhead.position.playing

    def _tick(self, now_ns: int) -> None:
        moment = self._clock()
        elapsed_ns, self._ticked = round((moment - self._ticked) * 1e9), moment
        self._playhead.tick(elapsed_ns, now_ns)

    def _obey(self, patience_s: float | None) -> bool:
        """Wait until the screen asks for something, or so long, and do all it asks for; False when it has no
        use for us any more."""
        try:
            command = self._commands.get(timeout=patience_s)
            while command is not None:
                command()
                command = self._commands.get_nowait()
        except queue.Empty:
            return True
        return False

    def _show(self, now_ns: int, at_once: bool) -> bool:
        """False when it is too early for another frame."""
        moment = time.monotonic()
        if moment < self._next_frame and not at_once:
            return False
        session, recording = self._session, self._session.recording
        changed = (
            now_ns, len(recording), len(recording.outputs), len(recording.samples), self._stuck,
            tuple(self._analysis.findings), session.status, session.outcome, self._playhead.position,
        )  # fmt: skip
        if changed == self._shown:
            return True
        self._shown = changed
        # a frame that is a little late does not delay the next one
        late = moment - self._next_frame
        self._next_frame = moment + self._frame_s - (late if late < self._frame_s else 0)
        self._post(Feed.Updated(self, self._snapshot(now_ns)))
        return True

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
        position = self._playhead.position
        samples = recording.samples
        n_samples = len(samples)
        n_written = len(recording) + recording.dropped
        if not position.live:
            n_samples = bisect_right(samples, position.t_ns, key=lambda sample: sample.t_ns)
        return Snapshot(
            state=self._analysis.snapshot() if position.live else self._past.at(position.n),
            tables=tables,
            spans=self._analysis.spans,
            holds=self._analysis.holds,
            accesses=self._analysis.accesses,
            recording=recording,
            findings=tuple(self._analysis.findings),
            status=session.status,
            outcome=session.outcome,
            exit_code=session.exit_code,
            now_ns=now_ns if position.live else position.t_ns,
            start_ns=tables.start_ns,
            n_events=len(recording) if position.live else position.n,
            dropped=recording.dropped,
            sampled=recording.sampled,
            probe_share=min(1.0, tables.cost_ns * n_written / elapsed_ns) if elapsed_ns > 0 else 0.0,
            sample=samples[n_samples - 1] if n_samples else None,
            stuck=self._stuck,
            missing=tuple(self._sampler.missing),
            position=position,
            end_ns=now_ns,
            tape_ns=self._analysis.state.t_ns,
        )

"""What the run screen shows: a program that runs now, or a run that was recorded."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from textual.message import Message

from syncscope_engine.analysis import Analysis
from syncscope_engine.recording import Recording
from syncscope_engine.replay import analyse
from syncscope_engine.sampling import Sampler
from syncscope_engine.session import Options, Session, Target

from ..feed import Feed
from ..recorded_session import NoSampler, RecordedSession

Post = Callable[[Message], object]


class Shown(Protocol):
    """One run on the screen, with the feed that drives it."""

    feed: Feed
    paused: bool
    stopping: bool
    live: bool  # a program, that can be paused and stopped

    @property
    def recording(self) -> Recording: ...
    def toggle_pause(self) -> None: ...
    def slow_next(self) -> None: ...
    def stop(self) -> None: ...


DELAYS_MS = (0, 10, 50, 200, 1000)
"""So long the program is held up at each operation; one key goes through them, and round."""


class Running:
    """One run of one program: its session, its judge and its sampler."""

    live = True

    def __init__(self, target: Target, options: Options, post: Post, fps: float, number: int = 1) -> None:
        """`number`: of the run on this screen; each is recorded into a file of its own.  Raises `UsageError`."""
        if options.record is not None and number > 1:
            options = replace(options, record=options.record.with_stem(f"{options.record.stem}-{number}"))
        self.session = Session(target, options)
        recording = self.session.recording
        self.feed = Feed(self.session, Analysis(recording), Sampler(recording, self.session), post, fps)
        self.paused = self.stopping = False
        self._delay_ms = options.slow_ns / 1e6

    @property
    def recording(self) -> Recording:
        return self.session.recording

    def toggle_pause(self) -> None:
        self.paused = not self.paused
        if self.paused:
            self.feed.pause()
        else:
            self.feed.resume()

    def slow_next(self) -> None:
        self._delay_ms = next((delay for delay in DELAYS_MS if delay > self._delay_ms), 0)
        self.feed.slow(round(self._delay_ms * 1e6))

    def stop(self) -> None:
        self.stopping = True
        self.feed.stop()


class Recorded:
    """A run that was recorded, played from its beginning."""

    live = False

    def __init__(
        self, path: Path, post: Post, fps: float, on_progress: Callable[[float], None] | None = None
    ) -> None:
        """Reads and judges all of it, which may take a while.  Raises RecordingError."""
        self.recording = Recording.open(path)
        analysis = analyse(self.recording, on_progress)
        self.feed = Feed(RecordedSession(self.recording), analysis, NoSampler(), post, fps, live=False)
        self.paused = self.stopping = False

    def toggle_pause(self) -> None:
        """There is no program that could be paused."""

    def slow_next(self) -> None:
        """Nor slowed."""

    def stop(self) -> None:
        """Nor stopped."""

"""One run of one program: its session, its judge and its sampler, with the feed that drives them."""

from collections.abc import Callable

from textual.message import Message

from syncscope_engine.analysis import Analysis
from syncscope_engine.sampling import Sampler
from syncscope_engine.session import Options, Session, Target

from ..feed import Feed


class Running:
    def __init__(
        self, target: Target, options: Options, post: Callable[[Message], object], fps: float
    ) -> None:
        """Raises `UsageError` when there is no such program."""
        self.session = Session(target, options)
        recording = self.session.recording
        self.feed = Feed(self.session, Analysis(recording), Sampler(recording, self.session), post, fps)
        self.paused = self.stopping = False

    def toggle_pause(self) -> None:
        self.paused = not self.paused
        if self.paused:
            self.feed.pause()
        else:
            self.feed.resume()

    def stop(self) -> None:
        self.stopping = True
        self.feed.stop()

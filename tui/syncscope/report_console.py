"""Rich's console for reports on standard output."""

from rich.console import Console

from .closed_pipe import mute


class ReportConsole(Console):
    """The exit status tells what was found, not that the reader has left."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        mute(self.file)

"""Makes a recording complete: the facts of the run, the program's sources, a file that is never far behind."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .recording import Recording

if TYPE_CHECKING:
    from .session import Session

KEEP_NS = 1_000_000_000
_LARGEST = 1 << 20
_MOST = 200


class Archivist:
    def __init__(self, recording: Recording, on_file: bool) -> None:
        """`on_file`: the recording grows in a file of the user's; otherwise it is written when it is saved."""
        self.problem = ""  # why the file is behind, in one sentence
        self._recording = recording
        self._on_file = on_file
        self._next_ns = 0
        recording.facts["recorded"] = time.strftime("%Y-%m-%dT%H:%M:%S%z")

    def keep(self, now_ns: int, at_once: bool = False) -> bool:
        """Bring the file up to date, once a second.  False when it has just turned out not to be possible."""
        if not self._on_file or (now_ns < self._next_ns and not at_once):
            return True
        self._next_ns = now_ns + KEEP_NS
        self._recording.flush()
        error = self._recording.problem
        if error is None or self.problem:
            return True
        self.problem = f"The recording can no longer be written ({error.strerror}); the rest is in memory: save it elsewhere."
        return False

    def conclude(self, session: "Session") -> None:
        """The program has ended: say how, and take its source texts in."""
        recording = self._recording
        recording.facts.update(
            target=session.target.label,
            outcome=session.outcome,
            exit_code=session.exit_code,
            duration_ns=session.now_ns - recording.tables.start_ns,
            gil=session.interpreter.gil,
        )
        recording.sources.update(_sources(recording, os.path.dirname(os.__file__)))


def _sources(recording: Recording, library: str) -> dict[str, str]:
    """Texts of the files that the program was seen in, installed packages left out."""
    found: dict[str, str] = {}
    for place in recording.tables.places.values():
        file = place.file
        if file in found or file.startswith((library, "<")) or "site-packages" in file or len(found) >= _MOST:
            continue
        try:
            path = Path(file)
            if path.stat().st_size <= _LARGEST:
                found[file] = path.read_text("utf-8", "replace")
        except (OSError, ValueError):
            continue
    return found

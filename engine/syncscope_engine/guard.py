"""Our end of the watchdog: see `watchdog`."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from .watchdog import DONE

_PROGRAM = "import sys; sys.path.append(sys.argv[1]); from syncscope_engine.watchdog import main; main()"


class Guard:
    """Cleans up after this process, also after a SIGKILL.  Lives in its own session, out of reach of Ctrl+C."""

    def __init__(self, directory: str) -> None:
        engine = str(Path(__file__).resolve().parent.parent)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PROGRAM, engine, directory],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        self.pid = self._process.pid

    def watch(self, main: int) -> None:
        """`main` is the program's first process."""
        self._tell(b"%d\n" % main)

    def dismiss(self) -> None:
        """Everything is cleaned up already."""
        if self._process.returncode is not None:
            return
        self._tell(DONE + b"\n")
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tell(self, message: bytes) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(message)
            self._process.stdin.flush()

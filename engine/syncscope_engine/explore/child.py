"""One child that explores: its process, the lines that it tells, and how it came to its end."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..interpreter import Interpreter, UsageError
from ..wire import ENV_SESSION

_WORKER = Path(__file__).resolve().parent.parent / "control" / "worker.py"
_LINE = re.compile(r'^  File "(?P<file>[^"\n]*)", line (?P<line>\d+)', re.MULTILINE)
_CHUNK = 1 << 16


class Child:
    def __init__(
        self,
        interpreter: Interpreter,
        request: dict[str, object],
        cwd: Path | None,
        directory: str,
        number: int,
    ) -> None:
        self.last: dict[str, Any] = {}
        """The last counts that it told."""
        self.end: dict[str, Any] | None = None
        self.parts: list[dict[str, Any]] = []
        """The counts of the parts that it has searched."""
        self.ready = False
        self.waits = False
        """It was asked for nothing: it has nothing to tell."""
        self.said: list[dict[str, Any]] = []
        self.heard_at = 0.0
        self.silenced = False
        """We gave it up."""
        self._rest = b""
        self._errors = Path(directory) / f"errors-{number}"
        self.pipe, write_end = os.pipe()
        try:
            with self._errors.open("wb") as errors:
                self._process = subprocess.Popen(
                    [interpreter.executable, str(_WORKER)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    pass_fds=(write_end,),
                    cwd=cwd,
                    env={**os.environ, "PYTHONHASHSEED": "0", ENV_SESSION: directory},
                    start_new_session=True,
                )
        except OSError as error:
            os.close(self.pipe)
            raise UsageError(f"{interpreter.executable} cannot be run: {error.strerror}.") from None
        finally:
            os.close(write_end)
        self.pid = self._process.pid
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps({**request, "descriptor": write_end}).encode() + b"\n")
            self._process.stdin.flush()
        if request["mode"] != "parts":
            self.ask_no_more()

    def read(self) -> Iterator[dict[str, Any]]:
        """The lines that have come; closes the pipe at its end."""
        piece = os.read(self.pipe, _CHUNK)
        if not piece:
            os.close(self.pipe)
            self.pipe = -1
            return
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            said = json.loads(line)
            if said["kind"] in ("progress", "end"):
                self.last = said
            if said["kind"] == "end":
                self.end = said
            if said["kind"] == "part":
                self.parts.append(said)
            if said["kind"] in ("ready", "part"):
                self.ready = self.waits = True
            if said["kind"] != "part":
                self.said.append(said)
            yield said

    def ask(self, what: dict[str, object]) -> None:
        assert self._process.stdin is not None
        self.waits = False
        with suppress(OSError):  # it has ended, as its pipe will tell
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()

    def ask_no_more(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()

    def has_failed(self) -> bool:
        """It found a failure, and has told all about it."""
        return self.end is not None and self.end["failures"] > 0

    def give_up(self) -> None:
        self.silenced = True
        self.stop()

    def stop(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self.ask_no_more()
        if self.pipe >= 0:
            os.close(self.pipe)
            self.pipe = -1

    def how_it_ended(self, patience_s: float) -> "Ending | None":
        """None: it came to its end by itself, and told what it had found."""
        if self.pipe >= 0 and self.ready:
            return None
        if self.end is not None or any(
            said["kind"] in ("refused", "followed", "diverged") for said in self.said
        ):
            return None
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self.stop()
            code = self._process.returncode
        errors = self._errors.read_text(errors="replace")
        place = _place(errors)
        if self.silenced or errors.startswith("Timeout ("):
            return Ending("silent", f"{patience_s:g}", place)
        if code < 0:
            return Ending("killed", signal.Signals(-code).name, place)
        if code == 0:
            return Ending("left", "0", place)
        if "Traceback (most recent call last)" in errors and "_syncscope" in errors:
            return Ending("broken", errors.strip().splitlines()[-1], place)
        return Ending("left", str(code), place)


class Ending:
    """How a child ended before it had found anything: silent, killed, left or broken."""

    def __init__(self, how: str, detail: str, place: tuple[str, int] | None) -> None:
        self.how = how
        self.detail = detail
        self.file, self.line = place or ("", 0)


def _place(errors: str) -> tuple[str, int] | None:
    """The innermost line that is neither ours nor the library's, of what faulthandler has written."""
    for match in _LINE.finditer(errors):
        file = match["file"]
        if not file.startswith((str(_WORKER.parent.parent), "<")) and "/lib/python" not in file:
            return file, int(match["line"])
    return None

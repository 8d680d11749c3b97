"""A real terminal for tests: a program in a pty, its screen kept by a terminal emulator."""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from types import TracebackType

import pyte

_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\[\?u")


class Terminal:
    """Runs `command` in a pty of `columns` x `rows`; `wait_for` reads until the screen shows a text."""

    def __init__(
        self, command: list[str], columns: int = 80, rows: int = 24, environ: dict[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.exit_status: int | None = None
        env = {k: v for k, v in os.environ.items() if k not in ("COLORTERM", "NO_COLOR", "COLUMNS", "LINES")}
        env.update({"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}, **(environ or {}))
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(command[0], command, env)
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.modes_before = termios.tcgetattr(self.fd)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def send(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def read(self, seconds: float) -> bool:
        """Feed what comes within `seconds` to the screen; False when the program's side is closed."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                return False
            raise
        self.raw += data
        if b"\x1b[6n" in data:
            os.write(self.fd, b"\x1b[1;1R")
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
        return bool(data)

    def wait_for(self, text: str, seconds: float = 20) -> None:
        """Until the screen shows `text`; fails with the screen in its message."""
        deadline = time.monotonic() + seconds
        while text not in self.text:
            if not self.read(0.05) or time.monotonic() > deadline:
                raise AssertionError(f"never saw {text!r} on the screen:\n{self.text}")

    def wait_exit(self, seconds: float = 20) -> int:
        """Exit status of the program; negative: killed by that signal."""
        deadline = time.monotonic() + seconds
        while self.exit_status is None:
            alive = self.read(0.05)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.exit_status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > deadline:
                raise AssertionError(f"still running:\n{self.text}")
            elif not alive:
                time.sleep(0.01)  # the pty is closed, the program about to be reaped
        while self.fd_is_open and self.read(0):
            if not select.select([self.fd], [], [], 0)[0]:
                break
        return self.exit_status

    @property
    def fd_is_open(self) -> bool:
        return self.fd >= 0

    def close(self) -> None:
        if self.exit_status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

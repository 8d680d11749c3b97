"""The program's standard streams: output captured without ever blocking anybody, input passed on."""

import codecs
import fcntl
import os
from collections import deque
from contextlib import suppress
from typing import Literal

from .recording import Output, Recording

KEPT_BYTES = 8 << 20
"""So much of the newest output stays in memory."""

_PIPE_SIZE = 1 << 20  # the program may run ahead of us by so much before its print() waits
_PER_POLL = 4 << 20
_PIECE = 1 << 18


class OutputPipe:
    """One output stream of the program; `write_end` is for the program."""

    def __init__(self, stream: Literal["stdout", "stderr"]) -> None:
        self.stream: Literal["stdout", "stderr"] = stream
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        with suppress(OSError):
            fcntl.fcntl(self.write_end, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def started(self) -> None:
        """The program has its end now."""
        os.close(self.write_end)
        self.write_end = -1

    def read(self) -> str:
        """What there is now.  Bytes that are no UTF-8 become replacement characters."""
        pieces = []
        size = 0
        while self._read_end >= 0 and size < _PER_POLL:
            try:
                data = os.read(self._read_end, _PIECE)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self.close()
                pieces.append(self._decoder.decode(b"", final=True))
                break
            size += len(data)
            pieces.append(self._decoder.decode(data))
        return "".join(pieces)

    def close(self) -> None:
        if self._read_end >= 0:
            os.close(self._read_end)
            self._read_end = -1
        if self.write_end >= 0:
            self.started()


class Capture:
    """Puts the program's output on the recording, the newest `kept` characters of it."""

    def __init__(self, recording: Recording, kept: int = KEPT_BYTES) -> None:
        self.stdout = OutputPipe("stdout")
        self.stderr = OutputPipe("stderr")
        self.n_forgotten = 0  # characters that were printed but are no longer kept
        self._recording = recording
        self._kept = kept
        self._sizes: deque[tuple[int, int]] = deque()  # index in `outputs`, length
        self._total = 0

    def started(self) -> None:
        self.stdout.started()
        self.stderr.started()

    def poll(self, now_ns: int) -> None:
        for pipe in (self.stdout, self.stderr):
            text = pipe.read()
            if text:
                self.add(Output(now_ns, pipe.stream, text))

    def add(self, output: Output) -> None:
        outputs = self._recording.outputs
        outputs.append(output)
        self._sizes.append((len(outputs) - 1, len(output.text)))
        self._total += len(output.text)
        while self._total > self._kept and len(self._sizes) > 1:
            index, size = self._sizes.popleft()
            outputs[index] = outputs[index]._replace(text="")  # the others keep their index
            self._total -= size
            self.n_forgotten += size

    def close(self) -> None:
        self.stdout.close()
        self.stderr.close()


class InputPipe:
    """The program's standard input; what it does not read yet waits here.  `read_end` is for the program."""

    def __init__(self) -> None:
        self.read_end, self._write_end = os.pipe()
        os.set_blocking(self._write_end, False)
        self._waiting = b""
        self._closing = False

    def started(self) -> None:
        os.close(self.read_end)
        self.read_end = -1

    def send(self, data: bytes) -> None:
        if not self._closing:
            self._waiting += data
            self.poll()

    def finish(self) -> None:
        """End of input, once what waits has been read."""
        self._closing = True
        self.poll()

    def poll(self) -> None:
        while self._waiting and self._write_end >= 0:
            try:
                written = os.write(self._write_end, self._waiting)
            except BlockingIOError:
                return
            except OSError:  # nobody reads any more
                self._waiting = b""
                break
            self._waiting = self._waiting[written:]
        if self._closing:
            self.close()

    def close(self) -> None:
        self._closing = True
        if self._write_end >= 0:
            os.close(self._write_end)
            self._write_end = -1
        if self.read_end >= 0:
            self.started()

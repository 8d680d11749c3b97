"""multiprocessing.connection: messages sent and received, who waits for one, who for room.

The methods that read and write are written anew where a connection is the program's: before each piece the
system is asked whether it would have to wait.  A piece is never larger than what a pipe that is said to be
ready takes at once, so that only a wait is called one.  Both ends of a pipe are one resource, known by its
inodes; in a process that got a connection from another one it is found at its first use.
"""

import io
import os
import select
import socket
import struct
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Failure, Kind
from . import frames, gate, mp_shared, recorder
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT

PUT_WAIT, PUT, PUT_FAILED = int(Kind.PUT_WAIT), int(Kind.PUT), int(Kind.PUT_FAILED)
GET_WAIT, GET, GET_FAILED = int(Kind.GET_WAIT), int(Kind.GET), int(Kind.GET_FAILED)
UNKNOWN = -1
"""As depth: the observer counts."""
SHORT_MS = 2
WITH_HEADER = 4092
_SENDING, _SINCE = "_syncscope_sending", "_syncscope_since"
"""Attributes of a connection: since when somebody waits to write, to read; 0 = nobody does."""
PIECE = 4096
"""A pipe that is ready to be written takes so many bytes at once."""

Method = Callable[..., Any]


class PipeProbe(recorder.Resource):
    def __init__(self, id_: int, slot: int) -> None:
        super().__init__(id_, slot)
        mp_shared.count_own(self)

    __slots__ = ()

    def asks(self, kind: int, limit: int, frame: "FrameType | None", fd: int = -1) -> int:
        """The calling thread has to wait; since when, 0 = it was so short that nothing is told of it."""
        start = perf_counter_ns()
        if fd >= 0 and limit < 0 and not self.may_record() and is_ready(fd, kind, SHORT_MS):
            return 0
        recorder.emit(kind, self.id, limit, 0, frames.acting(frame), self.take_flags(), start)
        return start

    def sends(self, start: int, frame: "FrameType | None") -> None:
        """A message goes out now."""
        self.n_in += 1
        recorder.words[self.word + S_IN] = self.n_in
        self._tell(PUT, start, UNKNOWN, frame)

    def received(self, start: int, frame: "FrameType | None") -> None:
        self.n_out += 1
        recorder.words[self.word + S_OUT] = self.n_out
        self._tell(GET, start, UNKNOWN, frame)

    def failed(self, kind: int, start: int, error: "BaseException | None", frame: "FrameType | None") -> None:
        """A wait has ended without a message."""
        if not start:
            return
        if error is None:
            why = Failure.TIMED_OUT
        else:
            why = Failure.REFUSED if isinstance(error, Exception) else Failure.CANCELLED
        self._tell(kind, start, int(why), frame)

    def _tell(self, kind: int, start: int, b: int, frame: "FrameType | None") -> None:
        if start or self.may_record():
            waited = max(perf_counter_ns() - start, 1) if start else 0
            recorder.emit(kind, self.id, waited, b, frames.acting(frame), self.take_flags())


def is_ready(fd: int, kind: int, timeout_ms: int = 0) -> bool:
    """Can `fd` be read, or written (PUT_WAIT), or has its other end gone?"""
    try:
        poll = select.poll()
        poll.register(fd, select.POLLOUT if kind == PUT_WAIT else select.POLLIN)
        return bool(poll.poll(timeout_ms))
    except (OSError, ValueError):
        return True  # what is wrong, reading or writing will say


# -- whose connection -------------------------------------------------------------------------------------


def probe_of(connection: Any) -> Any:
    """Its probe; False when it is not the program's."""
    probe = getattr(connection, PROBE)
    if probe is None:
        setattr(connection, PROBE, False)
        frame = mp_shared.maker(getframe().f_back)
        if frame is not None and frames.owner(frame.f_code.co_filename) != frames.STD:
            declare((connection,), frame)
        probe = getattr(connection, PROBE)
    return probe


def identity_of(connection: Any) -> str:
    info = os.fstat(connection.fileno())
    return f"p{info.st_dev:x}.{info.st_ino:x}"


def declare(ends: "tuple[Any, ...]", frame: "FrameType | None", **more: Any) -> None:
    """The `ends` of one pipe."""
    try:
        identity = " ".join(dict.fromkeys(identity_of(end) for end in ends))
        resource = recorder.declare_resource("pipe", "Pipe", frame, shared=identity, **more)
        probe = PipeProbe(resource.id, resource.slot)
        for end in ends:
            setattr(end, PROBE, probe)
    except OSError:
        pass  # it is closed already, or its descriptor is
    except Exception as error:
        recorder.fault("Pipe", error)


def _make_pipe(bare: Method) -> Method:
    def Pipe(duplex: bool = True) -> "tuple[Any, Any]":  # noqa: N802
        ends = bare(duplex)
        frame = getframe().f_back
        if mp_shared.made_by_program(frame) and not mp_shared.is_part(frame):
            declare(ends, mp_shared.maker(frame))
        else:
            for end in ends:
                setattr(end, PROBE, False)
        return ends  # type: ignore[no-any-return]

    Pipe.__module__, Pipe.__doc__, Pipe.__qualname__ = bare.__module__, bare.__doc__, bare.__qualname__
    return Pipe


def _stand(frame: "FrameType | None") -> None:
    """Where the program is slowed: who sends or receives by a method of the connection, not a queue's end."""
    if frame is not None and frames.made_by_program(frame.f_back):
        gate.stand(frame)


# -- sending ----------------------------------------------------------------------------------------------


def _send_bytes(original: Method) -> Method:
    def _send_bytes(self: Any, buf: Any) -> None:
        probe = probe_of(self)
        if not probe:
            original(self, buf)
            return
        frame = getframe().f_back
        if recorder.words[recorder.W_GATE]:
            _stand(frame)
        n = len(buf)
        if n > 0x7FFFFFFF:
            parts = [struct.pack("!i", -1), struct.pack("!Q", n), buf]
        elif n > 16384:
            parts = [struct.pack("!i", n), buf]
        else:
            parts = [struct.pack("!i", n) + buf]
        start = 0
        try:
            for part in parts[:-1]:
                start = _write(self, part, probe, start, frame)
            _write(self, parts[-1], probe, start, frame, is_last=True)
        except BaseException as error:
            since = getattr(self, _SENDING, 0)
            probe.failed(PUT_FAILED, since or start, error, frame)
            raise
        finally:
            if getattr(self, _SENDING, 0):
                setattr(self, _SENDING, 0)

    return _send_bytes


def _write(
    connection: Any, data: Any, probe: Any, start: int, frame: "FrameType | None", is_last: bool = False
) -> int:
    """Write all of it; since when the calling thread has had to wait, 0 = it has not."""
    fd, left = connection._handle, memoryview(data)
    while True:
        if not start and not is_ready(fd, PUT_WAIT):
            n = _send_at_once(fd, left)
            if n:
                left = left[n:]
                if left:
                    continue
                if is_last:
                    probe.sends(start, frame)
                return start
            start = probe.asks(PUT_WAIT, -1, frame, fd)
            if start:
                setattr(connection, _SENDING, start)
        piece = left[:PIECE]
        if start and not is_ready(fd, PUT_WAIT):
            is_ready(fd, PUT_WAIT, -1)
        if is_last and len(piece) == len(left):
            if start:
                setattr(connection, _SENDING, 0)
            probe.sends(start, frame)  # before it can be received
        left = left[os.write(fd, piece) :]
        if not left:
            return start


def _send_at_once(fd: int, data: Any) -> int:
    """A socket is called full when a part of its room is used.  How many bytes it took all the same."""
    try:
        end = socket.socket(fileno=fd)
    except OSError:
        return 0  # a pipe
    try:
        return end.send(data[:PIECE], socket.MSG_DONTWAIT)
    except OSError:
        return 0
    finally:
        end.detach()


# -- receiving --------------------------------------------------------------------------------------------


def _recv_bytes(original: Method) -> Method:
    def _recv_bytes(self: Any, maxsize: Any = None) -> Any:
        probe = probe_of(self)
        if not probe:
            return original(self, maxsize)
        frame = getframe().f_back
        if recorder.words[recorder.W_GATE]:
            _stand(frame)
        setattr(self, _SINCE, 0)
        try:
            message = original(self, maxsize)
        except BaseException as error:
            probe.failed(GET_FAILED, getattr(self, _SINCE), error, frame)
            raise
        probe.received(getattr(self, _SINCE), frame)
        return message

    return _recv_bytes


def _is_readable(connection: Any, fd: int) -> bool:
    """As `is_ready`, with a poll object that is kept."""
    try:
        poll = connection._syncscope_poll
        if poll is None:
            poll = connection._syncscope_poll = select.poll()
            poll.register(fd, select.POLLIN)
        return bool(poll.poll(0))
    except (OSError, ValueError, RuntimeError):  # another thread polls it, too
        return is_ready(fd, GET_WAIT)


def _recv(original: Method) -> Method:
    def _recv(self: Any, size: Any, *read: Any) -> Any:
        """As the original: reads until there are `size` bytes."""
        probe = self._syncscope
        if not probe or read or self._syncscope_since is None:
            return original(self, size, *read)
        buf, fd, remaining = io.BytesIO(), self._handle, size
        while remaining > 0:
            # what follows a header comes with it, unless it is long
            may_wait = remaining > WITH_HEADER or size == 4
            if may_wait and not self._syncscope_since and not _is_readable(self, fd):
                setattr(self, _SINCE, probe.asks(GET_WAIT, -1, getframe().f_back, fd))
            chunk = os.read(fd, remaining)
            if not chunk:
                if remaining == size:
                    return original(self, size)  # which meets the end again, and raises in its own line
                raise OSError("got end of file during message")
            buf.write(chunk)
            remaining -= len(chunk)
        return buf

    return _recv


# -- waiting without receiving ----------------------------------------------------------------------------


def _make_wait(bare: Method) -> Method:
    """Who waits for several connections is shown at the first of the program's, with the number of the others."""

    def wait(object_list: Any, timeout: Any = None) -> Any:
        objects = list(object_list)
        probes = [p for p in (probe_of(o) for o in objects if hasattr(type(o), PROBE)) if p]
        if not probes or (timeout is not None and timeout <= 0):
            return bare(objects, timeout)
        ready = bare(objects, 0)
        if ready:
            return ready
        probe, frame = probes[0], getframe().f_back
        if not isinstance(probe, PipeProbe):  # a queue's end
            probe.asks(GET_WAIT, recorder.to_ns(timeout), frame)
            return bare(objects, timeout)
        start = perf_counter_ns()
        acting = frames.acting(frame)
        others = len(objects) - 1
        recorder.emit(GET_WAIT, probe.id, recorder.to_ns(timeout), others, acting, probe.take_flags(), start)
        why = Failure.CANCELLED
        try:
            ready = bare(objects, timeout)
            why = Failure.READY if ready else Failure.TIMED_OUT
            return ready
        finally:
            recorder.emit(GET_FAILED, probe.id, perf_counter_ns() - start, int(why), acting)

    wait.__module__, wait.__doc__, wait.__qualname__ = bare.__module__, bare.__doc__, bare.__qualname__
    return wait


def install() -> None:
    from multiprocessing import connection

    frames.step_over(vars(connection))
    cls: Any = getattr(connection, "Connection", None)
    if cls is None or os.name != "posix":
        return
    setattr(cls, PROBE, None)
    cls._syncscope_since = cls._syncscope_poll = None
    wrap(cls, "_send_bytes", _send_bytes)
    wrap(cls, "_recv_bytes", _recv_bytes)
    wrap(cls, "_recv", _recv)
    module: Any = connection
    module.Pipe = _make_pipe(connection.Pipe)
    module.wait = _make_wait(connection.wait)


frames.step_over(globals(), ours=True)

"""Connections and pipes that asyncio tasks wait for: read from the frames of asyncio's streams and sockets.

A task that waits to read is inside of a method of asyncio (or aiohttp) whose `self` knows its transport.  One
resource stands for all connections to the same address.
"""

import socket
from types import FrameType, MemberDescriptorType
from typing import Any

from ..events import Awaited
from . import frames, recorder
from .originals import perf_counter_ns
from .rationing import Ration

MOST = 1000
"""So many addresses of one process are described."""

_WRITING = frozenset({"drain", "_drain_helper", "sock_sendall", "sock_sendto", "sendfile", "sock_sendfile"})
_PIPES = ("stdin", "stdout", "stderr")
_ids: "dict[str, int]" = {}
_ration = Ration()


def waits(inside: "list[FrameType]") -> "tuple[Awaited, int] | None":
    """What a task waits for whose innermost frames are `inside`: (direction, id of the connection or 0)."""
    for frame in reversed(inside):
        module, name = frame.f_globals.get("__name__", ""), frame.f_code.co_name
        if module.startswith("asyncio."):
            found = _in_asyncio(module, name, frame)
        elif module.startswith("aiohttp."):
            found = _in_aiohttp(name, frame)
        else:
            return None
        if found is not None:
            return found
    return None


def _in_asyncio(module: str, name: str, frame: FrameType) -> "tuple[Awaited, int] | None":
    names = frame.f_locals
    direction = Awaited.IO_WRITE if name in _WRITING else Awaited.IO_READ
    if module == "asyncio.selector_events" and name.startswith("sock_"):
        sock = names.get("sock")
        if name == "sock_accept":
            return Awaited.IO_ACCEPT, _id(_address_of(sock, "getsockname"))
        if name == "sock_connect":
            return Awaited.IO_CONNECT, _id(address(names.get("address")))
        return direction, _id(_address_of(sock, "getpeername"))
    if module == "asyncio.base_events":
        if name == "create_connection" and names.get("host") is not None:
            return Awaited.IO_CONNECT, _id(address((names["host"], names.get("port"))))
        if name == "_create_connection_transport" and not names.get("ssl"):
            return Awaited.IO_CONNECT, _id(_address_of(names.get("sock"), "getpeername"))
        if name in ("serve_forever", "start_serving"):
            return Awaited.IO_ACCEPT, _id(_address_of_server(names.get("self")))
    if module == "asyncio.unix_events" and name == "create_unix_connection" and names.get("path"):
        return Awaited.IO_CONNECT, _id(address(names["path"]))
    if module == "asyncio.streams":
        transport = plain(names.get("self"), "_transport")
        if transport is not None and name != "wait_closed":
            return direction, _id(_address_of_transport(transport))
    return None


def _in_aiohttp(name: str, frame: FrameType) -> "tuple[Awaited, int] | None":
    me = frame.f_locals.get("self")
    transport = plain(me, "transport")
    for connection in (me, plain(me, "_conn")):
        transport = transport or plain(plain(connection, "_protocol"), "transport")
    if transport is None:
        return None
    writing = "drain" in name or "write" in name
    return (Awaited.IO_WRITE if writing else Awaited.IO_READ), _id(_address_of_transport(transport))


def plain(obj: Any, name: str) -> Any:
    """An attribute that is simply stored: no code of the program runs to read it."""
    if obj is None:
        return None
    for cls in type(obj).__mro__:
        found = cls.__dict__.get(name)
        if type(found) is MemberDescriptorType:
            try:
                return found.__get__(obj, cls)
            except AttributeError:
                return None
    stored = getattr(obj, "__dict__", None)
    return stored.get(name) if type(stored) is dict else None


# -- addresses --------------------------------------------------------------------------------------------


def address(where: Any) -> str:
    """`127.0.0.1:8080`, or the path of a Unix socket; empty when there is none."""
    if isinstance(where, tuple) and len(where) >= 2:
        host = str(where[0])
        return f"[{host}]:{where[1]}" if ":" in host else f"{host}:{where[1]}"
    if isinstance(where, bytes):
        return where.decode("utf-8", "replace").replace("\0", "@")
    return where if isinstance(where, str) else ""


def _address_of(sock: Any, method: str) -> str:
    if not issubclass(type(sock), socket.socket):
        return ""
    try:
        return address(getattr(socket.socket, method)(sock))
    except OSError:
        return ""


def _address_of_server(server: Any) -> str:
    sockets = plain(server, "_sockets")
    return _address_of(sockets[0], "getsockname") if sockets else ""


def _address_of_transport(transport: Any) -> str:
    extra = plain(transport, "_extra")
    if extra is None:  # of TLS: the transport below it
        below = plain(plain(transport, "_ssl_protocol"), "_transport")
        extra = plain(below, "_extra")
    if type(extra) is not dict:
        return ""
    peer = address(extra.get("peername")) or address(extra.get("sockname"))
    return peer or _pipe_of(transport)


def _pipe_of(transport: Any) -> str:
    """`stdout of sleep`: a pipe of a child process; else what a pipe is called by its number."""
    protocol = plain(transport, "_protocol")
    fd, child = plain(protocol, "fd"), plain(protocol, "proc")
    popen = plain(child, "_proc")
    if popen is not None and isinstance(fd, int) and 0 <= fd < 3:
        return f"{_PIPES[fd]} of process {plain(child, '_pid')}"
    number = plain(transport, "_fileno")
    return f"pipe {number}" if isinstance(number, int) else ""


def _id(name: str) -> int:
    """Id of the resource that stands for an address; described when it is first waited for."""
    if not name:
        return 0
    id_ = _ids.get(name)
    if id_ is None:
        if len(_ids) >= MOST or not _ration.may_record():
            return 0
        id_ = _ids[name] = recorder.new_id()
        recorder.meta(
            k="resource", id=id_, kind="pipe", type="Connection", name=name, slot=0, code=0, lasti=0, loop=True,
            t_ns=perf_counter_ns(),
        )  # fmt: skip
    return id_


frames.step_over(globals(), ours=True)

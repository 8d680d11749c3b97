"""Tells when processes that are not our own children end, and how.

A pidfd becomes readable when its process ends, so that nothing is asked about the living.  How it ended is
known while it is a zombie (/proc) and, from Linux 6.15 on, also after its parent has taken the status.
"""

import fcntl
import os
import select
import struct
from contextlib import suppress

_INFO_SIZE = 64
_GET_INFO = 3 << 30 | _INFO_SIZE << 16 | 0xFF << 8 | 11  # _IOWR(PIDFS_IOCTL_MAGIC, 11, struct pidfd_info)
_INFO_EXIT = 1 << 3
_EXIT_CODE_OFFSET = 60


class ExitWatch:
    def __init__(self) -> None:
        self._pids: dict[int, int] = {}  # descriptor -> pid
        self._gone: list[int] = []
        self._polled: set[int] = set()
        self._poll = select.poll()

    def add(self, pid: int) -> None:
        if pid in self._polled or pid in self._pids.values():
            return
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._gone.append(pid)
        except (OSError, AttributeError):
            self._polled.add(pid)  # no pidfd here: ask again and again
        else:
            self._pids[descriptor] = pid
            self._poll.register(descriptor, select.POLLIN)

    def ended(self) -> list[tuple[int, int | None]]:
        """(pid, status) of those that ended since the last call; negative = signal, None = cannot be known."""
        found: list[tuple[int, int | None]] = [(pid, None) for pid in self._gone]
        self._gone.clear()
        for descriptor, _ in self._poll.poll(0) if self._pids else ():
            pid = self._pids.pop(descriptor)
            self._poll.unregister(descriptor)
            found.append((pid, _status(pid, descriptor)))
            os.close(descriptor)
        for pid in list(self._polled):
            state, status = _zombie(pid)
            if state in ("", "Z", "X"):
                self._polled.discard(pid)
                found.append((pid, status))
        return found

    def close(self) -> None:
        for descriptor in self._pids:
            os.close(descriptor)
        self._pids.clear()
        self._polled.clear()
        self._poll = select.poll()


def _status(pid: int, descriptor: int) -> int | None:
    state, status = _zombie(pid)
    if state == "Z":
        return status
    info = bytearray(_INFO_SIZE)
    struct.pack_into("<Q", info, 0, _INFO_EXIT)
    with suppress(OSError):
        fcntl.ioctl(descriptor, _GET_INFO, info)
        if struct.unpack_from("<Q", info, 0)[0] & _INFO_EXIT:
            return os.waitstatus_to_exitcode(struct.unpack_from("<i", info, _EXIT_CODE_OFFSET)[0])
    return None


def _zombie(pid: int) -> tuple[str, int | None]:
    """State letter of `pid` ("" = gone), and the status that a zombie waits with."""
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return "", None
    state = fields[0].decode()
    if state != "Z":
        return state, None
    code = int(fields[49])  # 0 also when it is hidden from us
    return state, os.waitstatus_to_exitcode(code)

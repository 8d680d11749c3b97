"""The state words that processes share: one small file for each shared object, see `wire`."""

import mmap
import os
import struct
from contextlib import suppress

from . import wire

MOST = 20_000
_words = struct.Struct("=2Q").unpack_from


class Homes:
    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._open: dict[int, mmap.mmap] = {}  # resource -> its words
        self._last: dict[int, tuple[int, int]] = {}

    def add(self, resource: int, identity: str) -> None:
        """Has the resource a home?  Then it is looked at from now on."""
        if resource in self._open or len(self._open) >= MOST:
            return
        with suppress(OSError, ValueError):
            fd = os.open(os.path.join(self._directory, identity + ".home"), os.O_RDONLY | os.O_CLOEXEC)
            try:
                self._open[resource] = home = mmap.mmap(fd, wire.HOME_SIZE, prot=mmap.PROT_READ)
                self._last[resource] = _words(home, 0)
            finally:
                os.close(fd)

    def words(self, resource: int) -> tuple[int, int] | None:
        """VALUE and N_IN at this moment; None: it has no home."""
        home = self._open.get(resource)
        return _words(home, 0) if home is not None else None

    def changed(self) -> set[int]:
        """Resources whose words are not as they were at the last call."""
        found = set()
        for resource, home in self._open.items():
            now: tuple[int, int] = _words(home, 0)
            if now != self._last.get(resource):
                self._last[resource] = now
                found.add(resource)
        return found

    def close(self) -> None:
        for home in self._open.values():
            home.close()
        self._open.clear()

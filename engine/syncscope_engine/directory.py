"""The session directory: private, in memory where that is possible, gone when its session is gone.

Its name tells whose it is (`syncscope-<pid>-<start of that process>-…`), so that what a session left behind
that could not tidy up is removed by the next one.  Standard library only: the guard process uses this too.
"""

import os
from contextlib import suppress

from .family import read_process

PREFIX = "syncscope-"
_MEMORY = "/dev/shm"
_ROOM = 256 << 20  # a ring that finds no room kills its program, so leave a small /dev/shm alone


def create() -> str:
    import tempfile

    places = []
    with suppress(OSError):
        room = os.statvfs(_MEMORY)
        if os.access(_MEMORY, os.W_OK | os.X_OK) and room.f_bavail * room.f_frsize >= _ROOM:
            places.append(_MEMORY)
    places.append(tempfile.gettempdir())
    for place in places:
        _remove_stale(place)
    me = read_process(os.getpid())
    prefix = f"{PREFIX}{os.getpid()}-{me.start if me else 0}-"
    try:
        return tempfile.mkdtemp(prefix=prefix, dir=places[0])
    except OSError:
        return tempfile.mkdtemp(prefix=prefix, dir=places[-1])


def remove(path: str) -> None:
    """Delete the directory and the files in it, as far as possible."""
    with suppress(OSError), os.scandir(path) as entries:
        for entry in entries:
            with suppress(OSError):
                os.unlink(entry.path)
    with suppress(OSError):
        os.rmdir(path)


def _remove_stale(place: str) -> None:
    with suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if (
                entry.name.startswith(PREFIX)
                and entry.is_dir(follow_symlinks=False)
                and entry.stat(follow_symlinks=False).st_uid == os.getuid()
                and not _owner_lives(entry.name)
            ):
                remove(entry.path)


def _owner_lives(name: str) -> bool:
    pid, _, rest = name.removeprefix(PREFIX).partition("-")
    start = rest.partition("-")[0]
    if not (pid.isdecimal() and start.isdecimal()):
        return True  # not one of ours
    owner = read_process(int(pid))
    return owner is not None and owner.state not in "ZX" and int(start) in (0, owner.start)

"""What processes share: who made it, its identity, and the state words that all of them write.

A semaphore of `multiprocessing` reaches a process that was not forked by its name alone.  So the name carries a
mark when the program made the semaphore, or made what it is a part of: the standard library's own ones, a
pool's for instance, have none, and nobody is told of them.

The *home* of a shared object is a small file in the session's folder, named like its identity, with the words
0 VALUE and 1 N_IN.  Its owner writes them while it holds a lock, so they are exact whatever process it is in;
an owner is the number of its process in the upper half of the word, its own id in the lower.
"""

import mmap
import os
import weakref
from contextlib import suppress
from types import FrameType

from ..wire import HOME_SIZE
from . import frames, recorder

MARK = "-s"
H_VALUE, H_IN = 0, 1

_FACTORIES = frozenset(
    f"multiprocessing.{name}" for name in ("context", "synchronize", "queues", "sharedctypes", "connection")
)
_OWNING = _FACTORIES - {"multiprocessing.context"}
_own_counts: "weakref.WeakSet[recorder.Resource]" = weakref.WeakSet()

pid_part = 0
"""This process's number, as the upper half of an owner's word."""


def _opened() -> None:
    global pid_part
    pid_part = recorder.pid << 32
    for resource in list(_own_counts):  # in a fork: its own operations count from nought
        resource.n_in = resource.n_out = resource.n_dropped = resource.flags = 0
        resource.frame, resource.left = -1, 0
        if hasattr(resource, "n_missed"):
            resource.n_missed, resource.quiet = 0, -1  # type: ignore[attr-defined]
        if resource.slot:
            for i in range(resource.word, resource.word + 4):
                recorder.words[i] = 0


recorder.when_opened(_opened)


def count_own(resource: recorder.Resource) -> None:
    """`resource` is shared, and its state words tell of this process's operations alone."""
    _own_counts.add(resource)


def maker(frame: "FrameType | None") -> "FrameType | None":
    """Who asks for what is made at `frame`, through all the factories of multiprocessing."""
    frame = frames.beyond_probe(frame)
    while frame is not None and (
        id(frame.f_globals) in frames.probe_globals or frame.f_globals.get("__name__") in _FACTORIES
    ):
        frame = frame.f_back
    return frame


def made_by_program(frame: "FrameType | None") -> bool:
    frame = maker(frame)
    return frame is not None and frames.owner(frame.f_code.co_filename) != frames.STD


def is_part(frame: "FrameType | None") -> bool:
    """Does something of multiprocessing make, for itself, the semaphore that is made at `frame`?"""
    while frame is not None and (
        id(frame.f_globals) in frames.probe_globals
        or frame.f_globals.get("__name__") == "multiprocessing.context"
        or _is_init_of_semaphore(frame)
    ):
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__") in _OWNING


def _is_init_of_semaphore(frame: FrameType) -> bool:
    if frame.f_code.co_name != "__init__" or frame.f_globals.get("__name__") != "multiprocessing.synchronize":
        return False
    return hasattr(frame.f_locals.get("self"), "_make_name")


# -- identity and home ------------------------------------------------------------------------------------


def new_identity() -> str:
    """For what only forks of this process can share."""
    return f"f{recorder.pid:x}-{recorder.new_id():x}"


def home_of(identity: str, thing: object, size: int = HOME_SIZE) -> "memoryview[int]":
    """The words that all processes with `thing` write; raises OSError when they cannot be had.

    Who makes them removes their name when the thing is gone: nobody can find it any more.
    """
    path = os.path.join(recorder.directory, identity + ".home")
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        fd, is_new = os.open(path, flags | os.O_EXCL, 0o600), True
    except FileExistsError:
        fd, is_new = os.open(path, flags, 0o600), False
    try:
        if os.fstat(fd).st_size < size:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(fd, 0, size)
            else:
                os.ftruncate(fd, size)
        home = memoryview(mmap.mmap(fd, size)).cast("Q")
    finally:
        os.close(fd)
    if is_new:
        weakref.finalize(thing, _remove, path, os.getpid()).atexit = False
    return home


def _remove(path: str, maker: int) -> None:
    if os.getpid() == maker:  # not in a fork of it
        with suppress(OSError):
            os.unlink(path)


frames.step_over(globals(), ours=True)

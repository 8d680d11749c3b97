"""Whose code is it?  Tells the program's frames from the standard library's and ours."""

import os
import sys
from types import CodeType, FrameType
from typing import Any

STD, LIB, USER = "std", "lib", "user"

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_STD_FOLDERS = tuple(
    {os.path.dirname(os.path.realpath(os.__file__)) + os.sep, os.path.dirname(os.__file__) + os.sep}
)
owner_of_file: dict[str, str] = {}
_program_folders: tuple[str, ...] = ()

transparent: set[int] = set()
"""ids of the globals of modules that are stepped over when the acting line is looked for: ours, and the
modules of the standard library that we instrument."""

probe_globals: set[int] = set()
"""ids of the globals of our own modules alone."""


def step_over(module_globals: dict[str, Any], ours: bool = False) -> None:
    transparent.add(id(module_globals))
    if ours:
        probe_globals.add(id(module_globals))


def count_as_program(folders: "list[str]") -> None:
    """Code in `folders` is the program's, even inside the standard library: its own tests, for example."""
    global _program_folders
    _program_folders = tuple(os.path.join(os.path.abspath(f), "") for f in folders)
    owner_of_file.clear()


def owner(filename: str) -> str:
    """STD: the standard library (or the probe); LIB: an installed package; USER: the program."""
    who = owner_of_file.get(filename)
    if who is None:
        if filename.startswith((_HERE, "<frozen")):
            who = STD
        elif _program_folders and filename.startswith(_program_folders):
            who = USER
        elif "site-packages" in filename or "dist-packages" in filename:
            who = LIB
        elif filename.startswith(_STD_FOLDERS):
            who = STD
        else:
            who = USER
        owner_of_file[filename] = who
    return who


def caller(frame: "FrameType | None") -> "FrameType | None":
    """The nearest frame, from `frame` outwards, that is neither ours nor an instrumented module's."""
    while frame is not None and id(frame.f_globals) in transparent:
        frame = frame.f_back
    return frame


def beyond_probe(frame: "FrameType | None") -> "FrameType | None":
    """The nearest frame, from `frame` outwards, that is not ours."""
    while frame is not None and id(frame.f_globals) in probe_globals:
        frame = frame.f_back
    return frame


def is_user(frame: "FrameType | None") -> bool:
    """Is the nearest acting frame the program's own or an installed package's?"""
    frame = caller(frame)
    return frame is not None and owner(frame.f_code.co_filename) != STD


def made_by_program(frame: "FrameType | None") -> bool:
    """Does the program itself, or an installed package, ask for what is made at `frame`?

    Unlike `is_user` this does not step over instrumented modules: what they make for themselves, the lock
    inside of a semaphore for instance, is not the program's.
    """
    frame = beyond_probe(frame)
    return frame is not None and owner(frame.f_code.co_filename) != STD


def acting(frame: "FrameType | None") -> "FrameType | None":
    """The nearest frame, from `frame` outwards, of the program; without one, as `caller`.

    Who waits in `executor.shutdown()` waits in the program's line, not in a line of `concurrent.futures`.
    """
    nearest = frame = caller(frame)
    while frame is not None:
        if owner(frame.f_code.co_filename) != STD:
            return frame
        frame = frame.f_back
    return nearest


def entry(code: CodeType) -> int:
    """Where `code` begins: its first instruction that has a line."""
    return next((start for start, _, line in code.co_lines() if line), 0)


def positions(code: CodeType) -> "tuple[list[int], list[list[int | None]] | None]":
    """Line of each instruction, and its full position where the interpreter has it (3.11 and later)."""
    if sys.version_info >= (3, 11):
        pos = [list(p) for p in code.co_positions()]
        return [p[0] or 0 for p in pos], pos
    lines: list[int] = []
    for start, end, line in code.co_lines():
        lines.extend([line or 0] * ((end - start) // 2))
    return lines, None


step_over(globals(), ours=True)

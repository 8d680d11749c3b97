"""Text for people and programs on the other side of a pipe, who may go away before the end (`| head -1`)."""

import os
import sys
from typing import IO, NoReturn

WRONG_USAGE = 2


def write_line(text: str, file: IO[str]) -> None:
    """A line at once; nothing when nobody reads any more."""
    try:
        file.write(text + "\n")
        file.flush()
    except BrokenPipeError:
        mute(file)


def mute(file: IO[str]) -> None:
    """From now on `file` leads nowhere."""
    # what is still in its buffer must not fail at the end of the process, either
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, file.fileno())
    os.close(silence)


def refuse(sentence: str) -> NoReturn:
    """Wrong use: one sentence on standard error."""
    end = "" if sentence.endswith(("?", "!")) else "."
    write_line(f"syncscope: {' '.join(sentence.rstrip('.').split())}{end}", sys.stderr)
    sys.exit(WRONG_USAGE)

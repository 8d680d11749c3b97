"""Text for people and programs on the other side of a pipe, who may go away before the end (`| head -1`)."""

import os
from typing import IO

import click


def write_line(text: str, file: IO[str]) -> None:
    """A line at once; nothing when nobody reads any more."""
    try:
        click.echo(text, file=file)
    except BrokenPipeError:
        mute(file)


def mute(file: IO[str]) -> None:
    """From now on `file` leads nowhere."""
    # what is still in its buffer must not fail at the end of the process, either
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, file.fileno())
    os.close(silence)

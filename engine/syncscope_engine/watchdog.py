"""A small process that outlives the observer, to clean up when the observer is killed.

It waits on a pipe.  If the pipe closes without the word that all is done, it kills the whole family of the
program and removes the session directory.  Few imports: it starts with every session.
"""

import os
import signal
import sys

from . import directory as session_directory
from .family import Family

DONE = b"done"


def main() -> None:
    """`sys.argv[2]` is the session directory; standard input tells the pid of the program."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    directory = sys.argv[2]
    said = b""
    while piece := os.read(0, 64):
        said += piece
    words = said.split()
    if DONE in words:
        return
    Family(directory, int(words[0]) if words else 0).kill()
    session_directory.remove(directory)

"""What libraries keep from one execution to the next, where a program would notice."""

import sys
from collections.abc import Callable
from typing import Any


def put_aside() -> "Callable[[], None]":
    """Everything is as in a new process; what is returned makes it as it was."""
    logging: Any = sys.modules.get("logging")
    if logging is None:
        return _nothing
    root, loggers = logging.root, logging.root.manager.loggerDict
    handlers, level, names = root.handlers[:], root.level, set(loggers)
    root.handlers[:] = []
    root.setLevel(logging.WARNING)

    def bring_back() -> None:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name in set(loggers) - names:
            del loggers[name]

    return bring_back


def _nothing() -> None:
    """There was nothing to put aside."""

"""How a program ends: what Python does after the last line of `__main__`."""

import sys
from typing import Any

from .run import Run


def exit_status(leaving: SystemExit) -> "tuple[int, str]":
    code = leaving.code
    if code is None:
        return 0, ""
    if isinstance(code, int):
        return code & 0xFF, ""
    return 1, str(code)


def shut_down(run: Run) -> None:
    """Executors that nobody has shut down are told to come to an end; then the main thread is done."""
    pools: Any = sys.modules.get("concurrent.futures.thread")
    if pools is not None and pools._threads_queues and not run.ending:
        try:
            pools._python_exit()
        finally:
            pools._shutdown = False
            pools._threads_queues.clear()

"""How a program ends: what Python does after the last line of `__main__`."""

from . import thread_pools
from .run import Run


def exit_status(leaving: SystemExit) -> "tuple[int, str]":
    code = leaving.code
    if code is None:
        return 0, ""
    if isinstance(code, int):
        return code & 0xFF, ""
    return 1, str(code)


def shut_down(run: Run) -> None:
    """The main thread is through with its own lines."""
    if not run.ending:
        thread_pools.shut_down()

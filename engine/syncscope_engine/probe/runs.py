"""What every thread tells of itself, however it was started: that it began, what left it, that it ended."""

from typing import Any

from ..events import Kind, Outcome
from . import frames, recorder, tracebacks
from .originals import get_native_id

START, EXIT, RAISED = int(Kind.START), int(Kind.EXIT), int(Kind.RAISED)
DONE, FAILED = int(Outcome.DONE), int(Outcome.FAILED)

emit = recorder.emit

_failed: "set[int]" = set()
"""Threads that an exception has left."""


def began(task: int) -> None:
    recorder.begin_thread(task)
    emit(START, task, get_native_id())


def ended(task: int) -> None:
    outcome = FAILED if task in _failed else DONE
    _failed.discard(task)
    emit(EXIT, task, outcome)
    recorder.forget_thread()


def raised(task: int, error: BaseException) -> None:
    _failed.add(task)
    try:
        tracebacks.clean(error)
        recorder.exception(task, error, "thread", tracebacks.n_outer_std(error))
        emit(RAISED, task)
    except Exception as own:
        recorder.fault("thread exception", own)


def forget_all() -> None:
    """In a forked child."""
    _failed.clear()


def name_of(work: Any) -> str:
    return "" if work is None else str(getattr(work, "__qualname__", None) or type(work).__qualname__)


frames.step_over(globals(), ours=True)

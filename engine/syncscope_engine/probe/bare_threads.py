"""Threads of the bare _thread module."""

import _thread
from collections.abc import Callable
from typing import Any

from ..events import Kind
from . import frames, recorder, runs
from .originals import getframe

SPAWN = int(Kind.SPAWN)

emit = recorder.emit
Method = Callable[..., Any]


class _BareRun:
    """What a thread of `_thread.start_new_thread` runs, in the guise of the program's function."""

    def __init__(self, function: Any, task: int) -> None:
        self.function = function
        self.task = task

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        runs.began(self.task)
        try:
            self.function(*args, **kwargs)
        except SystemExit:
            raise
        except BaseException as error:
            runs.raised(self.task, error)
            raise
        finally:
            runs.ended(self.task)

    def __repr__(self) -> str:
        return repr(self.function)


def _start_new_thread(original: Method) -> Method:
    def start_new_thread(function: Any, args: Any, *kwargs: Any) -> Any:
        frame = getframe().f_back
        if callable(function) and isinstance(args, tuple) and frames.made_by_program(frame):
            try:
                task = recorder.declare_task(
                    "thread", runs.name_of(function), frame, runs.name_of(function), True
                )
                emit(SPAWN, task, 0, 0, frame)
                function = _BareRun(function, task)
            except Exception as error:
                recorder.fault("start_new_thread", error)
        return original(function, args, *kwargs)

    return start_new_thread


def install() -> None:
    module: Any = _thread
    module.start_new_thread = module.start_new = _start_new_thread(module.start_new_thread)


frames.step_over(globals(), ours=True)

"""os.waitpid and its kin: who collects a process's status takes it away from everybody else, so it is told."""

import os
from collections.abc import Callable
from typing import Any

from . import frames, recorder
from .originals import perf_counter_ns

children: "dict[int, int]" = {}
"""pid -> id of the processes that this one started and has not seen end."""


def ended(pid: int, status: int) -> None:
    """The process has ended with `status`: negative = the signal."""
    id_ = children.pop(pid, 0)
    if id_:
        recorder.meta(k="exit", pid=pid, id=id_, status=status, t_ns=perf_counter_ns())


def _collected(pid: int, status: int) -> None:
    if pid in children and (os.WIFEXITED(status) or os.WIFSIGNALED(status)):
        ended(pid, os.waitstatus_to_exitcode(status))


class _Collector:
    """Stands in for a function of C: not a function of Python, which would become a method of a class."""

    def __init__(self, bare: "Callable[..., Any]", tell: "Callable[[Any], None]") -> None:
        self._bare = bare
        self._tell = tell
        self.__name__ = self.__qualname__ = bare.__name__
        self.__doc__, self.__module__ = bare.__doc__, bare.__module__
        self.__wrapped__ = bare

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self._bare(*args, **kwargs)
        if children:
            try:
                self._tell(result)
            except Exception as error:
                recorder.fault("waitpid", error)
        return result

    def __reduce__(self) -> str:
        return self.__name__

    def __repr__(self) -> str:
        return repr(self._bare)


def _tell_info(info: Any) -> None:
    """Of waitid: what it may leave uncollected has ended all the same."""
    if info is None or info.si_pid not in children:
        return
    if info.si_code == os.CLD_EXITED:
        ended(info.si_pid, info.si_status)
    elif info.si_code in (os.CLD_KILLED, os.CLD_DUMPED):
        ended(info.si_pid, -info.si_status)


def install() -> None:
    recorder.on_reopen.append(children.clear)
    module: Any = os
    for name in "waitpid", "wait", "wait3", "wait4":
        if hasattr(os, name):
            setattr(module, name, _Collector(getattr(os, name), lambda got: _collected(got[0], got[1])))
    if hasattr(os, "waitid"):
        module.waitid = _Collector(os.waitid, _tell_info)


frames.step_over(globals(), ours=True)

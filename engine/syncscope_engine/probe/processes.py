"""Processes of `multiprocessing`, whatever their start method, and plain `os.fork`.

A process is declared by its starter, as a task; the process itself tells that it is that task: by the fork in
progress, by its preamble (`spawning`), or, from the fork server, by what its Process object carries.
"""

import atexit
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

from ..events import Kind, Outcome
from ..wire import MAIN_THREAD_ID, PROCESS_ID
from . import frames, gate, reaping, recorder, serving, spawning, subprocesses, tracebacks
from .impersonation import call_from
from .importing import when_imported
from .originals import get_ident, get_native_id, getframe, perf_counter_ns
from .patching import PROBE, wrap
from .spawning import starting
from .threads import name_of
from .variables import watch_main_of_child

emit = recorder.emit


# -- the starter's side -----------------------------------------------------------------------------------


def _make_start(bare: Any) -> Any:
    def start(self: Any) -> None:
        if self._popen is not None or self._closed:
            bare(self)  # which refuses
            return
        id_ = _announce(self, getframe().f_back)
        ident = get_ident()
        starting[ident] = self.__dict__[PROBE] = [recorder.pid, id_]
        try:
            bare(self)
        except BaseException:
            if starting.get(ident):  # not in a forked child
                emit(Kind.EXIT, id_, Outcome.FAILED, 1, thread=id_)
            raise
        finally:
            starting.pop(ident, None)
        reaping.children[self.pid] = id_
        recorder.meta(k="child", id=id_, pid=self.pid, t_ns=perf_counter_ns())

    return start


def _announce(process: Any, frame: "FrameType | None") -> int:
    frame = frames.acting(frame)
    work = type(process).run
    if work.__module__ == "multiprocessing.process":
        work = getattr(process, "_target", None)
    id_ = recorder.declare_task(
        "process",
        process.name,
        frame,
        name_of(work),
        bool(process.daemon),
        serves=serving.of_process(process),
    )
    emit(Kind.SPAWN, id_, frame=frame)
    return id_


def _make_join(bare: Any) -> Any:
    def join(self: Any, timeout: Any = None) -> None:
        pid, id_ = self.__dict__.get(PROBE) or (0, 0)
        popen = self._popen
        if pid != os.getpid() or popen is None:
            bare(self, timeout)
            return
        frame = frames.acting(getframe().f_back)
        if popen.returncode is not None:
            bare(self, timeout)
            emit(Kind.JOINED, id_, 0, 1, frame)
            return
        start = perf_counter_ns()
        emit(Kind.JOIN, id_, recorder.to_ns(timeout), frame=frame, t_ns=start)
        try:
            bare(self, timeout)
        finally:
            end = perf_counter_ns()
            emit(Kind.JOINED, id_, end - start, int(popen.returncode is not None), frame, t_ns=end)

    return join


def _make_killer(bare: Any) -> Any:
    """Of `terminate` and `kill`: the end that follows was asked for, if it comes by this signal."""
    number = signal.SIGKILL if bare.__name__ == "kill" else signal.SIGTERM

    def end(self: Any) -> None:
        pid, id_ = self.__dict__.get(PROBE) or (0, 0)
        if pid == os.getpid() and self._popen is not None and self._popen.returncode is None:
            emit(Kind.CANCEL, id_, number, frame=frames.acting(getframe().f_back))
        bare(self)

    return end


def _make_poll(bare: Any) -> Any:
    def poll(self: Any, *args: Any, **kwargs: Any) -> Any:
        known = self.returncode
        status = bare(self, *args, **kwargs)
        if known is None and status is not None:
            reaping.ended(self.pid, status)
        return status

    return poll


def _make_fork(bare: Any) -> Any:
    def fork(*args: Any) -> int:
        if args:
            bare(*args)  # which refuses
        known = starting.get(get_ident())
        frame = getframe().f_back
        recorder.fork_as = known or _declare_fork(frame)
        try:
            pid = int(call_from(frame, bare))
        except OSError as error:
            error.__traceback__ = None
            if known is None and recorder.fork_as is not None:
                id_ = recorder.fork_as[1]
                emit(Kind.EXIT, id_, Outcome.FAILED, 1, thread=id_)
            recorder.fork_as = None
            raise
        if pid:
            as_, recorder.fork_as = recorder.fork_as, None
            if known is None and as_ is not None:
                reaping.children[pid] = as_[1]
                recorder.meta(k="rename", id=as_[1], name=f"fork {pid}")
                recorder.meta(k="child", id=as_[1], pid=pid, t_ns=perf_counter_ns())
        return pid

    fork.__doc__, fork.__module__ = bare.__doc__, bare.__module__
    return fork


def _declare_fork(frame: "FrameType | None") -> "list[int] | None":
    """A process of the program's own os.fork(); children of the fork server tell by themselves who they are."""
    if recorder.options.get(spawning.IS_SERVER):
        return None
    frame = frames.acting(frame)
    id_ = recorder.declare_task("process", "fork", frame)
    emit(Kind.SPAWN, id_, frame=frame)
    return [recorder.pid, id_]


# -- the new process's side -------------------------------------------------------------------------------


def begin_spawned() -> None:
    """Called by the preamble of a process with an interpreter of its own."""
    _begin()
    if not _finalizes_itself():
        atexit.register(_tell_end_at_exit)  # registered first, so it runs last
        _registered.append(True)
    watch_main_of_child()


def _begin() -> None:
    emit(Kind.START, PROCESS_ID, os.getpid())
    emit(Kind.START, MAIN_THREAD_ID, get_native_id())


def _forked() -> None:
    starting.clear()
    _registered.clear()
    _status.clear()
    recorder.options.pop(spawning.IS_SERVER, None)
    _begin()


def _make_bootstrap(bare: Any) -> Any:
    def _bootstrap(self: Any, *args: Any, **kwargs: Any) -> Any:
        import traceback

        as_ = self.__dict__.pop(PROBE, None)
        serving.begin(self)
        recorder.meta(k="role", **{"as": as_}, name=self.name)
        threading.__dict__["_shutdown"] = _make_shutdown(threading.__dict__["_shutdown"])
        traceback.__dict__["print_exc"] = _make_print_exc(traceback.print_exc)
        if _finalizes_itself():
            status = bare(self, *args, **kwargs)
            _tell_end(status)
            return status
        if not _registered:
            _register()
        _status[:] = ["left by an exception"]
        _status[:] = [bare(self, *args, **kwargs)]
        return _status[0]

    return _bootstrap


def _finalizes_itself() -> bool:
    """Does `_bootstrap` wait for the feeders of queues?  Later versions leave that to `atexit`."""
    from multiprocessing import process

    bootstrap: Any = process.BaseProcess.__dict__["_bootstrap"]
    return "_exit_function" in getattr(bootstrap, "__wrapped__", bootstrap).__code__.co_names


def _tell_end(status: Any) -> None:
    outcome = Outcome.FAILED if status else Outcome.DONE
    emit(Kind.EXIT, MAIN_THREAD_ID, outcome)
    emit(Kind.EXIT, PROCESS_ID, outcome, status if isinstance(status, int) else int(bool(status)))


_status: "list[Any]" = []
"""What `_bootstrap` returned, once it has."""
_registered: "list[bool]" = []


def _tell_end_at_exit() -> None:
    for status in _status:
        _tell_end(status)


def _register() -> None:
    """Tell the end after multiprocessing's own `atexit` handler, which a forked child has registered already."""
    from multiprocessing import util

    last: Any = vars(util)["_exit_function"]
    alone = atexit._ncallbacks() == 1
    if alone:
        atexit.unregister(last)
    atexit.register(_tell_end_at_exit)
    if alone:
        atexit.register(last)


def _make_print_exc(bare: Any) -> Any:
    """`_bootstrap` prints what has left `run`.  Looked at here, the exception has no frame of ours."""

    def print_exc(*args: Any, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None and _called_by_bootstrap(getframe().f_back):
            recorder.exception(PROCESS_ID, error, "process", tracebacks.n_outer_std(error))
            emit(Kind.RAISED, PROCESS_ID)
        bare(*args, **kwargs)

    return print_exc


def _make_shutdown(bare: Any) -> Any:
    """`_bootstrap` waits for the process's threads, as the interpreter does at the end of a program."""

    def _shutdown() -> None:
        if _called_by_bootstrap(getframe().f_back):
            emit(Kind.PROGRAM_END, PROCESS_ID)
        bare()

    return _shutdown


def _called_by_bootstrap(frame: "FrameType | None") -> bool:
    return frame is not None and frame.f_code.co_name == "_bootstrap"


# -- install ----------------------------------------------------------------------------------------------


def _install_process() -> None:
    from multiprocessing import process

    frames.step_over(vars(process))
    wrap(process.BaseProcess, "start", _make_start)
    wrap(process.BaseProcess, "join", _make_join)
    gate.before(process.BaseProcess, "start")
    gate.before(process.BaseProcess, "join")
    wrap(process.BaseProcess, "terminate", _make_killer)
    wrap(process.BaseProcess, "kill", _make_killer)
    wrap(process.BaseProcess, "_bootstrap", _make_bootstrap)


def _install_fork_popen() -> None:
    from multiprocessing import popen_fork

    wrap(popen_fork.Popen, "poll", _make_poll)


def _install_server_popen() -> None:
    from multiprocessing import popen_forkserver

    wrap(popen_forkserver.Popen, "poll", _make_poll)


def install() -> None:
    recorder.on_reopen.append(_forked)
    reaping.install()
    subprocesses.install()
    os.fork = _make_fork(os.fork)
    when_imported("multiprocessing.process", _install_process)
    when_imported("multiprocessing.util", spawning.install)
    when_imported("multiprocessing.popen_fork", _install_fork_popen)
    when_imported("multiprocessing.popen_forkserver", _install_server_popen)


frames.step_over(globals(), ours=True)

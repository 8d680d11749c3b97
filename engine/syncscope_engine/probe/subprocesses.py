"""subprocess.Popen: every program that is started is a process of the picture, and who waits for its end waits.

It is a program of its own and not observed, unless the user asked for it and it is one of this interpreter:
then the boot file is put before its script.
"""

import os
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from ..events import Kind, Outcome
from . import frames, reaping, recorder, spawning
from .importing import when_imported
from .originals import getframe, perf_counter_ns
from .patching import PROBE, wrap

SPAWN, START, EXIT = int(Kind.SPAWN), int(Kind.START), int(Kind.EXIT)
JOIN, JOINED, CANCEL = int(Kind.JOIN), int(Kind.JOINED), int(Kind.CANCEL)
FOLLOW = "follow"
"""Option: observe programs of the same interpreter, too."""

emit = recorder.emit
Method = Callable[..., Any]

_LONGEST = 60
_PLAIN_FLAGS = frozenset(
    ["-B", "-d", "-E", "-I", "-O", "-OO", "-P", "-q", "-s", "-S", "-u", "-v", "-x", "-b", "-bb"]
)
_FLAGS_WITH_VALUE = frozenset({"-W", "-X"})


def _init(original: Method) -> Method:
    def init(self: Any, args: Any, *more: Any, **kwargs: Any) -> None:
        id_, given = 0, args
        try:
            if os.name == "posix":
                id_ = _announce(args, getframe().f_back)
                args = _followed(args, more, kwargs, id_)
        except Exception as error:
            recorder.fault("subprocess", error)
        try:
            if id_ and (more[4:5] or kwargs.get("preexec_fn")):  # it runs Python code before its program
                recorder.fork_as = [recorder.pid, id_]
            original(self, args, *more, **kwargs)
        except BaseException:
            if id_:
                emit(EXIT, id_, Outcome.FAILED, 1, thread=id_)
            raise
        finally:
            recorder.fork_as = None
        if args is not given:
            self.args = given  # the program, and what is raised to it, shows its own command
        if id_:
            setattr(self, PROBE, id_)
            if self.returncode is None:
                reaping.children[self.pid] = id_
            recorder.meta(k="child", id=id_, pid=self.pid, bare=args is given, t_ns=perf_counter_ns())
            emit(START, id_, self.pid, thread=id_)

    return init


def _announce(args: Any, frame: "FrameType | None") -> int:
    frame = frames.acting(frame)
    program, command = _name_of(args)
    id_ = recorder.declare_task("process", command, frame, callee=program)
    emit(SPAWN, id_, frame=frame)
    return id_


def _words(args: Any) -> "list[str]":
    words = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
    return [os.fsdecode(word) for word in words]


def _name_of(args: Any) -> "tuple[str, str]":
    """The program or script without its folder, and the same with what follows, cut short."""
    words = _words(args)
    if not words:
        return "?", "?"
    if len(words) > 1 or os.path.sep in words[0].split(" ")[0]:
        words[0] = os.path.basename(words[0].rstrip(os.path.sep)) or words[0]
    if _runs_python(_words(args)) and len(words) > 1:
        if words[1] == "-m" and len(words) > 2:
            words = words[2:]
        elif not words[1].startswith("-"):
            words = [os.path.basename(words[1]), *words[2:]]
    text = " ".join(" ".join(words).split()) or "?"
    program = text.split(" ")[0] if len(words) == 1 else " ".join(words[0].split())
    return program, text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _runs_python(words: "Sequence[str]") -> bool:
    try:
        return bool(words) and os.path.realpath(words[0]) == os.path.realpath(sys.executable)
    except OSError:
        return False


def _followed(args: Any, more: "tuple[Any, ...]", kwargs: "dict[str, Any]", id_: int) -> Any:
    """The command, with the boot file before its script; unchanged when it is not ours to follow."""
    if not recorder.options.get(FOLLOW) or isinstance(args, (str, bytes, os.PathLike)):
        return args
    if kwargs.get("shell") or len(more) > 7 or kwargs.get("executable") or more[1:2] not in ((), (None,)):
        return args
    words = _words(args)
    if not _runs_python(words):
        return args
    at = 1
    while at < len(words) and words[at].startswith("-") and words[at] != "-m":
        if words[at] in _FLAGS_WITH_VALUE:
            at += 2
        elif words[at] in _PLAIN_FLAGS or words[at][:2] in _FLAGS_WITH_VALUE:
            at += 1
        else:
            return args  # -c, a script from standard input, or something that only the interpreter knows
    if at >= len(words) or (words[at] != "-m" and not os.path.isfile(_in_folder(words[at], kwargs))):
        return args
    return [*words[:at], *spawning.boot_line([recorder.pid, id_]), *words[at:]]


def _in_folder(path: str, kwargs: "dict[str, Any]") -> str:
    folder = kwargs.get("cwd")
    return os.path.join(os.fsdecode(folder), path) if folder is not None else path


# -- waiting ----------------------------------------------------------------------------------------------


def _waits(original: Method, limit_at: int) -> Method:
    """Of `wait` and `communicate`, which calls it: the outermost one tells."""

    def waits(self: Any, *args: Any, **kwargs: Any) -> Any:
        id_ = getattr(self, PROBE)
        if not id_ or self.returncode is not None or self.__dict__.get(_WAITING):
            return original(self, *args, **kwargs)
        limit = args[limit_at] if len(args) > limit_at else kwargs.get("timeout")
        frame = frames.acting(getframe().f_back)
        start = perf_counter_ns()
        emit(JOIN, id_, recorder.to_ns(limit), frame=frame, t_ns=start)
        self.__dict__[_WAITING] = True
        try:
            return original(self, *args, **kwargs)
        finally:
            self.__dict__.pop(_WAITING, None)
            end = perf_counter_ns()
            emit(JOINED, id_, end - start, int(self.returncode is not None), frame, t_ns=end)

    return waits


_WAITING = "_syncscope_waiting"


def _handle_exitstatus(original: Method) -> Method:
    def handle(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if self.returncode is not None:
            reaping.ended(self.pid, self.returncode)
        return result

    return handle


def _send_signal(original: Method) -> Method:
    def send_signal(self: Any, sig: Any) -> None:
        id_ = getattr(self, PROBE)
        if id_ and self.poll() is None:
            emit(CANCEL, id_, int(sig), frame=frames.acting(getframe().f_back))
        original(self, sig)

    return send_signal


def _install() -> None:
    import subprocess

    frames.step_over(vars(subprocess))
    cls: Any = subprocess.Popen
    setattr(cls, PROBE, 0)
    wrap(cls, "__init__", _init)
    wrap(cls, "wait", lambda original: _waits(original, 0))
    wrap(cls, "communicate", lambda original: _waits(original, 1))
    wrap(cls, "send_signal", _send_signal)
    if "_handle_exitstatus" in cls.__dict__:
        wrap(cls, "_handle_exitstatus", _handle_exitstatus)


def install() -> None:
    when_imported("subprocess", _install)


frames.step_over(globals(), ours=True)

"""Runs the program as `__main__`, the way the interpreter itself would: nothing in it may tell the difference."""

import atexit
import builtins
import os
import sys
import types
from collections.abc import Callable
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from types import TracebackType
from typing import Any

from ..events import Kind, Outcome
from ..wire import MAIN_THREAD_ID, PROCESS_ID
from . import frames, recorder, tracebacks
from .impersonation import beneath_the_program
from .originals import get_native_id
from .variables import compile_program, watch_folder

_outcome = int(Outcome.DONE)


def run_script(typed: str, argv: "list[str]", loaded: "frozenset[str]") -> None:
    """`python PATH`: a file, or a directory or archive with a `__main__`.

    `loaded` are the modules that were there before ours.
    """
    sys.orig_argv[:] = [sys.executable, typed, *argv]
    sys.argv[:] = [typed, *argv]
    path = os.path.join(os.getcwd(), typed)  # not normalised, as the interpreter itself does it
    if _is_collection(path):
        sys.path.insert(0, path)
        _uncover(path, loaded)
        _by_runpy("__main__", alter_argv=False)
        return
    folder = _folder_of(path)
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, folder)
        _uncover(folder, loaded)
    watch_folder(folder)
    if path.endswith(".pyc"):
        loader: Any = SourcelessFileLoader("__main__", path)
        module = _fresh_main(path, loader)
        _as_program(lambda: beneath_the_program(loader.get_code("__main__"), module.__dict__))
        return
    module = _fresh_main(path, SourceFileLoader("__main__", path))
    _as_program(lambda: beneath_the_program(_compiled(path), module.__dict__))


def run_module(name: str, argv: "list[str]", loaded: "frozenset[str]") -> None:
    """`python -m NAME`."""
    sys.orig_argv[:] = [sys.executable, "-m", name, *argv]
    sys.argv[:] = ["-m", *argv]
    if not getattr(sys.flags, "safe_path", False):
        folder = os.getcwd()
        sys.path.insert(0, folder)
        _uncover(folder, loaded)
    _by_runpy(name, alter_argv=True)


def _is_collection(path: str) -> bool:
    """Does an importer accept `path` itself?"""
    for hook in sys.path_hooks:
        try:
            hook(path)
        except ImportError:
            continue
        return True
    return False


def _folder_of(path: str) -> str:
    """`sys.path[0]` of a script: where it lies, after one symbolic link."""
    if os.path.islink(path):
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    return os.path.realpath(os.path.dirname(path))


def _uncover(folder: str, loaded: "frozenset[str]") -> None:
    """Forget modules that we have imported and that the program shadows by files of its own (`queue.py`)."""
    try:
        there = {name.partition(".")[0] for name in os.listdir(folder)}
    except OSError:
        return
    for name in there & (sys.modules.keys() - loaded):
        spec = sys.modules[name].__spec__
        if spec is not None and spec.origin != "built-in":
            for each in [n for n in sys.modules if n == name or n.startswith(name + ".")]:
                if each not in loaded:
                    del sys.modules[each]


def _by_runpy(name: str, alter_argv: bool) -> None:
    """As `runpy`, whose frames the program sees beneath its own, would do it; but with variables watched."""
    import runpy

    module: Any = runpy
    details = module._get_module_details

    def _get_module_details(*args: Any) -> Any:
        module._get_module_details = details
        found, spec, code = details(*args)
        if spec.origin and isinstance(spec.loader, SourceFileLoader):
            watch_folder(os.path.dirname(os.path.realpath(spec.origin)))
            code = compile_program(spec.loader.get_data(spec.origin), spec.origin)
        return found, spec, code

    module._get_module_details = _get_module_details
    _fresh_main(None, None)
    _as_program(lambda: module._run_module_as_main(name, alter_argv))


def _compiled(path: str) -> types.CodeType:
    with open(path, "rb") as file:
        source = file.read()
    try:
        return compile_program(source, path)
    except (SyntaxError, ValueError) as error:
        _failed(error, "compile")
        _main_thread_ends()
        sys.stdout.flush()
        # Nothing of the program has run: the interpreter itself says it best.
        os.execv(sys.executable, sys.orig_argv)


def _fresh_main(path: "str | None", loader: Any) -> types.ModuleType:
    module = types.ModuleType("__main__")
    module.__dict__.update(__loader__=loader, __builtins__=builtins)
    if sys.version_info < (3, 14):
        module.__dict__.update(__annotations__={})
    if path is not None:
        module.__dict__.update(__file__=path, __cached__=None)
    sys.modules["__main__"] = module
    return module


def _as_program(run: "Callable[[], None]") -> None:
    """Records how the program's main module ends, and keeps our frames out of its traceback."""
    global _outcome
    atexit.register(_main_thread_ends)  # registered first, so it runs last
    recorder.emit(int(Kind.START), PROCESS_ID, os.getpid())
    recorder.emit(int(Kind.START), MAIN_THREAD_ID, get_native_id())
    try:
        run()
    except SystemExit as error:
        if error.code not in (None, 0):
            _outcome = int(Outcome.FAILED)
        tracebacks.clean(error)
        raise
    except BaseException as error:
        _failed(error, "main")
        _strip_excepthook()
        raise
    finally:
        recorder.emit(int(Kind.PROGRAM_END), PROCESS_ID)


def _failed(error: BaseException, where: str) -> None:
    global _outcome
    _outcome = int(Outcome.FAILED)
    tracebacks.clean(error)
    if isinstance(error, SyntaxError) and error.__traceback__ is None:
        where = "compile"
    recorder.exception(MAIN_THREAD_ID, error, where, _n_of_runpy(error.__traceback__))
    recorder.emit(int(Kind.RAISED), MAIN_THREAD_ID)


def _main_thread_ends() -> None:
    recorder.emit(int(Kind.EXIT), MAIN_THREAD_ID, _outcome)


def _n_of_runpy(trace: "TracebackType | None") -> int:
    n = 0
    while trace is not None and trace.tb_frame.f_globals.get("__name__") == "runpy":
        n += 1
        trace = trace.tb_next
    return n if trace is not None else 0


def _strip_excepthook() -> None:
    """The interpreter prints the exception itself, after us: give its hook a traceback without our frames."""
    hook = sys.excepthook

    def excepthook(kind: "type[BaseException]", error: BaseException, trace: "TracebackType | None") -> None:
        tracebacks.clean(error)
        hook(kind, error, error.__traceback__)

    sys.excepthook = excepthook


frames.step_over(globals(), ours=True)

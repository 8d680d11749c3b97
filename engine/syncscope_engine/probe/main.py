"""Runs the program as `__main__`, the way the interpreter itself would."""

import atexit
import os
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import TracebackType
from typing import Any

from ..events import Kind, Outcome
from ..wire import MAIN_THREAD_ID, PROCESS_ID
from . import frames, recorder, tracebacks
from .originals import get_native_id
from .variables import compile_program, watch_folder

_outcome = int(Outcome.DONE)


def run_script(path: str, argv: "list[str]") -> None:
    sys.argv[:] = [path, *argv]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    watch_folder(os.path.dirname(os.path.realpath(path)))
    module = _fresh_main(path, None, SourceFileLoader("__main__", path))
    with _as_program():
        with open(path, "rb") as file:
            source = file.read()
        code = compile_program(source, path)
        exec(code, module.__dict__)


def run_module(name: str, argv: "list[str]") -> None:
    import runpy

    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.getcwd())
    sys.argv[:] = ["-m", *argv]
    with _as_program():
        _, spec, code = runpy._get_module_details(name)  # type: ignore[attr-defined]
        sys.argv[0] = spec.origin or name
        if spec.origin and isinstance(spec.loader, SourceFileLoader):
            watch_folder(os.path.dirname(os.path.realpath(spec.origin)))
            code = compile_program(spec.loader.get_data(spec.origin), spec.origin)
        module = _fresh_main(spec.origin or "", spec, spec.loader)
        module.__package__ = spec.parent
        exec(code, module.__dict__)


def _fresh_main(path: str, spec: Any, loader: Any) -> types.ModuleType:
    module = types.ModuleType("__main__")
    module.__dict__.update(
        __file__=path, __builtins__=__builtins__, __cached__=None, __spec__=spec, __loader__=loader,
        __annotations__={},
    )  # fmt: skip
    sys.modules["__main__"] = module
    return module


@contextmanager
def _as_program() -> "Iterator[None]":
    """Records how the program's main module ends, and keeps our frames out of its traceback."""
    global _outcome
    atexit.register(_main_thread_ends)  # registered first, so it runs last
    recorder.emit(int(Kind.START), PROCESS_ID, os.getpid())
    recorder.emit(int(Kind.START), MAIN_THREAD_ID, get_native_id())
    try:
        yield
    except SystemExit as error:
        if error.code not in (None, 0):
            _outcome = int(Outcome.FAILED)
        raise
    except BaseException as error:
        _outcome = int(Outcome.FAILED)
        tracebacks.clean(error)
        trace = _without_probe(error.__traceback__)
        where = "compile" if isinstance(error, SyntaxError) and trace is None else "main"
        recorder.exception(MAIN_THREAD_ID, error.with_traceback(trace), where)
        recorder.emit(int(Kind.RAISED), MAIN_THREAD_ID)
        _strip_excepthook()
        raise
    finally:
        recorder.emit(int(Kind.PROGRAM_END), PROCESS_ID)


def _main_thread_ends() -> None:
    recorder.emit(int(Kind.EXIT), MAIN_THREAD_ID, _outcome)


def _without_probe(trace: "TracebackType | None") -> "TracebackType | None":
    """Drop the outermost entries that are ours or runpy's."""
    while trace is not None and (
        id(trace.tb_frame.f_globals) in frames.probe_globals
        or trace.tb_frame.f_code.co_filename in _BOOT_FILES
        or trace.tb_frame.f_globals.get("__name__") in ("runpy", "contextlib")
    ):
        trace = trace.tb_next
    return trace


_BOOT_FILES = frozenset({os.path.join(os.path.dirname(os.path.abspath(__file__)), "boot.py")})


def _strip_excepthook() -> None:
    """The interpreter prints the exception itself, after us: give its hook a traceback without our frames."""
    hook = sys.excepthook

    def excepthook(kind: "type[BaseException]", error: BaseException, trace: "TracebackType | None") -> None:
        tracebacks.clean(error)
        trace = _without_probe(error.__traceback__)
        hook(kind, error.with_traceback(trace), trace)

    sys.excepthook = excepthook


frames.step_over(globals(), ours=True)

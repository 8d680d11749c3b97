"""Compiles the program, and the modules that lie beside it, with their shared variables watched."""

import operator
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

from . import frames, recorder
from .locations import clock
from .watch_nodes import CLOCK, OPERATORS, Site, placeholder
from .watches import Watch
from .watching import rewrite

FOLDER = "folder"
"""Option that hands the program's folder on to processes with an interpreter of their own."""


def compile_program(source: bytes, path: str) -> CodeType:
    """The program's code, its shared variables watched if that was asked for and there are any."""
    code = _watched(source, path) or _warning_if_used(
        path, lambda: compile(source, path, "exec", dont_inherit=True)
    )
    assert code is not None
    return code


def _watched(source: bytes, path: str) -> "CodeType | None":
    """None when nothing is to be watched, or the source cannot be compiled: then it fails as it should."""
    if not recorder.options.get("watch", True):
        return None
    try:
        return _warning_if_used(path, lambda: rewrite(source, path, _constants))
    except (SyntaxError, ValueError):
        return None
    except Exception as error:
        recorder.fault("watching", error)
        return None


def _warning_if_used(path: str, make: "Callable[[], CodeType | None]") -> "CodeType | None":
    """The code that `make` makes.  What it warns of is dropped when nothing comes of it: who compiles warns."""
    import warnings

    module: Any = warnings
    show, kept = module._showwarnmsg, []

    def keep(message: Any) -> None:
        if message.filename == path:
            kept.append(message)
        else:
            show(message)

    module._showwarnmsg = keep
    try:
        code = make()
    finally:
        module._showwarnmsg = show
    for message in kept if code is not None else ():
        show(message)
    return code


def _constants(sites: "list[Site]") -> "dict[str, Any]":
    watches = {site.number: Watch(site) for site in sites}
    for site in sites:
        watches[site.number].feeders = tuple(watches[feeder.number] for feeder in site.feeders)
    found: "dict[str, Any]" = {placeholder(site): watches[site.number] for site in sites}
    return {**found, CLOCK: clock, OPERATORS: operator}


class _Finder:
    """Finds the modules that lie beside the program or below it; installed packages are left alone."""

    @classmethod
    def find_spec(
        cls, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        folder = recorder.options.get(FOLDER)
        spec = PathFinder.find_spec(name, path) if folder else None
        if spec is None or type(spec.loader) is not SourceFileLoader or not spec.origin:
            return None
        if not spec.origin.startswith(str(folder)) or frames.owner(spec.origin) != frames.USER:
            return None
        try:
            code = _watched(spec.loader.get_data(spec.origin), spec.origin)
        except OSError:
            return None
        if code is None:
            return None
        watched = code
        # Past the cache of compiled code: nothing of ours may stay behind there.
        spec.loader.get_code = lambda fullname: watched  # type: ignore[method-assign]
        return spec


def watch_folder(folder: str) -> None:
    """Also watch the variables of modules in `folder`, the program's own."""
    recorder.options[FOLDER] = os.path.join(os.path.abspath(folder), "")
    if recorder.options.get("watch", True) and _Finder not in sys.meta_path:
        at = sys.meta_path.index(PathFinder) if PathFinder in sys.meta_path else len(sys.meta_path)
        sys.meta_path.insert(at, _Finder)


def watch_main_of_child() -> None:
    """In a process that multiprocessing spawned: `runpy` compiles the program's main module once more."""
    folder = recorder.options.get(FOLDER)
    if not folder or not recorder.options.get("watch", True):
        return
    watch_folder(str(folder))
    import runpy

    def compile_(source: Any, path: Any, *more: Any, **options: Any) -> Any:
        is_program = isinstance(path, str) and path.startswith(str(folder)) and more == ("exec",)
        watched = _watched(source, path) if is_program and not options else None
        return watched or compile(source, path, *more, **options)

    runpy.__dict__["compile"] = compile_


frames.step_over(globals(), ours=True)

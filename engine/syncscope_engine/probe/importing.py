"""Runs a function right after a module of the standard library has been imported for the first time.

So that start-up stays light, and the program finds in `sys.modules` what it would find without us.
"""

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from . import frames, recorder

_waiting: "dict[str, Callable[[], None]]" = {}


class _Finder:
    @classmethod
    def find_spec(
        cls, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        install = _waiting.pop(name, None)
        if install is None:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None or _shadows(name, spec):
            return spec
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            _run(name, install)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _shadows(name: str, spec: ModuleSpec) -> bool:
    """Is it the program's own file with the name of a module of the standard library?"""
    is_std = name.partition(".")[0] in sys.stdlib_module_names
    return is_std and frames.owner(spec.origin or "") == frames.USER


def _run(name: str, install: "Callable[[], None]") -> None:
    try:
        install()
    except Exception as error:  # the program goes on, unobserved there
        recorder.fault(f"install {name}", error)


def when_imported(name: str, install: "Callable[[], None]") -> None:
    if name in sys.modules:
        _run(name, install)
        return
    _waiting[name] = install
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


frames.step_over(globals(), ours=True)

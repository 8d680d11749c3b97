"""Says plainly when a library puts its own threads and waits in the place of those that are observed."""

import sys
from typing import Any

from . import frames, recorder
from .importing import when_imported

_PATCHERS = {
    "gevent.monkey": ("gevent", ("patch_all", "patch_thread")),
    "eventlet.patcher": ("eventlet", ("monkey_patch",)),
}


def _install(module_name: str) -> None:
    library, names = _PATCHERS[module_name]
    module = sys.modules[module_name]
    for name in names:
        bare = getattr(module, name, None)
        if callable(bare):
            setattr(module, name, _telling(library, bare))


def _telling(library: str, bare: Any) -> Any:
    def patch(*args: Any, **kwargs: Any) -> Any:
        recorder.note(
            f"{library} has put its own green threads, locks and waits in the place of Python's: what happens "
            "between them is not observed."
        )
        return bare(*args, **kwargs)

    patch.__name__, patch.__doc__, patch.__module__ = bare.__name__, bare.__doc__, bare.__module__
    return patch


def install() -> None:
    for name in _PATCHERS:
        when_imported(name, lambda name=name: _install(name))  # type: ignore[misc]


frames.step_over(globals(), ours=True)

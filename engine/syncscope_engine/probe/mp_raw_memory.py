"""Memory that processes share without a lock of its own: its reads and writes are not seen, which is said once."""

from collections.abc import Callable
from types import FrameType
from typing import Any

from . import frames, mp_shared, recorder
from .originals import getframe
from .patching import wrap

Method = Callable[..., Any]

_said: "set[str]" = set()


def _say(what: str, frame: "FrameType | None") -> None:
    """Once, when the program itself asks for it."""
    if what not in _said and mp_shared.made_by_program(frame):
        _said.add(what)
        recorder.note(f"{what} is memory without a lock of its own: its reads and writes are not observed.")


def raw(bare: Method) -> Method:
    def make(*args: Any, **kwargs: Any) -> Any:
        frame = getframe().f_back
        inside = frame is not None and frame.f_globals.get("__name__") == "multiprocessing.sharedctypes"
        if frame is not None and (not inside or frame.f_locals.get("lock") is False):
            _say(f"multiprocessing.{bare.__name__}", frame)
        return bare(*args, **kwargs)

    make.__name__, make.__qualname__, make.__module__ = bare.__name__, bare.__qualname__, bare.__module__
    make.__doc__ = bare.__doc__
    return make


def get_obj_of(original: Method) -> Method:
    def get_obj(self: Any) -> Any:
        if self._syncscope is not None:
            _say("What get_obj() gives", getframe().f_back)
        return original(self)

    return get_obj


def _shared_memory_init(original: Method) -> Method:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        _say("multiprocessing.shared_memory", getframe().f_back)

    return init


def install_shared_memory() -> None:
    from multiprocessing import shared_memory

    wrap(shared_memory.SharedMemory, "__init__", _shared_memory_init)


frames.step_over(globals(), ours=True)

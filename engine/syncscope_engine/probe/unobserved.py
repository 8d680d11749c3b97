"""Says once what a program uses and we do not observe: locks and queues between processes.

A process that waits for one of them looks as if it ran; better said than shown wrong.
"""

from typing import Any

from . import frames, recorder
from .importing import when_imported
from .originals import getframe
from .patching import wrap

_said: "set[str]" = set()


def _made(kind: str) -> None:
    """Note that the program, not the standard library for itself, makes an object of `kind`."""
    if kind in _said:
        return
    frame = frames.beyond_probe(getframe())
    while frame is not None and str(frame.f_globals.get("__name__", "")) in _FACTORIES:
        frame = frame.f_back
    if frame is not None and frames.owner(frame.f_code.co_filename) != frames.STD:
        _said.add(kind)
        recorder.note(
            f"multiprocessing.{kind} is not observed yet: a process that waits for one looks as if it ran."
        )


_FACTORIES = frozenset({"multiprocessing.context", "multiprocessing.queues", "multiprocessing.synchronize"})


def _make_init(bare: Any) -> Any:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        bare(self, *args, **kwargs)
        _made(type(self).__name__)

    return init


def _install_queues() -> None:
    from multiprocessing import queues

    for kind in (queues.Queue, queues.SimpleQueue):
        wrap(kind, "__init__", _make_init)


def _install_synchronize() -> None:
    from multiprocessing import synchronize

    for kind in (
        synchronize.Lock,
        synchronize.RLock,
        synchronize.Semaphore,
        synchronize.Condition,
        synchronize.Event,
    ):
        wrap(kind, "__init__", _make_init)


def install() -> None:
    when_imported("multiprocessing.queues", _install_queues)
    when_imported("multiprocessing.synchronize", _install_synchronize)


frames.step_over(globals(), ours=True)

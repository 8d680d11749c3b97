"""What the probes of asyncio's locks, signals and queues share: whose an object is, and who asks for it.

Only what the program makes is observed; what asyncio makes for itself (the event in a queue, the condition in
a barrier) stays unseen.  A task is marked with what it asks for while it is in the original method; whether
that has to wait shows when its step ends (`aio_steps`): nothing is guessed from an object's inside.

Operations that need not wait are the hot path; see `rationing.Rationed`.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any

from . import aio_steps, aio_tasks, frames, recorder
from .aio_awaits import program_frame
from .aio_steps import Steps
from .originals import getframe
from .patching import PROBE
from .rationing import Rationed
from .recorder import S_IN, S_OUT, S_VALUE


class AioProbe(Rationed):
    """Of an object of asyncio.  n_asking: tasks that may be waiting."""

    __slots__ = ("n_asking",)

    def __init__(self, id_: int, slot: int, word: int) -> None:
        super().__init__(id_, slot, word)
        self.n_asking = 0

    def record(self, kind: int, a: int, b: int, frame: "FrameType | None", flags: int = 0) -> None:
        """Write a record that the program causes at `frame`."""
        recorder.emit(kind, self.id, a, b, program_frame(frame), flags | self.take_flags())

    def count_in(self, value: int) -> None:
        self.n_in += 1
        recorder.words[self.word + S_VALUE] = value if value > 0 else 0
        recorder.words[self.word + S_IN] = self.n_in

    def count_out(self, value: int) -> None:
        self.n_out += 1
        recorder.words[self.word + S_VALUE] = value if value > 0 else 0
        recorder.words[self.word + S_OUT] = self.n_out


def declare(
    kind: str,
    obj: Any,
    frame: "FrameType | None",
    id_: int = 0,
    probe: "type[AioProbe]" = AioProbe,
    **extra: Any,
) -> Any:
    """Describe `obj`, made at `frame`, and give it its probe, of the type `probe`."""
    resource = recorder.declare_resource(
        kind, type(obj).__name__, program_frame(frame), id_, loop=True, **extra
    )
    made = obj.__dict__[PROBE] = probe(resource.id, resource.slot, resource.word)
    return made


def making(declare_it: "Callable[[Any, FrameType | None], object]") -> "Callable[[Any], Any]":
    """Wrapper of `__init__`: describes what the program makes, after it was made."""

    def make(bare: Any) -> Any:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            bare(self, *args, **kwargs)
            frame = _maker(self, getframe().f_back)
            if PROBE not in self.__dict__ and frames.made_by_program(frame):
                try:
                    declare_it(self, frame)
                except Exception as error:
                    recorder.fault(type(self).__name__, error)

        return init

    return make


def _maker(obj: Any, frame: "FrameType | None") -> "FrameType | None":
    """Who makes `obj`: outside of the `__init__` of a subclass in the standard library (BoundedSemaphore)."""
    if frame is None:
        return None
    code = frame.f_code
    is_own_init = code.co_name == "__init__" and frame.f_locals.get("self") is obj
    if is_own_init and frame.f_back is not None and frames.owner(code.co_filename) == frames.STD:
        return frame.f_back
    return frame


def probe_of(obj: Any) -> Any:
    """The probe's side of `obj`; None when it is not observed, or not here."""
    probe = obj.__dict__.get(PROBE)
    return probe if probe is not None and not (aio_tasks.foreign and aio_tasks.foreign_loop_runs()) else None


def asker(obj: Any) -> "tuple[Any, Steps] | None":
    """(the probe's side of `obj`, the task that runs now), when both are observed."""
    probe = probe_of(obj)
    steps = aio_steps.current() if probe is not None else None
    return (probe, steps) if steps is not None else None


frames.step_over(globals(), ours=True)

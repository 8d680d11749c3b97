"""What the probes of asyncio's locks, signals and queues share: whose an object is, and who asks for it.

Only what the program makes is observed; what asyncio makes for itself (the event in a queue, the condition in
a barrier) stays unseen.  A task is marked with what it asks for while it is in the original method; whether
that has to wait shows when its step ends (`aio_steps`): nothing is guessed from an object's inside.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

from . import aio_steps, aio_tasks, frames, recorder
from .aio_steps import Steps, program_frame
from .originals import getframe
from .patching import PROBE
from .recorder import S_DROPPED, S_IN, S_OUT, S_VALUE, W_DROPPED, Resource

P = TypeVar("P")


class Plain:
    """The probe's side of an object that needs nothing but its resource."""

    __slots__ = ("resource",)

    def __init__(self, resource: Resource) -> None:
        self.resource = resource


def declare(kind: str, obj: Any, frame: "FrameType | None", id_: int = 0, **extra: Any) -> Resource:
    return recorder.declare_resource(kind, type(obj).__name__, program_frame(frame), id_, loop=True, **extra)


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


def probe_of(obj: Any, kind: "type[P]") -> "P | None":
    """The probe's side of `obj`; None when it is not observed, or not here."""
    probe = obj.__dict__.get(PROBE)
    return probe if type(probe) is kind and not aio_tasks.foreign_loop_runs() else None


def asker(obj: Any, kind: "type[P]") -> "tuple[P, Steps] | None":
    """(the probe's side of `obj`, the task that runs now), when both are observed."""
    probe = probe_of(obj, kind)
    steps = aio_steps.current() if probe is not None else None
    return (probe, steps) if probe is not None and steps is not None else None


def count_in(resource: Resource, value: int) -> None:
    resource.n_in += 1
    recorder.words[resource.word + S_VALUE] = max(value, 0)
    recorder.words[resource.word + S_IN] = resource.n_in


def count_out(resource: Resource, value: int) -> None:
    resource.n_out += 1
    recorder.words[resource.word + S_VALUE] = max(value, 0)
    recorder.words[resource.word + S_OUT] = resource.n_out


def drop(resource: Resource) -> None:
    """Count a record that is not written although nobody asked for the budget."""
    recorder.words[resource.word + S_DROPPED] += 1
    recorder.words[W_DROPPED] += 1


def record(kind: int, resource: Resource, a: int, b: int, frame: "FrameType | None", flags: int = 0) -> None:
    """Write a record of `resource` that the program causes at `frame`."""
    recorder.emit(kind, resource.id, a, b, program_frame(frame), flags | resource.take_flags())


frames.step_over(globals(), ours=True)

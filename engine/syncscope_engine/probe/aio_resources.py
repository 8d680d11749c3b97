"""What the probes of asyncio's locks, signals and queues share: whose an object is, and who asks for it.

Only what the program makes is observed; what asyncio makes for itself (the event in a queue, the condition in
a barrier) stays unseen.  A task is marked with what it asks for while it is in the original method; whether
that has to wait shows when its step ends (`aio_steps`): nothing is guessed from an object's inside.

Operations that need not wait are the hot path.  Once the budget of a display frame is spent, one comparison
with the frame word and one addition are all that remains of their recording.
"""

import atexit
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any

from . import aio_steps, aio_tasks, frames, recorder
from .aio_steps import Steps, program_frame
from .originals import getframe
from .patching import PROBE
from .rationing import SAMPLED
from .recorder import S_DROPPED, S_IN, S_OUT, S_VALUE, W_DROPPED, W_FRAME

NEVER = -1


_all: "weakref.WeakSet[AioProbe]" = weakref.WeakSet()


@atexit.register
def _count_the_rest() -> None:
    for probe in list(_all):
        probe.count_missed()


class AioProbe:
    """The probe's side of one object: its id, its state words, its budget.

    quiet: the frame whose budget is spent.  n_missed: operations since the newest record.  n_asking: tasks
    that may be waiting.
    """

    __slots__ = (
        "__weakref__", "frame", "id", "left", "n_asking", "n_in", "n_missed", "n_out", "quiet", "slot", "word",
    )  # fmt: skip

    def __init__(self, id_: int, slot: int, word: int) -> None:
        self.id = id_
        self.slot = slot
        self.word = word
        self.frame = self.quiet = NEVER
        self.left = self.n_in = self.n_out = self.n_missed = self.n_asking = 0
        _all.add(self)

    def __del__(self) -> None:
        try:
            if self.n_missed:
                self.count_missed()
        except Exception:  # the interpreter is being taken apart
            pass

    def may_record(self) -> bool:
        """Is there budget left in this frame?  The first operation that finds none is counted at once, so that
        the observer looks at the state words; the rest with the next record."""
        frame = recorder.words[W_FRAME]
        if frame != self.frame:
            self.frame = frame
            self.left = recorder.budget
        if self.left > 0 or not self.slot:
            self.left -= 1
            return True
        self.n_missed += 1
        if self.quiet != frame:
            self.quiet = frame
            self.count_missed()
        return False

    def record(self, kind: int, a: int, b: int, frame: "FrameType | None", flags: int = 0) -> None:
        """Write a record that the program causes at `frame`."""
        self.quiet = NEVER
        if self.n_missed:
            self.count_missed()
            flags |= SAMPLED
        recorder.emit(kind, self.id, a, b, program_frame(frame), flags)

    def count_missed(self) -> None:
        recorder.words[self.word + S_DROPPED] += self.n_missed
        recorder.words[W_DROPPED] += self.n_missed
        self.n_missed = 0

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

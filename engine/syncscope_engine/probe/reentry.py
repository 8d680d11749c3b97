"""Events and semaphores are used in signal handlers and destructors, although their own lock is not re-entrant.

We do more under that lock than the original does, so we must not make the dangerous moment longer.  A probe
notes which thread is inside.  A `set` or `release` that interrupts what the same thread is doing there is done
at once, under the lock that is held already; whoever was interrupted looks at the state again before it waits.
"""

from types import FrameType

from . import frames, recorder

emit = recorder.emit


class Interruptible(recorder.Resource):
    """`inside`: ident of the thread that is in a section under the object's own lock; 0 = none."""

    __slots__ = ("inside",)

    def __init__(self, id_: int, slot: int) -> None:
        super().__init__(id_, slot)
        self.inside = 0

    def write(
        self, kind: int, a: int, b: int, frame: "FrameType | None", flags: int = 0, t_ns: int = 0
    ) -> None:
        emit(kind, self.id, a, b, frame, flags | self.take_flags(), t_ns)


frames.step_over(globals(), ours=True)

"""A task: a thread of the program, or a task of asyncio that a thread carries out."""

from collections.abc import Callable
from typing import Any

from .carriers import Carrier
from .operation import Operation


class Ended(BaseException):
    """The execution is over; raised in every task that is still alive, so that its thread comes back."""


class Task:
    __slots__ = (
        "body", "carrier", "daemon", "deadline", "ended", "ident", "is_through", "name", "number", "options", "pending", "picked",
        "ready", "thread",
    )  # fmt: skip

    def __init__(
        self, number: int, name: str, body: "Callable[[], object]", daemon: bool, thread: Any
    ) -> None:
        self.number = number
        self.name = name
        self.body = body
        self.daemon = daemon
        self.thread = thread
        self.carrier: Carrier | None = None
        self.ident = 0  # of the real thread, 0 = not begun
        self.pending = Operation("begin", 0, False, 0, "", name)
        self.ready: Callable[[], bool] | None = None
        self.deadline: float | None = None
        self.options: "dict[int, Operation] | None" = None  # others' operations that it would carry out
        self.picked = 0
        self.is_through = False  # but for the step of its end
        self.ended = 0  # how often it was told that the execution is over

"""Starts the children, listens to them, and puts together what they found."""

import selectors
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from .. import directory as session_directory
from ..family import Family
from ..guard import Guard
from ..interpreter import Interpreter, UsageError, check_module, find_interpreter
from ..launch import Target, arguments
from .child import Child
from .request import Request
from .schedule import PlannedStep
from .verdict import Explored, add_counts, judge

_PAUSE_S = 0.1
_GRACE_S = 5.0

OnProgress = Callable[[Explored], bool]
"""Called while it goes on, with what is known so far; returns whether to stop."""


def explore(target: Target, request: Request, on_progress: OnProgress = lambda _: False) -> Explored:
    """Raises `UsageError` when there is nothing to run."""
    interpreter, argv = _prepared(target, request.python)
    requests = [share.for_child(argv, request.seed) for share in request.shares()]
    begin = time.monotonic()
    explored = Explored(request, target.label, interpreter.version_text)
    with _Children(interpreter, requests, target) as children:

        def so_far() -> Explored:
            now = Explored(request, target.label, interpreter.version_text)
            for child in children.all:
                if child.last:
                    add_counts(now, child.last, time.monotonic() - begin)
            now.failures = [
                said for child in children.all for said in child.said if said["kind"] == "failure"
            ]
            return now

        stopped = False
        try:
            while children.open() and not stopped:
                children.listen(request.patience_s + _GRACE_S)
                explored = so_far()
                if not request.keep_going and any(child.has_failed() for child in children.all):
                    break  # the others need not go on
                stopped = on_progress(explored)
        except KeyboardInterrupt:
            stopped = True
        explored = so_far()
        explored.seconds = time.monotonic() - begin
        for child in children.all:
            for said in child.said:
                if said["kind"] == "refused":
                    raise UsageError(said["text"])
        if not explored.failures and not stopped:
            endings = [child.how_it_ended(request.patience_s) for child in children.all]
            explored.endings = [ending for ending in endings if ending is not None]
        if len(children.all) > 1:
            orders = {order for child in children.all for order in (child.end or {}).get("orders", ())}
            explored.distinct = max(
                len(orders), max((c.last.get("distinct", 0) for c in children.all), default=0)
            )
            explored.once = min(explored.once, explored.distinct)
        judge(explored, [str(child.end["verdict"]) for child in children.all if child.end], stopped)
    return explored


def follow(
    target: Target,
    request: Request,
    steps: "tuple[PlannedStep, ...]" = (),
    forced: "Mapping[int, int]" = MappingProxyType({}),
    replays: int = 1,
) -> dict[str, Any]:
    """What the program does under a schedule, or with single choices forced (step → task).

    `followed`, `diverged`, or `ended` with its `ending`; raises `UsageError`.
    """
    interpreter, argv = _prepared(target, request.python)
    asked = request.for_child(argv, request.seed)
    asked |= {"mode": "follow", "replays": replays, "steps": [list(step) for step in steps]}
    asked["forced"] = list(forced.items())
    with _Children(interpreter, [asked], target) as children:
        (child,) = children.all
        while children.open():
            children.listen(request.patience_s + _GRACE_S)
        for said in child.said:
            if said["kind"] == "refused":
                raise UsageError(said["text"])
            if said["kind"] in ("followed", "diverged"):
                return said
        return {"kind": "ended", "ending": child.how_it_ended(request.patience_s)}


def _prepared(target: Target, python: str | None) -> tuple[Interpreter, list[str]]:
    interpreter = find_interpreter(python)
    argv = arguments(target)
    if target.module is not None:
        check_module(interpreter, target.module, target.cwd)
    return interpreter, argv


class _Children:
    """Killed with all that they started when we leave, however that comes about."""

    def __init__(self, interpreter: Interpreter, requests: list[dict[str, object]], target: Target) -> None:
        self._start = interpreter, requests, target
        self.all: list[Child] = []

    def __enter__(self) -> "_Children":
        interpreter, requests, target = self._start
        self._directory = session_directory.create()
        self._guard = Guard(self._directory)
        self._selector = selectors.DefaultSelector()
        try:
            for number, request in enumerate(requests):
                child = Child(interpreter, request, target.cwd, self._directory, number)
                child.heard_at = time.monotonic()
                self.all.append(child)
                self._selector.register(child.pipe, selectors.EVENT_READ, child)
                if number == 0:
                    self._guard.watch(child.pid)
        except BaseException:
            self.__exit__()
            raise
        return self

    def open(self) -> bool:
        return any(child.pipe >= 0 for child in self.all)

    def listen(self, patience_s: float) -> None:
        for key, _ in self._selector.select(_PAUSE_S):
            child: Child = key.data
            pipe = child.pipe
            for _said in child.read():
                child.heard_at = time.monotonic()
            if child.pipe < 0:
                self._selector.unregister(pipe)
        now = time.monotonic()
        for child in self.all:
            if child.pipe >= 0 and now - child.heard_at > patience_s:
                self._selector.unregister(child.pipe)
                child.give_up()

    def __exit__(self, *raised: object) -> None:
        self._selector.close()
        for child in self.all:
            child.stop()
        if self.all:
            Family(self._directory, self.all[0].pid).kill()
        self._guard.dismiss()
        session_directory.remove(self._directory)

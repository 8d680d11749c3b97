"""Starts the children, listens to them, and puts together what they found."""

import selectors
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from .. import directory as session_directory
from ..family import Family
from ..guard import Guard
from ..interpreter import Interpreter, UsageError, check_module, find_interpreter
from ..launch import Target, arguments
from .child import Child
from .parts import Parts
from .request import Request
from .schedule import PlannedStep
from .verdict import Explored, Verdict, add_counts, judge

_PAUSE_S = 0.1
_GRACE_S = 5.0

OnProgress = Callable[[Explored], bool]
"""Called while it goes on, with what is known so far; returns whether to stop."""


def explore(target: Target, request: Request, on_progress: OnProgress = lambda _: False) -> Explored:
    """Raises `UsageError` when there is nothing to run."""
    interpreter, argv = _prepared(target, request.python)
    in_parts = request.strategy == "dpor" and request.jobs > 1
    shares = [request] * request.jobs if in_parts else request.shares()
    requests = [share.for_child(argv, request.seed) for share in shares]
    if in_parts:
        requests = [asked | {"mode": "parts"} for asked in requests]
    with _Children(interpreter, requests, target) as children:
        search = _Search(children, request, Explored(request, target.label, interpreter.version_text))
        return search.in_parts(on_progress) if in_parts else search.in_shares(on_progress)


class _Search:
    def __init__(self, children: "_Children", request: Request, nothing: Explored) -> None:
        self._children = children
        self._request = request
        self._nothing = nothing
        self._begin = time.monotonic()

    def in_shares(self, on_progress: OnProgress) -> Explored:
        """Each child searches by itself."""
        children, stopped = self._children, False
        try:
            while children.open() and not stopped:
                children.listen(self._request.patience_s + _GRACE_S)
                if not self._request.keep_going and any(child.has_failed() for child in children.all):
                    break  # the others need not go on
                stopped = on_progress(self._so_far())
        except KeyboardInterrupt:
            stopped = True
        explored = self._so_far()
        if len(children.all) > 1:
            orders = {order for child in children.all for order in (child.end or {}).get("orders", ())}
            most = max((child.last.get("distinct", 0) for child in children.all), default=0)
            explored.distinct = max(len(orders), most)
            explored.once = min(explored.once, explored.distinct)
        verdicts = [str(child.end["verdict"]) for child in children.all if child.end]
        return self._judged(explored, verdicts, stopped)

    def in_parts(self, on_progress: OnProgress) -> Explored:
        """The children take parts of one search."""
        children, request, parts = self._children, self._request, Parts()
        stopped = failed = False
        try:
            while children.open() and not parts.done and not stopped and not failed:
                ready = [child for child in children.all if child.ready and child.pipe >= 0]
                explored = self._so_far()
                seconds = None if request.seconds is None else request.seconds - explored.seconds
                if seconds is not None and seconds <= 0:
                    break
                runs = None if request.runs is None else request.runs - explored.runs
                if runs is not None and runs <= 0:
                    break
                parts.hand_out(parts.idle(ready), runs, seconds)
                for child, said in children.listen(request.patience_s + _GRACE_S):
                    if said["kind"] == "part":
                        parts.take_back(child, said)
                        failed = failed or (said["failures"] > 0 and not request.keep_going)
                        stopped = stopped or bool(said["divergence"])
                    stopped = stopped or said["kind"] == "refused"
                if not all(child.pipe >= 0 for child in children.all):
                    break  # one has ended, and its part with it
                stopped = on_progress(self._so_far()) or stopped
        except KeyboardInterrupt:
            stopped = True
        explored = self._so_far()
        explored.share = None
        return self._judged(
            explored, [Verdict.EXHAUSTED.value] if parts.done else [], stopped and not explored.divergence
        )

    def _so_far(self) -> Explored:
        now = replace(self._nothing, unfinished={}, warnings={})
        seconds = time.monotonic() - self._begin
        for child in self._children.all:
            for counts in [*child.parts, *([child.last] if child.last else [])]:
                add_counts(now, counts, seconds)
        now.seconds = seconds
        if self._request.jobs > 1:
            now.searched = seconds
        failures = [said for child in self._children.all for said in child.said if said["kind"] == "failure"]
        # several children may meet the same one
        now.failures = list(
            {(f["outcome"], f["error"], f["file"], f["line"]): f for f in reversed(failures)}.values()
        )
        now.failures.reverse()
        return now

    def _judged(self, explored: Explored, verdicts: list[str], stopped: bool) -> Explored:
        for child in self._children.all:
            for said in child.said:
                if said["kind"] == "refused":
                    raise UsageError(said["text"])
        if not explored.failures and not stopped:
            endings = [child.how_it_ended(self._request.patience_s) for child in self._children.all]
            explored.endings = [ending for ending in endings if ending is not None]
        judge(explored, verdicts, stopped)
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

    def listen(self, patience_s: float) -> "list[tuple[Child, dict[str, Any]]]":
        heard = []
        for key, _ in self._selector.select(_PAUSE_S):
            child: Child = key.data
            pipe = child.pipe
            for said in child.read():
                child.heard_at = time.monotonic()
                heard.append((child, said))
            if child.pipe < 0:
                self._selector.unregister(pipe)
        now = time.monotonic()
        for child in self.all:
            if child.pipe >= 0 and now - child.heard_at > patience_s and not child.waits:
                self._selector.unregister(child.pipe)
                child.give_up()
        return heard

    def __exit__(self, *raised: object) -> None:
        self._selector.close()
        for child in self.all:
            child.stop()
        if self.all:
            Family(self._directory, self.all[0].pid).kill()
        self._guard.dismiss()
        session_directory.remove(self._directory)

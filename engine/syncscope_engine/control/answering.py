"""Does what the observer asks for: explore a program, or follow one schedule of it."""

import ast
import faulthandler
import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

from .bounded import Bounded
from .channel import Channel, ChannelLostError
from .dpor import Dpor
from .execution import Chooser, Cut, Execution, Point, Result
from .lost_updates import LostUpdates
from .operation import Operation
from .pct import Pct
from .permits import one_too_many
from .pos import Pos
from .program import Program
from .random_walk import RandomWalk
from .schedule import Planned, ended_as_planned, follow, planned
from .search import Failure, Found, Search, signature
from .shrink import forced_choices, forcing, shrink, switches
from .strategy import Divergence, Strategy

EVERY_S = 0.25
"""Between two lines about how far the search is."""
_OUTPUT = 20_000


def strategy_of(asked: "dict[str, Any]") -> Strategy:
    name, seed = asked["name"], int(asked.get("seed", 0))
    if name == "dpor":
        return Dpor()
    if name == "bounded":
        return Bounded(asked.get("bound", 2))
    if name == "random":
        return RandomWalk(seed)
    if name == "pos":
        return Pos(seed)
    if name == "pct":
        return Pct(seed, int(asked.get("depth", 3)))
    raise ValueError(f"no such strategy: {name}")


def answer(request: "dict[str, Any]") -> None:
    channel = Channel(int(request["descriptor"]))
    try:
        try:
            program = Program(request["argv"])
            steps, seed = int(request["max_steps"]), int(request["program_seed"])
            execution = _Judged(
                Execution(
                    program,
                    request["granularity"],
                    steps,
                    seed,
                    request["asyncio_order"],
                    request["time_limits"],
                )
            )
            if request["mode"] == "follow":
                _follow(execution, request, channel)
            elif request["mode"] == "parts":
                _search_parts(execution, request, channel)
            else:
                _explore(execution, request, channel)
        except (SyntaxError, FileNotFoundError) as error:
            where = f" ({error.filename}, line {error.lineno})" if isinstance(error, SyntaxError) else ""
            channel.tell("refused", text=f"{error.args[0] if error.args else error}{where}")
    except ChannelLostError:
        return


class _Judged:
    """An execution, and what went wrong in it although nobody noticed."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._updates: LostUpdates | None = None

    def run(self, choose: Chooser) -> Result:
        result = self._execution.run(choose)
        if self._updates is None:
            self._updates = LostUpdates()
            for file in self._execution.program.files:
                try:
                    with open(file, "rb") as source:
                        self._updates.learn(ast.parse(source.read()), file)
                except (OSError, SyntaxError):  # not a file, such as a module in an archive
                    continue
        return one_too_many(self._updates.mark(result))


def _explore(execution: _Judged, request: "dict[str, Any]", channel: Channel) -> None:
    # What hangs in C with the GIL held cannot be told by Python code
    patience = float(request["patience_s"])
    search = Search(
        execution.run,
        strategy_of(request["strategy"]),
        runs=request.get("runs"),
        seconds=request.get("seconds"),
        keep_going=bool(request.get("keep_going")),
    )
    faulthandler.dump_traceback_later(patience, exit=True)

    def on_run(found: Found) -> None:
        if perf_counter() - channel.told_at >= EVERY_S:
            faulthandler.dump_traceback_later(patience, exit=True)
            channel.tell("progress", **_counts(found))

    channel.tell("begun")
    found = search.go(on_run)
    for failure in found.failures:
        faulthandler.dump_traceback_later(10 * patience, exit=True)
        channel.tell("failure", **_failure(execution.run, failure, int(request["replays"])))
    faulthandler.cancel_dump_traceback_later()
    channel.tell("end", **_counts(found), orders=sorted(found.orders))


def _search_parts(execution: _Judged, request: "dict[str, Any]", channel: Channel) -> None:
    """Parts of a search that the observer hands out, one after the other; what is left of each goes back to it."""
    patience = float(request["patience_s"])
    channel.tell("ready")
    for line in request["lines"]:
        asked = json.loads(line)
        strategy = Dpor(asked["given"], asked["daemons"])
        search = Search(
            execution.run,
            strategy,
            runs=asked["runs"],
            seconds=asked["seconds"],
            keep_going=bool(request.get("keep_going")),
        )
        faulthandler.dump_traceback_later(patience, exit=True)
        found = search.go(lambda _: faulthandler.dump_traceback_later(patience, exit=True))
        for failure in found.failures:
            faulthandler.dump_traceback_later(10 * patience, exit=True)
            channel.tell("failure", **_failure(execution.run, failure, int(request["replays"])))
        faulthandler.cancel_dump_traceback_later()
        channel.tell(
            "part",
            **_counts(found),
            rest=strategy.rest(),
            escaped=strategy.escaped,
            daemons=sorted(strategy.daemons),
        )


def _counts(found: Found) -> "dict[str, object]":
    return {
        "verdict": found.verdict,
        "runs": found.runs,
        "cut": found.cut,
        "steps": found.steps,
        "longest": found.longest,
        "seconds": found.seconds,
        "failures": len(found.failures),
        "unfinished": found.unfinished,
        "warnings": found.warnings,
        "distinct": len(found.orders),
        "once": found.once,
        "share": found.share,
        "divergence": found.divergence,
    }


def _failure(run: "Callable[[Chooser], Result]", failure: Failure, replays: int) -> "dict[str, object]":
    found = failure.result
    small, tries = found, 0
    divergence = ""
    repeated = 0
    try:
        small, tries = shrink(run, found)
        schedule = [planned(step) for step in small.steps]
        for _ in range(replays):
            result = run(follow(schedule))
            repeated += signature(result) == signature(small) and len(result.steps) == len(small.steps)
    except Divergence as gone:
        divergence = str(gone)
    return {
        **told(small),
        "found_at": failure.found_at,
        "times": failure.times,
        "switches": switches(small),
        "switches_before": switches(found),
        "forced_before": len(forced_choices(found)),
        "tries": tries,
        "replayed": repeated,
        "replays": replays,
        "divergence": divergence,
    }


def told(result: Result) -> "dict[str, object]":
    """An execution as plain data."""
    file, line = result.where
    return {
        "outcome": result.outcome,
        "error": result.error,
        "file": file,
        "line": line,
        "steps": [_step(step.task, step.operation) for step in result.steps],
        "forced": sorted(forced_choices(result)),
        "pending": {task: _step(task, operation) for task, operation in result.pending.items()},
        "names": result.names,
        "output": result.output[-_OUTPUT:],
        "warnings": result.warnings,
    }


def _step(task: int, operation: Operation) -> "list[object]":
    return [task, operation.kind, operation.what, operation.file, operation.line]


def _follow(execution: _Judged, request: "dict[str, Any]", channel: Channel) -> None:
    schedule = [Planned(*step) for step in request["steps"]]
    made: list[list[object]] = []
    forced = {int(n): int(task) for n, task in request["forced"]}

    def noting(choose: Chooser) -> Chooser:
        def choose_and_note(point: Point) -> int:
            task = choose(point)
            made.append(_step(task, point.pending[task]))
            return task

        return choose_and_note

    faulthandler.dump_traceback_later(float(request["patience_s"]), exit=True)
    for _ in range(int(request["replays"])):
        made.clear()
        try:
            result = execution.run(noting(follow(schedule) if schedule else forcing(forced)))
            missing = ended_as_planned(schedule, result)
            if missing is not None:
                raise missing
        except Divergence as gone:
            channel.tell("diverged", at=gone.at, expected=gone.expected, found=gone.found, steps=made)
            return
    channel.tell("followed", **told(result))


assert issubclass(Divergence, Cut)

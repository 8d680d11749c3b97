"""`syncscope explore` and `syncscope step --headless`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.text import Text

from syncscope_engine.explore.launch import OnProgress, explore, follow
from syncscope_engine.explore.report import build_report, failure_report, step_report
from syncscope_engine.explore.request import Request
from syncscope_engine.explore.schedule import (
    PlannedStep,
    Schedule,
    ScheduleError,
    load,
    save,
    script_of,
)
from syncscope_engine.explore.verdict import FAILURES, Explored, Verdict
from syncscope_engine.interpreter import UsageError

from .closed_pipe import refuse, write_line
from .explored_words import command, ending_sentence, failure_sentence, print_explored, print_steps
from .i18n import t
from .renderables.amounts import count, percent
from .report_console import ReportConsole
from .targets import Chosen, choose, choose_module
from .usage_errors import INTERRUPTED

_FAILED, _WRONG = 1, 2
_MOST_CHOICES = 30


@dataclass(frozen=True)
class Typed:
    """What the user named: needed again for the command that replays."""

    target: str
    as_module: bool = False
    arguments: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()

    def choose(self, language: str) -> Chosen:
        if self.as_module:
            return choose_module(self.target, self.arguments, self.parameters)
        return choose(self.target, self.arguments, self.parameters, language)

    def words(self) -> list[str]:
        words = [word for parameter in self.parameters for word in ("--param", parameter)]
        return [*words, *(["-m"] if self.as_module else []), self.target, *self.arguments]


def explore_and_report(
    typed: Typed, request: Request, file: Path | None, language: str, as_json: bool
) -> int:
    """Exit status.  Raises `UsageError` when there is nothing to run or nowhere to write."""
    chosen = typed.choose(language)
    with _progress(request) as on_progress:
        explored = explore(chosen.target, request, on_progress)
    saved = ""
    if explored.failures and file is not None:
        try:
            save(schedule_of(typed, chosen, request, explored.failures[0]), file)
        except ScheduleError as error:
            raise UsageError(str(error)) from error
        saved = str(file)
    replay = replay_command(typed, request, explored.failures[0], saved) if explored.failures else ""
    if as_json:
        report = build_report(explored) | {"schedule": saved, "replay": replay}
        write_line(json.dumps(report, ensure_ascii=False), sys.stdout)
    else:
        print_explored(explored, replay, saved)
    if explored.verdict is Verdict.BUDGET_SPENT and explored.reason == "stopped":
        return INTERRUPTED
    return explored.exit_status


def schedule_of(typed: Typed, chosen: Chosen, request: Request, failure: dict[str, Any]) -> Schedule:
    form = "module" if typed.as_module else "scenario" if chosen.scenario is not None else "script"
    target = chosen.target.label if form == "scenario" else typed.target
    return Schedule(
        target=target,
        form=form,
        arguments=typed.arguments,
        parameters=typed.parameters,
        granularity=request.granularity,
        seed=request.seed,
        max_steps=request.max_steps,
        time_limits=request.time_limits,
        asyncio_order=request.asyncio_order,
        outcome=failure["outcome"],
        error=failure["error"],
        tasks={int(number): name for number, name in failure["names"].items()},
        steps=tuple(
            PlannedStep(task, kind, what, Path(path).name, line)
            for task, kind, what, path, line in failure["steps"]
        ),
        forced=frozenset(failure["forced"]),
    )


def replay_command(typed: Typed, request: Request, failure: dict[str, Any], saved: str) -> str:
    if saved:
        return command(["step", "--headless", "--schedule", saved])
    forced = failure["forced"]
    if len(forced) > _MOST_CHOICES:
        return command(["explore", "--save", "FILE", *typed.words()])
    choices = ",".join(f"{n}:{failure['steps'][n][0]}" for n in forced)
    words = ["step", "--headless", f"--choices={choices}"]
    if request.granularity != "access":
        words += ["--granularity", request.granularity]
    if request.time_limits != "virtual":
        words += ["--time-limits", request.time_limits]
    if request.asyncio_order != "faithful":
        words += ["--asyncio-order", request.asyncio_order]
    if request.seed:
        words += ["--seed", str(request.seed)]
    return command([*words, *typed.words()])


def replay_schedule(path: Path, request: Request, language: str, as_json: bool) -> int:
    try:
        schedule = load(path)
    except ScheduleError as error:
        refuse(str(error))
    target = schedule.target
    if schedule.form == "script":
        script = script_of(schedule, path)
        if not script.exists():
            refuse(t("explore.step.missing", file=script))
        target = str(script)
    typed = Typed(target, schedule.form == "module", schedule.arguments, schedule.parameters)
    request = Request(
        granularity=schedule.granularity,  # type: ignore[arg-type]
        seed=schedule.seed,
        max_steps=schedule.max_steps,
        time_limits=schedule.time_limits,  # type: ignore[arg-type]
        asyncio_order=schedule.asyncio_order,  # type: ignore[arg-type]
        python=request.python,
    )
    chosen = typed.choose(language)
    return _report_followed(follow(chosen.target, request, steps=schedule.steps), as_json)


def replay_choices(typed: Typed, choices: str, request: Request, language: str, as_json: bool) -> int:
    forced = {}
    for text in filter(None, choices.split(",")):
        step, colon, task = text.partition(":")
        if not colon or not (step.isdecimal() and task.isdecimal()):
            refuse(t("explore.step.bad_choices", text=text))
        forced[int(step)] = int(task)
    chosen = typed.choose(language)
    return _report_followed(follow(chosen.target, request, forced=forced), as_json)


def _report_followed(said: dict[str, Any], as_json: bool) -> int:
    console = ReportConsole()
    kind = said["kind"]
    if kind == "ended":
        ending = said["ending"]
        refuse(ending_sentence(ending, 0) if ending is not None else t("explore.reason.ended"))
    if kind == "diverged":
        sentence = t("explore.step.diverged", at=said["at"], expected=said["expected"], found=said["found"])
        if as_json:
            steps = [step_report(step) for step in said["steps"]]
            report = {"outcome": "diverged", "at": said["at"], "expected": said["expected"]}
            write_line(json.dumps({**report, "found": said["found"], "steps": steps}), sys.stdout)
        else:
            console.print(Text.assemble((t("explore.step.diverged_verdict"), "bold yellow"), "  ", sentence))
        return _WRONG
    failed = said["outcome"] in FAILURES
    if as_json:
        write_line(json.dumps(failure_report(said), ensure_ascii=False), sys.stdout)
    else:
        print_steps(said, console)
        outcome = failure_sentence(said) if failed else t(f"explore.outcome.{said['outcome']}")
        sentence = t("explore.step.followed", n=len(said["steps"]), outcome=outcome)
        console.print(Text(sentence, "bold red" if failed else "bold"))
    return _FAILED if failed else 0


@contextmanager
def _progress(request: Request) -> Iterator[OnProgress]:
    if not sys.stderr.isatty():
        yield lambda _: False
        return
    with Console(stderr=True).status(t("explore.preparing"), refresh_per_second=4) as status:
        yield _Shown(status).update


class _Shown:
    def __init__(self, status: Status) -> None:
        self._status = status

    def update(self, explored: Explored) -> bool:
        self._status.update(progress_line(explored))
        return False


def progress_line(explored: Explored) -> str:
    parts: list[str] = []
    n, rate = explored.runs, count(round(explored.per_second))
    parts.append(t("explore.progress", n=n, rate=rate, time=f"{explored.seconds:.0f} s"))
    if explored.cut:
        parts.append(t("explore.cut", count=count(explored.cut)))
    if explored.share is not None:
        parts.append(t("explore.share", share=percent(explored.share)))
    chance = explored.new_order_chance
    if chance is not None:
        parts.append(t("explore.distinct", count=count(explored.distinct), chance=percent(chance)))
    if explored.failures:
        parts.append(t("explore.failed", n=len(explored.failures)))
    return " · ".join(parts)

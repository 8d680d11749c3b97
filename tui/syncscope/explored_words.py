"""What came of an exploration, in words for people."""

import os
import shlex
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from syncscope_engine.explore.child import Ending
from syncscope_engine.explore.verdict import Explored, Verdict

from .i18n import has, t
from .renderables.amounts import count
from .renderables.clean import clean
from .report_console import ReportConsole

_STYLES = {Verdict.FAILS: "bold red", Verdict.EXHAUSTED: "bold green", Verdict.BUDGET_SPENT: "bold yellow"}
_MOST_STEPS = 80
_MOST_LINES = 12
Step = Sequence[Any]
"""task, kind, what, file, line."""


def print_explored(explored: Explored, replay: str, saved: str, console: Console | None = None) -> None:
    """`replay`: the command that repeats the first failure; `saved`: the file it is in, "" = none."""
    console = console or ReportConsole()
    verdict = explored.verdict
    strategy = t(f"explore.strategy.{explored.request.strategy}")
    head = Text.assemble(
        (t(f"explore.verdict.{verdict.value}"), _STYLES[verdict]), f"  {clean(explored.label)}"
    )
    head.append(f" · {strategy}", "dim")
    console.print(head)
    console.print(_counts(explored), style="dim")
    console.print()
    console.print(Text(verdict_sentence(explored), "bold"))
    for sentence in reasons(explored):
        console.print(Text(sentence))
    if explored.failures:
        first, *others = explored.failures
        print_failure(first, explored.runs, console)
        if others:
            console.print(Text(t("explore.other_failures", n=len(others))))
            for other in others:
                console.print(Text(f"  {failure_sentence(other)}"))
            console.print()
        if saved:
            console.print(Text(t("explore.saved", file=saved)))
        console.print(Text(t("explore.replay")))
        console.print(Text(f"  {replay}"), soft_wrap=True)
        if not saved:
            console.print(Text(t("explore.save"), "dim"))
    else:
        console.print()
        console.print(Text(t("explore.under")))
        for sentence in assumptions(explored):
            console.print(Padding(Text(f"· {sentence}"), (0, 0, 0, 2)))
    _noticed(explored, console)


def _counts(explored: Explored) -> Text:
    return Text(
        t(
            "explore.counts",
            n=count(explored.runs),
            cut=count(explored.cut),
            steps=count(explored.steps),
            time=f"{explored.seconds:.1f} s",
            rate=count(round(explored.per_second)),
            python=explored.python,
        )
    )


def verdict_sentence(explored: Explored) -> str:
    verdict, n = explored.verdict, explored.runs
    if verdict is Verdict.FAILS:
        return failure_sentence(explored.failures[0])
    if verdict is Verdict.EXHAUSTED:
        key = f"explore.means.exhausted_{explored.request.strategy}"
        return t(key, n=n, bound=explored.request.bound)
    return t("explore.means.budget_spent", n=n) if n else t("explore.means.budget_spent_none")


def reasons(explored: Explored) -> list[str]:
    """Why the search did not come to its end."""
    if explored.verdict is not Verdict.BUDGET_SPENT:
        return []
    sentences = [t(f"explore.reason.{explored.reason}", what=explored.divergence)]
    sentences += [ending_sentence(ending, explored.runs) for ending in explored.endings]
    return sentences


def ending_sentence(ending: Ending, runs: int) -> str:
    where = ""
    if ending.file:
        where = t("explore.ended.where", file=os.path.basename(ending.file), line=ending.line)
    return t(f"explore.ended.{ending.how}", detail=clean(ending.detail), n=runs, where=where)


def assumptions(explored: Explored) -> list[str]:
    request = explored.request
    return [
        t(f"explore.assumption.{name}", seed=request.seed, bound=request.bound)
        for name in explored.assumptions()
    ]


def failure_sentence(failure: dict[str, Any]) -> str:
    if failure["outcome"] == "deadlock":
        return t("explore.deadlock.error")
    where = place(failure["file"], failure["line"])
    error = clean(failure["error"])
    if failure["outcome"] in ("lost_update", "unbounded_release"):
        error = t(f"explore.{failure['outcome']}.error", what=error)
    return error + (f" ({where})" if where else "")


def place(file: str, line: int) -> str:
    return f"{os.path.basename(file)}:{line}" if file and line else ""


def does(step: Step) -> str:
    """What a task does, without its name."""
    _, kind, what, _, _ = step
    key = f"explore.does.{kind}"
    return t(key if has(key) else "explore.does.anything", kind=kind, what=clean(str(what)))


def print_failure(failure: dict[str, Any], orders: int, console: Console) -> None:
    found = t(
        "explore.found_at",
        n=failure["found_at"],
        orders=orders,
        times=failure["replayed"],
        of=failure["replays"],
        switches=failure["switches"],
        forced=len(failure["forced"]),
        switches_before=failure["switches_before"],
        forced_before=failure["forced_before"],
    )
    console.print(Text(found, "dim"))
    console.print()
    print_steps(failure, console)


def print_steps(failure: dict[str, Any], console: Console) -> None:
    """The steps of an execution, what everybody waits for at its end, and what was written."""
    steps: list[Step] = failure["steps"]
    names: dict[str, str] = failure["names"]
    forced = set(failure["forced"])
    first = max(0, len(steps) - _MOST_STEPS)
    key = "explore.steps_short" if first else "explore.steps"
    console.print(Text(t(key, count=len(steps) - first, all=len(steps)), "bold"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim")
    table.add_column()
    table.add_column(overflow="fold")
    table.add_column(style="dim")
    before = None
    for n, step in enumerate(steps[first:], first):
        name = "" if step[0] == before else clean(names.get(str(step[0]), str(step[0])))
        mark = "*" if n in forced else " "
        style = "bold" if n in forced else ""
        table.add_row(f"{mark} {n}", Text(name, "bold"), Text(does(step), style), place(step[3], step[4]))
        before = step[0]
    console.print(table)
    if forced:
        console.print(Text(t("explore.star"), "dim"))
    console.print()
    if failure["outcome"] == "deadlock":
        console.print(Text(t("explore.waiting"), "bold"))
        for number, step in failure["pending"].items():
            words = t("explore.waits", task=clean(names.get(number, number)), does=does(step))
            console.print(Text(f"  {words} {place(step[3], step[4])}"))
        console.print()
    lines = [clean(line) for line in failure["output"].rstrip().split("\n") if line.strip()]
    if lines:
        console.print(Text(t("explore.output"), "bold"))
        for line in lines[-_MOST_LINES:]:
            console.print(Text(f"  {line}"))
        console.print()


def _noticed(explored: Explored, console: Console) -> None:
    texts = {**explored.unfinished, **explored.warnings}
    if not texts:
        return
    console.print()
    console.print(Text(t("explore.noticed")))
    for text, n in texts.items():
        console.print(Padding(Text("· " + t("explore.times", text=clean(text), n=n)), (0, 0, 0, 2)))


def command(words: Sequence[str]) -> str:
    return shlex.join(["syncscope", *words])

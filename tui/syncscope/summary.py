"""The report of a headless run for people: how it ended, what was wrong, who did and held what."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from .i18n import t
from .renderables.amounts import percent
from .renderables.clean import clean
from .renderables.header import NOTABLE
from .report_console import ReportConsole

Report = dict[str, Any]
_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold blue"}
_MOST_ROWS = 30


def print_summary(report: Report, console: Console | None = None) -> None:
    console = console or ReportConsole()
    seconds = report["duration_ns"] / 1e9
    outcome = t(f"summary.outcome_{report['outcome']}")
    console.print(f"[bold]{escape(clean(report['target']))}[/] · {outcome} · {seconds:.2f} s")
    counts = t(
        "summary.counts",
        python=report["python"],
        events=report["events"],
        dropped=report["dropped"],
        sampled=report["sampled"],
        share=f"{100 * report['probe_share']:.1f}",
    )
    console.print(f"[dim]{counts}[/]")
    if report["probe_share"] >= NOTABLE:
        key = "summary.slowed_at_least" if report["sampled"] else "summary.slowed"
        console.print(f"[yellow]{t(key, share=percent(report['probe_share']))}[/]")
    console.print()
    _tasks(report, console)
    _resources(report, console)
    _findings(report, console)


def _tasks(report: Report, console: Console) -> None:
    table = _table("task", "state", "ran", "waited", "slept", "where", "waits_for")
    names = _names(report)
    for task in report["tasks"][:_MOST_ROWS]:
        if task["kind"] == "process" and not task["parent"]:
            continue
        times = [task["run_ns"], task["wait_ns"], task["sleep_ns"]]
        if task["kind"] == "process":  # it is its threads that run
            times = [0, 0, 0]
        table.add_row(
            escape(clean(task["name"])),
            t(f"states.{task['state']}"),
            *map(_seconds, times),
            _shares(times),
            escape(names.get(task["waits_for"] or 0, "")),
        )
    _show(table, len(report["tasks"]), console)


def _shares(times: list[int]) -> str:
    """Where the time went, as a bar of ten: running, waiting, asleep."""
    total = sum(times)
    if not total:
        return ""
    ran, waited = (round(10 * ns / total) for ns in times[:2])
    return (
        f"[green]{'█' * ran}[/][red]{'▒' * min(waited, 10 - ran)}[/][dim]{'─' * max(10 - ran - waited, 0)}[/]"
    )


def _resources(report: Report, console: Console) -> None:
    if not report["resources"]:
        return
    table = _table("resource", "used", "contended", "longest", "owner")
    names = _names(report)
    for resource in sorted(report["resources"], key=lambda r: -r["max_wait_ns"])[:_MOST_ROWS]:
        table.add_row(
            escape(f"{clean(resource['name'])} ({resource['kind']})"),
            str(resource["acquired"]),
            str(resource["contended"]),
            _seconds(resource["max_wait_ns"]),
            escape(names.get(resource["owner"] or 0, "")),
        )
    _show(table, len(report["resources"]), console)


def _findings(report: Report, console: Console) -> None:
    if not report["findings"]:
        console.print(t("summary.no_findings"))
    for finding in report["findings"]:
        style = _STYLES[finding["severity"]]
        console.print(f"[{style}]{escape(clean(finding['title']))}[/]")
        for place in finding["places"]:
            console.print(f"  [dim]{escape(clean(Path(place['file']).name))}:{place['line']}[/]")
        for line in finding["explanation"].splitlines():
            console.print(Padding(escape(clean(line)), (0, 0, 0, 2)))
        console.print(Padding(f"→ {escape(clean(finding['remedy']))}", (0, 0, 1, 2)))


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(t(f"summary.{column}"), justify="left")
    return table


def _show(table: Table, n: int, console: Console) -> None:
    console.print(table)
    if n > _MOST_ROWS:
        console.print(f"[dim]{t('summary.more', n=n - _MOST_ROWS)}[/]")
    console.print()


def _names(report: Report) -> dict[int, str]:
    return {each["id"]: clean(each["name"]) for each in (*report["tasks"], *report["resources"])}


def _seconds(ns: int) -> str:
    if not ns:
        return ""
    return f"{ns / 1e9:.2f} s" if ns >= 1e9 else f"{ns / 1e6:.0f} ms" if ns >= 1e7 else f"{ns / 1e6:.2f} ms"

"""`syncscope diff A B` for people: the two runs beside each other."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from syncscope_engine.comparison import Comparison, Pair

from .i18n import t
from .renderables.clean import clean
from .report_console import ReportConsole

_MOST_ROWS = 20


def print_difference(left: str, right: str, comparison: Comparison, console: Console | None = None) -> None:
    """`left`, `right`: names of the recordings."""
    console = console or ReportConsole()
    _table(console, "totals", left, right, comparison.totals, named=True)
    _table(console, "waits", left, right, comparison.waits)
    _table(console, "contention", left, right, comparison.contention)
    for titles, key, style in (
        (comparison.only_left, left, "bold red"),
        (comparison.only_right, right, "bold red"),
        (comparison.in_both, t("recorded.both"), "bold yellow"),
    ):
        for title in titles:
            console.print(f"[{style}]{escape(clean(key))}[/]: {escape(clean(title))}")
    if not (comparison.only_left or comparison.only_right or comparison.in_both):
        console.print(t("summary.no_findings"))


def _table(
    console: Console, what: str, left: str, right: str, pairs: list[Pair], named: bool = False
) -> None:
    if not pairs:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(t(f"recorded.{what}"))
    for name in (escape(clean(left)), escape(clean(right)), t("recorded.difference")):
        table.add_column(name, justify="right")
    for pair in pairs[:_MOST_ROWS]:
        in_ns = not named or pair.name.endswith("_ns")
        name = t(f"recorded.{pair.name}") if named else clean(pair.name)
        table.add_row(
            escape(name), _figure(pair.left, in_ns), _figure(pair.right, in_ns), _signed(pair, in_ns)
        )
    console.print(table)
    if len(pairs) > _MOST_ROWS:
        console.print(f"[dim]{t('summary.more', n=len(pairs) - _MOST_ROWS)}[/]")
    console.print()


def _figure(number: int | None, in_ns: bool) -> str:
    if number is None:
        return "–"
    return f"{number / 1e9:.3f} s" if in_ns else f"{number:,}"


def _signed(pair: Pair, in_ns: bool) -> str:
    sign = "+" if pair.difference > 0 else "-" if pair.difference < 0 else "±"
    return f"{sign}{_figure(abs(pair.difference), in_ns)}"

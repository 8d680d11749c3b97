"""The report for people, from a literal report of a long run."""

import io
from typing import Any, Literal

import pytest
from rich.cells import cell_len
from rich.console import Console

from syncscope import i18n
from syncscope.summary import print_summary

SECOND = 10**9


def task(id_: int, kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_, "kind": kind, "name": name, "parent": 1, "state": "blocked", "run_ns": 123 * SECOND,
        "wait_ns": 23_456_789, "sleep_ns": 999_000, "waits_for": 9, **more,
    }  # fmt: skip


REPORT: dict[str, Any] = {
    "target": "pipeline:fixed", "outcome": "finished", "duration_ns": 123 * SECOND, "python": "3.13.10",
    "events": 1_234_567, "dropped": 123_456, "sampled": 123_456, "probe_share": 0.0032,
    "tasks": [
        task(1, "process", "main", parent=0),
        task(2, "thread", "MainThread"),
        task(3, "process", "server.py", waits_for=0),
    ],
    "resources": [
        {
            "id": 9, "kind": "lock", "name": "stock_lock", "acquired": 5, "contended": 4, "max_wait_ns": SECOND,
            "owner": 2,
        }
    ],
    "findings": [],
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_fits_into_eighty_columns(language: Literal["en", "zh"]) -> None:
    before = i18n.language()
    i18n.set_language(language)
    try:
        written = io.StringIO()
        print_summary(REPORT, Console(file=written, width=80))
    finally:
        i18n.set_language(before)
    lines = [line.rstrip() for line in written.getvalue().splitlines()]
    assert all(cell_len(line) <= 80 for line in lines)
    assert [bool(line) for line in lines[:7]] == [True, True, False, True, True, True, False], lines
    main, server = lines[4], lines[5]
    assert "123.00 s" in main
    assert "23 ms" in main
    assert "stock_lock" in main
    assert "█" in main
    assert "123" not in server
    assert "█" not in server

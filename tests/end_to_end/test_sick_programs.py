"""Programs that crash, hang or misbehave: each ends in a true report and the right exit status."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

PROGRAMS = Path(__file__).parent / "programs"


def run(
    program: str, *options: str, stdin: str | None = None, timeout: float = 60
) -> tuple[int, dict[str, Any], str]:
    """(exit status, report, standard error) of a headless run."""
    done = subprocess.run(
        [sys.executable, "-m", "syncscope", "run", "--headless", "--json", *options, str(PROGRAMS / program)],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
    )
    assert "Traceback (most recent call last)" not in done.stderr.replace(
        "stderr| ", ""
    ) or "syncscope" not in (done.stderr), done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


def kinds(report: dict[str, Any]) -> list[str]:
    return [finding["kind"] for finding in report["findings"]]


def line_of(program: str, text: str) -> int:
    lines = (PROGRAMS / program).read_text().splitlines()
    return 1 + next(i for i, line in enumerate(lines) if text in line)


def test_deadlock_is_found_and_the_program_is_stopped() -> None:
    status, report, _ = run("deadlock.py")
    assert status == 1
    assert report["outcome"] == "stuck"
    assert set(kinds(report)) == {"deadlock", "lock_order_inversion"}
    names = {task["id"]: task["name"] for task in report["tasks"]}
    assert {names[t] for t in report["findings"][0]["tasks"]} == {"A", "B"}
    resources = {r["name"]: r for r in report["resources"]}
    assert names[resources["left"]["owner"]] == "A"
    assert names[resources["right"]["owner"]] == "B"
    assert [names[t] for t in resources["left"]["waiters"]] == ["B"]
    lines = {place["line"] for place in report["findings"][0]["places"]}
    assert line_of("deadlock.py", "with second") in lines


@pytest.mark.parametrize(
    ("program", "code"), [("segfault.py", -signal.SIGSEGV), ("kill_9.py", -signal.SIGKILL)]
)
def test_death_by_signal(program: str, code: int) -> None:
    status, report, _ = run(program)
    assert status == 3
    assert report["outcome"] == "failed"
    assert report["exit_code"] == code
    assert "crashed_process" in kinds(report)
    held = [r for r in report["resources"] if r["name"] == "lock"]
    assert held[0]["acquired"] == 1  # what happened just before the end is on the tape
    assert held[0]["owner"]


def test_os_exit() -> None:
    status, report, _ = run("exit_3.py")
    assert status == 3
    assert (report["outcome"], report["exit_code"]) == ("failed", 3)


def test_two_thousand_threads() -> None:
    status, report, stderr = run("many_threads.py")
    assert status == 0, report["findings"]
    assert report["outcome"] == "finished"
    threads = [t for t in report["tasks"] if t["kind"] == "thread"]
    assert len(threads) == 2001
    assert {t["state"] for t in threads} == {"done"}
    assert "total 2000" in stderr
    assert report["dropped"] == 0


def test_syntax_error() -> None:
    status, report, stderr = run("syntax_error.py")
    assert status == 3
    assert report["outcome"] == "failed"
    assert report["exit_code"] == 1
    assert "SyntaxError" in stderr


def test_garbage_on_the_output_is_neutralised() -> None:
    status, report, stderr = run("garbage.py")
    assert status == 0
    assert report["outcome"] == "finished"
    assert "the end" in stderr
    assert "\x1b" not in stderr
    assert "\x07" not in stderr


def test_standard_input_reaches_the_program() -> None:
    status, _, stderr = run("reads_input.py", stdin="Ada\n")
    assert status == 0
    assert "hello Ada" in stderr


def test_end_of_input_is_the_programs_error() -> None:
    status, report, _ = run("reads_input.py")
    assert status == 3
    assert "EOFError" in json.dumps(report)


def test_own_trace_function_and_signal_handlers_go_on_working() -> None:
    status, _, stderr = run("own_trace_and_signals.py")
    assert status == 0
    assert "[0, 1, 2] True" in stderr


def test_nothing_outlives_a_program_that_refuses_to_end() -> None:
    status, report, stderr = run("refuses_to_end.py", "--timeout", "1")
    assert status == 4
    assert report["outcome"] == "timed_out"
    pids = [int(line.split()[-1]) for line in stderr.splitlines() if line.split()[-1].isdigit()]
    assert len(pids) == 2
    left = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in left)


def test_timeout_is_kept() -> None:
    status, report, _ = run("deadlock.py", "--timeout", "30")
    assert (status, report["outcome"]) == (1, "stuck")

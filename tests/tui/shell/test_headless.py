"""`syncscope run --headless` as a process: exit status, what goes where, signals, closed pipes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from .programs import ECHO, FAILS, FOR_EVER, LOST, write

SYNCSCOPE = [sys.executable, "-m", "syncscope"]
SECONDS = 60


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, hello=ECHO, lost=LOST, fails=FAILS, for_ever=FOR_EVER)


def traceback_of_ours(errors: str) -> bool:
    """Those of the program have its stream's name before them."""
    return any(line.startswith("Traceback") for line in errors.splitlines())


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*SYNCSCOPE, *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    assert not traceback_of_ours(done.stderr)
    return done


def test_finished_with_arguments_that_look_like_ours() -> None:
    done = run("run", "--headless", "--json", "hello.py", "--headless", "--timeout", "1", "-m", "--", "x")
    assert done.returncode == 0
    assert done.stderr == "stdout| got --headless --timeout 1 -m -- x\n"
    report = json.loads(done.stdout)
    assert (report["schema"], report["outcome"], report["exit_code"]) == (1, "finished", 0)
    assert report["findings"] == []


def test_module_with_arguments() -> None:
    done = run("run", "--headless", "--json", "-m", "hello", "--json", "-h")
    assert done.returncode == 0
    assert done.stderr == "stdout| got --json -h\n"
    assert json.loads(done.stdout)["target"] == "-m hello"


def test_findings_of_a_program_that_never_ends() -> None:
    done = run("run", "--headless", "--json", "lost.py")
    assert done.returncode == 1
    assert [finding["kind"] for finding in json.loads(done.stdout)["findings"]][:1] == ["deadlock"]


def test_program_that_fails() -> None:
    done = run("run", "--headless", "--json", "fails.py")
    assert done.returncode == 3
    assert json.loads(done.stdout)["exit_code"] == 7


def test_out_of_time() -> None:
    done = run("run", "--headless", "--json", "--timeout", "0.5", "for_ever.py")
    assert done.returncode == 4
    assert json.loads(done.stdout)["outcome"] == "timed_out"


def test_output_file(tmp_path: Path) -> None:
    done = run("run", "--headless", "--output-file", "out.txt", "hello.py", "a")
    assert done.returncode == 0
    assert done.stderr == ""
    assert (tmp_path / "out.txt").read_text() == "got a\n"


def test_language_before_the_command() -> None:
    done = run("--lang", "zh", "run", "--headless", "hello.py")
    assert done.returncode == 0
    assert "没有发现问题" in done.stdout


def test_ctrl_c_ends_the_family_and_reports() -> None:
    with subprocess.Popen(
        [*SYNCSCOPE, "run", "--headless", "--json", "for_ever.py"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # a shell's background jobs ignore it, and so may whoever runs the tests
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as running:  # fmt: skip
        assert running.stderr is not None
        for _ in range(2):  # both processes of the program
            assert "ready" in running.stderr.readline()
        family = psutil.Process(running.pid).children(recursive=True)
        assert len(family) >= 2
        running.send_signal(signal.SIGINT)
        out, errors = running.communicate(timeout=SECONDS)
    assert running.returncode == 130
    assert json.loads(out)["outcome"] == "killed"
    assert not traceback_of_ours(errors)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["run", "--headless", "lost.py"], 1),
        (["run", "--headless", "--json", "hello.py"], 0),
        (["list"], 0),
    ],
)
def test_reader_that_leaves(arguments: list[str], status: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*SYNCSCOPE, *arguments],
            stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
            timeout=SECONDS,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert done.returncode == status
    assert "BrokenPipe" not in done.stderr
    assert not traceback_of_ours(done.stderr)

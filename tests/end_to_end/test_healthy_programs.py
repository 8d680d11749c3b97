"""Ordinary programs on which every detector must stay silent, and which must run as they do without us."""

import subprocess
import sys
from pathlib import Path

import pytest

from syncscope_engine.headless import run_headless
from syncscope_engine.recording import Output
from syncscope_engine.report import exit_status
from syncscope_engine.session import Options, Target

PROGRAMS = sorted((Path(__file__).parent / "healthy").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_silence(program: Path) -> None:
    outputs: list[Output] = []
    target = Target(program.name, program)
    report = run_headless(target, Options(stdin="closed", timeout_s=60), on_output=outputs.append)
    told = "".join(output.text for output in outputs)
    assert report["findings"] == []
    assert (exit_status(report), report["outcome"], report["exit_code"]) == (0, "finished", 0), told
    assert report["dropped"] == 0

    bare = subprocess.run(
        [sys.executable, program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "".join(output.text for output in outputs if output.stream == "stdout") == bare.stdout


def test_there_are_enough_of_them() -> None:
    assert len(PROGRAMS) >= 40

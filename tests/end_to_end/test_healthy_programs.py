"""Ordinary programs on which every detector must stay silent, and which must run as they do without us."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = sorted((Path(__file__).parent / "healthy").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_silence(program: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "syncscope", "run", "--headless", "--json", "--timeout", "60", str(program)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["findings"] == []
    assert (done.returncode, report["outcome"], report["exit_code"]) == (0, "finished", 0), done.stderr
    assert report["dropped"] == 0

"""The Pythons that the scenarios must run on, as far as they are installed here."""

import functools
import os
import subprocess
import sys
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")


@functools.cache
def find(version: str) -> str | None:
    """The first `python3.N` on PATH that really is one: a version manager's shim may be there and refuse."""
    if "{}.{}".format(*sys.version_info) == version:
        return sys.executable
    for folder in os.get_exec_path():
        candidate = Path(folder) / f"python{version}"
        if os.access(candidate, os.X_OK) and _answers(candidate, version):
            return str(candidate)
    return None


@functools.cache
def has(python: str, package: str) -> bool:
    command = [python, "-c", f"import {package}"]
    return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0


def _answers(candidate: Path, version: str) -> bool:
    question = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        answer = subprocess.run(
            [candidate, "-I", "-S", "-c", question], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == version

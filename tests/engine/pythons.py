"""The interpreters that the probe must work in, as far as they are on PATH."""

import functools
import os
import subprocess
import sys

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")


@functools.cache
def find(version: str) -> str | None:
    """The first `python3.N` on PATH that runs; a version manager's shim may be there and refuse."""
    if "{}.{}".format(*sys.version_info) == version:
        return sys.executable
    for folder in os.get_exec_path():
        candidate = os.path.join(folder, f"python{version}")
        if os.access(candidate, os.X_OK) and _runs(candidate, version):
            return candidate
    return None


def _runs(python: str, version: str) -> bool:
    question = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        answer = subprocess.run(
            [python, "-I", "-S", "-c", question], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == version


def installed() -> list[str]:
    """Versions that are there, for parameters of tests."""
    return [version for version in VERSIONS if find(version)]

"""Finds and checks the Python that runs the program."""

import shutil
import subprocess
import sys
from dataclasses import dataclass

OLDEST = (3, 10)

_QUESTION = (
    "import sys; print('python', *sys.version_info[:3], sys.implementation.name, "
    "int(getattr(sys, '_is_gil_enabled', bool)() or not hasattr(sys, '_is_gil_enabled')))"
)
_PATIENCE_S = 20


class UsageError(Exception):
    """The user asked for something that cannot be done; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    executable: str
    version: tuple[int, int, int]
    gil: bool = True

    @property
    def version_text(self) -> str:
        return ".".join(map(str, self.version))


def find_interpreter(python: str | None = None) -> Interpreter:
    """The interpreter `python` (a path, or a name on PATH); by default the one that runs us."""
    if python is None:
        if not sys.executable:
            raise UsageError("It is not known which Python runs Syncscope; name one with --python.")
        gil = getattr(sys, "_is_gil_enabled", None)
        return Interpreter(sys.executable, sys.version_info[:3], gil() if gil else True)
    executable = shutil.which(python)
    if executable is None:
        raise UsageError(f"There is no Python interpreter {python!r} that can be run.")
    try:
        answer = subprocess.run(
            [executable, "-I", "-S", "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise UsageError(f"{python} cannot be run: {error.strerror}.") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"{python} did not answer within {_PATIENCE_S} seconds.") from None
    words = answer.stdout.split()
    if len(words) != 6 or words[0] != "python":
        raise UsageError(f"{python} is not a Python 3 interpreter.")
    major, minor, micro = (int(word) for word in words[1:4])
    version = f"{major}.{minor}.{micro}"
    if words[4] != "cpython":
        raise UsageError(f"{python} is {words[4]} {version}, but Syncscope can only watch CPython.")
    if (major, minor) < OLDEST:
        raise UsageError(f"{python} is Python {version}, but Syncscope needs 3.10 or later.")
    return Interpreter(executable, (major, minor, micro), words[5] == "1")

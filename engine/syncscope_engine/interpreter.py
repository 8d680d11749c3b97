"""Finds and checks the Python that runs the program."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST = (3, 10)

_QUESTION = (
    "import sys; print('python', *sys.version_info[:3], sys.implementation.name, "
    "int(getattr(sys, '_is_gil_enabled', bool)() or not hasattr(sys, '_is_gil_enabled')))"
)
_WHERE_IS = """
import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec

name = sys.argv[1]
parts = name.split(".")
spec = find_spec(parts[0])
for i in range(1, len(parts)):
    where = spec and spec.submodule_search_locations
    if not where:  # its parent is missing, or not a package
        spec = None
        break
    spec = PathFinder.find_spec(".".join(parts[: i + 1]), where)
    if spec is None:  # the parent may know more once it is imported; only then, for importing may do anything
        try:
            spec = find_spec(name)
        except ImportError:
            pass
        break
if spec is None:
    print("\\nsyncscope: missing")
elif spec.submodule_search_locations is not None:
    main = PathFinder.find_spec(name + ".__main__", spec.submodule_search_locations)
    if main is None and not (spec.origin and find_spec(name + ".__main__")):
        print("\\nsyncscope: package")
"""
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
    """The interpreter `python`: a path, a virtual environment, or a name on PATH; by default the one that runs us."""
    if python is None:
        if not sys.executable:
            raise UsageError("It is not known which Python runs Syncscope; name one with --python.")
        gil = getattr(sys, "_is_gil_enabled", None)
        return Interpreter(sys.executable, sys.version_info[:3], gil() if gil else True)
    executable = shutil.which(os.path.join(python, "bin", "python")) if os.path.isdir(python) else None
    executable = executable or shutil.which(python)
    if executable is None:
        if os.path.isdir(python):
            raise UsageError(f"{python} is a directory without bin/python in it.")
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
    executable = os.path.abspath(executable)  # of a virtual environment: a link, which must stay one
    major, minor, micro = (int(word) for word in words[1:4])
    version = f"{major}.{minor}.{micro}"
    if words[4] != "cpython":
        raise UsageError(f"{python} is {words[4]} {version}, but Syncscope can only watch CPython.")
    if (major, minor) < OLDEST:
        raise UsageError(f"{python} is Python {version}, but Syncscope needs 3.10 or later.")
    return Interpreter(executable, (major, minor, micro), words[5] == "1")


def check_module(interpreter: Interpreter, module: str, cwd: Path | None) -> None:
    """Raises `UsageError` when `python -m module` would find nothing to run."""
    try:
        answer = subprocess.run(
            [interpreter.executable, "-c", _WHERE_IS, module],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            text=True,
            errors="replace",
            cwd=cwd,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return  # what is wrong will show
    if answer.stdout.endswith("\nsyncscope: missing\n"):
        hint = f"; did you mean -m {module[:-3]}?" if module.endswith(".py") else "."
        raise UsageError(f"{interpreter.executable} has no module named {module}{hint}")
    if answer.stdout.endswith("\nsyncscope: package\n"):
        raise UsageError(f"{module} is a package without a __main__, so -m cannot run it.")

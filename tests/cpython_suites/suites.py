"""Which of CPython's own tests are run, and where an interpreter has them."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

START_METHODS = ("fork", "spawn", "forkserver")
MODULES = (
    *(f"test_multiprocessing_{method}" for method in START_METHODS),
    "test_concurrent_futures",
    "test_asyncio",
    "test_threading",
    "test_thread",
    "test_threading_local",
    "test_threadsignals",
    "test_threadedtempfile",
    "test_queue",
    "test_sched",
    "test_context",
    "test_fork1",
    "test_multiprocessing_main_handling",
)  # the long ones first: they are run side by side
_NOT_HERE = ("test_windows_", "test_proactor_", "test_ssl", "test_sendfile")
"""Of other systems, or of the network alone."""

_STAND_IN = """\
from test import _test_multiprocessing

_test_multiprocessing.install_tests_in_module_dict(globals(), {method!r})
"""


@dataclass(frozen=True, slots=True)
class Suites:
    """`units` are modules, each run in a process of its own; `folders` hold what the interpreter lacks."""

    units: tuple[str, ...]
    folders: tuple[str, ...]
    remarks: tuple[str, ...]


def folder_of_tests(python: str) -> Path | None:
    where = "import json, os, test, test.lock_tests; print(json.dumps(os.path.dirname(test.__file__)))"
    answer = subprocess.run([python, "-c", where], capture_output=True, text=True, timeout=60, check=False)
    return Path(json.loads(answer.stdout)) if answer.returncode == 0 else None


def suites_of(folder: Path, others: list[Path], scratch: Path, wanted: list[str]) -> Suites:
    """`others`: the tests of neighbouring interpreters, the nearest first.

    Some releases were installed without the folders of `concurrent.futures` and `multiprocessing`.  Those of
    multiprocessing are two lines each, on top of a module that is there; the others come from a neighbour:
    they run bare as well, so that a test which does not fit the version fails both ways.
    """
    units: list[str] = []
    folders: list[str] = []
    remarks: list[str] = []
    for name in MODULES:
        if wanted and not any(name.startswith(prefix) for prefix in wanted):
            continue
        found = units_in(folder, name)
        method = name.rpartition("_")[2]
        if not found and method in START_METHODS and (folder / "_test_multiprocessing.py").exists():
            (scratch / f"{name}.py").write_text(_STAND_IN.format(method=method))
            found = [f"test.{name}"]
            folders.append(str(scratch))
        for other in others:
            if not found:
                found = units_in(other, name)
                if found:
                    folders.append(str(other))
                    remarks.append(f"{name} is not installed here; it is run from {other}")
        if not found:
            remarks.append(f"{name} is not installed")
        units += found
    return Suites(tuple(units), tuple(dict.fromkeys(folders)), tuple(remarks))


def units_in(folder: Path, name: str) -> list[str]:
    if (folder / f"{name}.py").exists():
        return [f"test.{name}"]
    files = sorted((folder / name).glob("test_*.py"))
    return [f"test.{name}.{file.stem}" for file in files if not file.stem.startswith(_NOT_HERE)]

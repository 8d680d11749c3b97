"""What to run, and how: the program under the boot file, in a session of its own."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .interpreter import Interpreter, UsageError
from .output import Capture, InputPipe
from .wire import ENV_SESSION

_BOOT = Path(__file__).resolve().parent / "probe" / "boot.py"


@dataclass(frozen=True)
class Target:
    """What to run: a script (or a folder or archive with a `__main__`) or a module, as for `python`."""

    label: str
    script: Path | None = None
    module: str | None = None
    args: tuple[str, ...] = ()
    cwd: Path | None = None
    typed: str | None = None  # the script as the user named it, which is its `sys.argv[0]`


@dataclass(frozen=True)
class Options:
    python: str | None = None
    budget: int = 64  # records per object and poll; what is above is counted, not recorded
    timeout_s: float | None = None  # pauses do not count
    stdin: Literal["closed", "inherit", "pipe"] = "pipe"
    watch: bool = True  # shared variables
    follow_subprocesses: bool = False  # watch programs too that it starts with its own interpreter
    record: Path | None = None  # file that the recording grows in
    slow_ns: int = 0  # every thread is held up so long at each operation; may be changed while it runs


def arguments(target: Target) -> list[str]:
    """The program and its arguments, for the boot file; raises `UsageError` when there is nothing to run."""
    if target.cwd is not None and not target.cwd.is_dir():
        raise UsageError(f"There is no directory {target.cwd}.")
    if target.module is not None:
        name = target.module
        if not all(name.split(".")) or name.startswith("-") or any(c in name for c in "/ "):
            raise UsageError(f"{target.module!r} is not the name of a module.")
        return ["-m", target.module, *target.args]
    if target.script is None:
        raise UsageError("There is nothing to run: name a script or a module.")
    script = Path(os.path.abspath(target.script))
    if script.is_dir() and not any((script / name).exists() for name in ("__main__.py", "__main__.pyc")):
        raise UsageError(f"{target.script} is a directory without a __main__.py.")
    if not script.exists():
        raise UsageError(f"There is no file {target.script}.")
    if not os.access(script, os.R_OK):
        raise UsageError(f"{target.script} cannot be read.")
    return [target.typed if target.typed and target.cwd is None else str(script), *target.args]


def launch(
    interpreter: Interpreter,
    program: list[str],
    cwd: Path | None,
    options: Options,
    directory: str,
    capture: Capture,
    given: InputPipe | None,
) -> "subprocess.Popen[bytes]":
    """Start `program`; raises `UsageError` when the interpreter cannot be run."""
    opts = json.dumps(
        {
            "budget": options.budget,
            "watch": options.watch,
            "follow": options.follow_subprocesses,
            "delay_ns": options.slow_ns,
        }
    )
    command = [interpreter.executable, str(_BOOT), "--session", directory, "--opts", opts, "--", *program]
    stdin = None if options.stdin == "inherit" else subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command,
            stdin=given.read_end if given else stdin,
            stdout=capture.stdout.write_end,
            stderr=capture.stderr.write_end,
            cwd=cwd,
            # unbuffered: what was printed before a crash must not be lost with it
            env={**os.environ, ENV_SESSION: directory},
            start_new_session=True,  # out of reach of our Ctrl+C, and without a terminal to draw on
        )
    except OSError as error:
        raise UsageError(f"{interpreter.executable} cannot be run: {error.strerror}.") from None
    capture.started()
    if given is not None:
        given.started()
    return process

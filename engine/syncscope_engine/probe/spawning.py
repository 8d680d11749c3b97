"""Carries the probe into processes that begin with a new interpreter: `spawn`, and the fork server.

Both end in `multiprocessing.util.spawnv_passfds`, with a program given by `-c`: the boot file is executed
before it.  Processes made by fork carry the probe by themselves.
"""

import json
import os
import sys
from typing import Any

from ..wire import ENV_SESSION
from . import frames, recorder
from .boot import BOOT_NAME, PACKAGE
from .originals import get_ident, getframe

BOOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "boot.py")
IS_SERVER = "fork_server"
"""Option that tells the fork server what it is."""

starting: "dict[int, list[int]]" = {}
"""Thread ident -> [pid, id] of the process that the thread starts at this moment."""


def preamble(how: str, as_: "list[int] | None") -> str:
    """Source that loads the probe, leaves no name behind, and never keeps the process from its own work.

    The program's own source follows on the same line where tracebacks tell its number alone; from 3.13 on they
    show it as well, and then it is better on a line of its own.
    """
    options = {
        **recorder.options,
        IS_SERVER: how == "forkserver",
        recorder.DELAY: recorder.words[recorder.W_GATE],
    }
    names = {"__name__": BOOT_NAME, "__file__": BOOT, "OPTS": options, "HOW": how, "AS": as_}
    read = f"__import__('_frozen_importlib_external').FileLoader('', {BOOT!r}).get_data({BOOT!r})"
    source = (
        "try:\n"
        f" __import__('os').environ.setdefault({ENV_SESSION!r}, {recorder.directory!r})\n"
        f" exec(compile({read}, {BOOT!r}, 'exec'), {names!r})\n"
        f" __import__('sys').modules[{PACKAGE + '.probe.processes'!r}].begin_spawned()\n"
        "except Exception:\n pass\n"
    )
    return source if sys.version_info >= (3, 13) else f"exec({source!r}); "


def boot_line(as_: "list[int]") -> "list[str]":
    """What is put before the script, or the `-m`, of another program of this interpreter."""
    options = {name: value for name, value in recorder.options.items() if name not in (IS_SERVER, "folder")}
    options[recorder.DELAY] = recorder.words[recorder.W_GATE]
    return [
        BOOT, "--session", recorder.directory, "--opts", json.dumps(options), "--as", json.dumps(as_), "--",
    ]  # fmt: skip


def with_preamble(arguments: "list[Any]") -> "list[Any]":
    """The command line of a new interpreter, with the probe loaded before its `-c` program."""
    if "-c" not in arguments:
        return arguments
    at = arguments.index("-c") + 1
    program = arguments[at].decode() if isinstance(arguments[at], bytes) else str(arguments[at])
    if "multiprocessing.forkserver" in program:
        first = preamble("forkserver", _declare_server())
    elif "multiprocessing.spawn" in program:
        first = preamble("spawn", starting.get(get_ident()))
    else:  # the resource tracker
        return arguments
    program = first + program
    return [
        *arguments[:at],
        program.encode() if isinstance(arguments[at], bytes) else program,
        *arguments[at + 1 :],
    ]


def _declare_server() -> "list[int]":
    frame = frames.acting(getframe().f_back)
    return [recorder.pid, recorder.declare_task("process", "forkserver", frame, internal=True)]


def install() -> None:
    from multiprocessing import util

    bare: Any = util.spawnv_passfds

    def spawnv_passfds(path: Any, args: Any, passfds: Any) -> Any:
        try:
            args = with_preamble(list(args))
        except Exception as error:
            recorder.fault("spawn", error)
        return bare(path, args, passfds)

    util.spawnv_passfds = spawnv_passfds


frames.step_over(globals(), ours=True)

"""Entry point inside the program's process; run by path, never imported by name.

    python boot.py --session DIR --opts JSON [--as [PID, ID]] -- SCRIPT [ARGS…]
    python boot.py --session DIR --opts JSON -- -m MODULE [ARGS…]

A process that multiprocessing spawns executes this file first, with `__name__` set to BOOT_NAME and `HOW`,
`AS` and `OPTS` in its globals, then goes on with its own business.

The engine's folder becomes the package `_syncscope`, without being on `sys.path`: the program imports what it
would import without us, and cannot shadow it.
"""

import os
import sys

BOOT_NAME = "_syncscope_boot"
PACKAGE = "_syncscope"


def load(session: str, opts: "dict[str, object]", how: str, as_: "list[int] | None" = None) -> None:
    """Load the probe under a private name and let it record from now on."""
    import importlib
    import importlib.machinery
    import types

    if PACKAGE in sys.modules:
        return
    engine = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    package = types.ModuleType(PACKAGE)
    package.__path__ = [engine]
    package.__spec__ = importlib.machinery.ModuleSpec(PACKAGE, None, is_package=True)
    sys.modules[PACKAGE] = package
    os.environ["SYNCSCOPE_SESSION"] = session
    _write_line_by_line()
    recorder = importlib.import_module(PACKAGE + ".probe.recorder")
    recorder.start(session, opts, how, as_)
    install = importlib.import_module(PACKAGE + ".probe.install")
    install.install()


def _write_line_by_line() -> None:
    """Whole lines at once, as on a terminal: output before a crash is there, lines of threads do not mix."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):  # there is none, or none of the usual kind
            pass


def run(argv: "list[str]", loaded: "frozenset[str]") -> None:
    """Run the program as `python` would: its own `__main__`, `sys.argv`, `sys.path[0]`, tracebacks."""
    main = sys.modules[PACKAGE + ".probe.main"]
    sys.modules[PACKAGE + ".probe.frames"].step_over(globals(), ours=True)
    if argv[0] == "-m":
        main.run_module(argv[1], argv[2:], loaded)
    else:
        main.run_script(argv[0], argv[1:], loaded)


def parse(argv: "list[str]") -> "tuple[str, dict[str, object], list[str]]":
    import json

    cut = argv.index("--")
    head, program = argv[:cut], argv[cut + 1 :]
    return head[head.index("--session") + 1], json.loads(head[head.index("--opts") + 1]), program


def starter(argv: "list[str]") -> "list[int] | None":
    """[pid, id] of the process that another program has declared for this one."""
    import json

    head = argv[: argv.index("--")]
    return json.loads(head[head.index("--as") + 1]) if "--as" in head else None


if __name__ == "__main__":
    loaded = frozenset(sys.modules)
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    session, opts, program = parse(sys.argv[1:])
    as_ = starter(sys.argv[1:])
    load(session, opts, "exec" if as_ else "run", as_)
    run(program, loaded)
elif __name__ == BOOT_NAME:
    load(os.environ["SYNCSCOPE_SESSION"], globals()["OPTS"], globals()["HOW"], globals()["AS"])

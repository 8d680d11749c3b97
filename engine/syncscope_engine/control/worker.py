"""Entry point in the child that explores; run by path, never imported by name.

    python worker.py < REQUEST

REQUEST is one line of JSON; what is found goes as lines of JSON to the descriptor that it names.  As with the
probe's boot file, the engine's folder becomes the package `_syncscope` without being on `sys.path`.
"""

import os
import sys

PACKAGE = "_syncscope"


def load() -> None:
    import importlib.machinery
    import types

    engine = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    package = types.ModuleType(PACKAGE)
    package.__path__ = [engine]
    package.__spec__ = importlib.machinery.ModuleSpec(PACKAGE, None, is_package=True)
    sys.modules[PACKAGE] = package


def main() -> None:
    import fcntl
    import importlib
    import json

    asked = os.fdopen(fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, 200), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    request = json.loads(asked.readline())
    request["lines"] = asked  # what is asked later
    load()
    answering = importlib.import_module(PACKAGE + ".control.answering")
    answering.answer(request)


if __name__ == "__main__":
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    main()
    sys.stdout.flush()
    os._exit(0)  # threads that hang in C must not keep us

"""What is not under control: named when it is met.

A thread that has the turn and does not give it back computes, or waits for something that we do not control; the
outcome is then "outside", never "deadlock".  Some things are known beforehand.
"""

import io
import os
import sys
from typing import Any

from .originals import getframe
from .run import current

_ENDING: "list[tuple[str, str, str, str]]" = [
    ("builtins", "", "input", "input() waits for the keyboard"),
    ("os", "", "fork", "another process is started by fork()"),
    ("multiprocessing.process", "BaseProcess", "start", "another process is started by multiprocessing"),
]
"""These end the execution: module, class, name, what is said."""
_NAMED: "list[tuple[str, str, str, str]]" = [
    ("os", "", "system", "another process"),
    ("os", "", "posix_spawn", "another process"),
    ("subprocess", "Popen", "__init__", "another process"),
    ("socket", "socket", "connect", "a real socket"),
    ("socket", "socket", "accept", "a real socket"),
    ("socket", "socket", "recv", "a real socket"),
    ("socket", "socket", "recvfrom", "a real socket"),
    ("socket", "socket", "sendall", "a real socket"),
    ("socket", "socket", "send", "a real socket"),
    ("select", "", "select", "select() on real descriptors"),
    ("os", "", "urandom", "random bytes of the operating system"),
]
"""These are done, and said once."""
_MISSING = object()


def replacements() -> "list[tuple[Any, str, Any]]":
    found: "list[tuple[Any, str, Any]]" = []
    for ends, known in ((True, _ENDING), (False, _NAMED)):
        for module, kind, name, text in known:
            owner: Any = sys.modules.get(module)
            if owner is not None and kind:
                owner = getattr(owner, kind, None)
            original = getattr(owner, name, _MISSING) if owner is not None else _MISSING
            if original is not _MISSING:
                found.append(
                    (
                        owner,
                        name,
                        _ending(original, text)
                        if ends
                        else _named(original, text, _label(module, kind, name)),
                    )
                )
    found.append((os, "_exit", _exit))
    signals: Any = sys.modules.get("signal")
    if signals is not None:
        found.append((signals, "signal", _signal(signals.signal)))
    return found


def _label(module: str, kind: str, name: str) -> str:
    return f"{module}.{kind if name == '__init__' else name}"


def _ending(original: Any, text: str) -> Any:
    def met(*arguments: Any, **named: Any) -> Any:
        run = current()
        if run is None:
            return original(*arguments, **named)
        return run.quit("outside", text, run.here())

    return met


def _named(original: Any, text: str, name: str) -> Any:
    def met(*arguments: Any, **named: Any) -> Any:
        run = current()
        if run is not None and name not in run.named:
            file, line = run.here()
            if file in run.files:
                run.named.add(name)
                run.warn(f"{name}: {text}, not under control ({os.path.basename(file)}, line {line})")
        return original(*arguments, **named)

    return met


def _exit(status: int) -> None:
    run = current()
    if run is None:
        _real_exit(status)
    else:
        run.quit("failed" if status else "finished", f"exit status {status}" if status else "", run.here())


_real_exit = os._exit


def _signal(original: Any) -> Any:
    """The main thread of the program is not that of the process: it would be refused."""
    handlers: "dict[int, Any]" = {}

    def signal(number: int, handler: Any) -> Any:
        run = current()
        if run is None:
            return original(number, handler)
        if run.current is not run.tasks[1]:
            raise ValueError("signal only works in main thread of the main interpreter")
        if getframe(1).f_code.co_filename in run.files:  # asyncio, too, sets one, and takes it back
            run.warn("signals are not under control: handlers are never called")
        import signal as module

        before = handlers.get(number, module.getsignal(number))
        handlers[number] = handler
        return before

    return signal


class Keyboard(io.TextIOBase):
    """The program's standard input: what is typed, and when, is not under control."""

    def _met(self, *arguments: Any) -> Any:
        run = current()
        if run is None:
            return ""
        return run.quit("outside", "standard input is read", run.here())

    read = readline = readlines = __next__ = _met

    def readable(self) -> bool:
        return True

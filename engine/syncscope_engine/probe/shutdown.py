"""At the end of the program the main thread waits for all threads that are not daemons: shows it."""

import threading
from typing import Any

from . import frames
from .originals import get_ident
from .patching import PROBE


def _wait_for_the_others() -> None:
    """Called at the moment when the interpreter begins to wait for them, in the same thread: joining them one
    after the other is the same wait, with a record of each.
    """
    me = threading.current_thread()
    while True:
        # A join that Ctrl+C interrupts can leave a thread that is over for `threading` and still in its list.
        others = [
            t
            for t in threading.enumerate()
            if t is not me and not t.daemon and getattr(t, PROBE) and t.is_alive()
        ]
        if not others:
            return
        others[0].join()


def install() -> None:
    """The interpreter waits right after a call that has stayed the same: which, depends on its version."""
    module: Any = threading
    if hasattr(module, "_thread_shutdown"):
        wait = module._thread_shutdown

        def _thread_shutdown() -> None:
            _wait_for_the_others()
            wait()

        module._thread_shutdown = _thread_shutdown
        return
    main = module.main_thread()
    stop = main._stop

    def _stop() -> None:
        stop()
        if module._SHUTTING_DOWN and get_ident() == main.ident:
            _wait_for_the_others()

    main._stop = _stop


frames.step_over(globals(), ours=True)

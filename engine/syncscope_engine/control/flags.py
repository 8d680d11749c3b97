"""Event."""

import threading

from .originals import getframe
from .run import Run, current
from .shared_objects import SharedObject


class Event(SharedObject):
    kind = "event"

    def __init__(self) -> None:
        self._flag = False
        self._made()

    def _begin(self) -> None:
        self._flag = False

    def is_set(self) -> bool:
        run = current()
        if run is not None and not run.ending and not _asked_by_a_thread_itself():
            run.point("is_set", self._in(run), False, self._name)
        return self._flag

    isSet = is_set  # noqa: N815

    def begun_in(self, run: Run) -> None:
        """A thread has been started: nobody has to be told, whoever asks is answered."""
        self._in(run)
        self._flag = True

    def _is_up(self) -> bool:
        return self._flag

    def set(self) -> None:
        run = current()
        if run is not None:
            key = self._in(run)
            if not run.ending:
                run.point("set", key, True, self._name)
        self._flag = True

    def clear(self) -> None:
        run = current()
        if run is not None:
            key = self._in(run)
            if not run.ending:
                run.point("clear", key, True, self._name)
        self._flag = False

    def wait(self, timeout: "float | None" = None) -> bool:
        run = current()
        if run is not None:
            run.point("wait", self._in(run), False, self._name, self._is_up, run.after(timeout))
        return self._flag

    def _at_fork_reinit(self) -> None:
        self._flag = False

    def __repr__(self) -> str:
        return f"<Event {self._name}: {'set' if self._flag else 'unset'}>"


def _asked_by_a_thread_itself() -> bool:
    """`thread.daemon = True` and `repr(thread)` ask whether it has been started; a Timer asks whether to go on."""
    caller = getframe(2)
    return caller.f_globals is vars(threading) and caller.f_code.co_name != "run"

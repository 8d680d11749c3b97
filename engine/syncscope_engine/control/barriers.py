"""Barrier: to arrive is one act, to pass another; its states are those of the standard library's."""

import threading
from collections.abc import Callable
from typing import Any

from .run import current
from .shared_objects import SharedObject

_FILLING, _DRAINING, _RESETTING, _BROKEN = 0, 1, -1, -2


class Barrier(SharedObject):
    kind = "barrier"

    def __init__(
        self, parties: int, action: "Callable[[], Any] | None" = None, timeout: "float | None" = None
    ) -> None:
        if parties < 1:
            raise ValueError("parties must be >= 1")
        self._parties = parties
        self._action = action
        self._timeout = timeout
        self._begin()
        self._made()

    def _begin(self) -> None:
        self._state = _FILLING
        self._count = 0
        self._acting = False

    def wait(self, timeout: "float | None" = None) -> int:
        run = current()
        if run is None:
            raise RuntimeError("a barrier made under control is waited for outside of it")
        if timeout is None:
            timeout = self._timeout
        key = self._in(run)
        run.point("arrive", key, True, self._name, self._is_open)
        if self._state < 0:
            raise threading.BrokenBarrierError
        index = self._count
        self._count += 1
        try:
            if index + 1 == self._parties:
                self._release()
            else:
                run.point("pass", key, True, self._name, self._is_over, run.after(timeout))
                if self._state == _FILLING:
                    self._state = _BROKEN
                if self._state < 0:
                    raise threading.BrokenBarrierError
            return index
        finally:
            self._count -= 1
            if self._count == 0 and self._state in (_RESETTING, _DRAINING):
                self._state = _FILLING

    def _is_open(self) -> bool:
        return not self._acting and self._state not in (_RESETTING, _DRAINING)

    def _is_over(self) -> bool:
        return not self._acting and self._state != _FILLING

    def _release(self) -> None:
        try:
            if self._action:
                self._acting = True
                self._action()
            self._state = _DRAINING
        except BaseException:
            self._state = _BROKEN
            raise
        finally:
            self._acting = False

    def _change(self, kind: str) -> bool:
        run = current()
        if run is not None:
            key = self._in(run)
            if run.ending:
                return False
            run.point(kind, key, True, self._name, lambda: not self._acting)
        return True

    def reset(self) -> None:
        if self._change("reset"):
            if self._count > 0:
                if self._state in (_FILLING, _BROKEN):
                    self._state = _RESETTING
            else:
                self._state = _FILLING

    def abort(self) -> None:
        if self._change("abort"):
            self._state = _BROKEN

    def _look(self) -> None:
        run = current()
        if run is not None:
            run.point("look", self._in(run), False, self._name)

    @property
    def parties(self) -> int:
        return self._parties

    @property
    def n_waiting(self) -> int:
        self._look()
        return self._count if self._state == _FILLING else 0

    @property
    def broken(self) -> bool:
        self._look()
        return self._state == _BROKEN

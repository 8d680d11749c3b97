"""What is where in the program, and what it is called: numbers of objects, lines, names, operations."""

import os
from types import FrameType
from typing import TYPE_CHECKING, Any

from .naming import name_of
from .operation import FIRST_KEY, Operation
from .originals import getframe

if TYPE_CHECKING:
    from .execution import Runnable

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_operations: "dict[tuple[Any, ...], Operation]" = {}


class Places:
    def __init__(self, program: "Runnable") -> None:
        self.program = program
        self.files = program.files
        self.warnings: "list[str]" = []
        self.named: "set[str]" = set()
        self._keys: "dict[Any, int]" = {}
        self._kept: "list[Any]" = []
        self._made: "dict[tuple[str, int], int]" = {}
        self._next_key = FIRST_KEY

    def key(self, what: object) -> int:
        """The number of an object in this execution; the object is kept, lest another one get its address."""
        number = self._keys.get(id(what))
        if number is None:
            number = self._keys[id(what)] = self._next_key
            self._next_key = number + 1
            self._kept.append(what)
        return number

    def key_in(self, owner: object, name: str) -> int:
        """The number of an attribute or variable in this execution."""
        number = self._keys.get((id(owner), name))
        if number is None:
            number = self._keys[(id(owner), name)] = self._next_key
            self._next_key = number + 1
            self._kept.append(owner)
        return number

    def operation(
        self, kind: str, key: int, writes: bool, what: str, where: "tuple[str, int] | None" = None
    ) -> Operation:
        file, line = where if where is not None else self.place(getframe(1))
        known = (kind, key, writes, line, file, what)
        operation = _operations.get(known)
        if operation is None:
            operation = _operations[known] = Operation(*known)
        return operation

    def place(self, frame: "FrameType | None") -> "tuple[str, int]":
        """The line of the program's own; where there is none, the innermost that is not ours."""
        files, other = self.files, None
        while frame is not None:
            name = frame.f_code.co_filename
            if name in files:
                return name, frame.f_lineno
            if other is None and not name.startswith(_OURS):
                other = frame
            frame = frame.f_back
        return (other.f_code.co_filename, other.f_lineno) if other is not None else ("", 0)

    def name_of_new(self, kind: str) -> str:
        """What the program calls the object that it makes at this line."""
        where = self.place(getframe(1))
        count = self._made.get(where, 0)
        self._made[where] = count + 1
        return name_of(self.program.names.get(where) or [kind], count)

    def here(self) -> "tuple[str, int]":
        return self.place(getframe(1))

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

"""The metadata of one process: lines as they come, and values out of lines that may be damaged.

What is not as `wire` says raises TypeError, KeyError or ValueError.
"""

import json
import os
from typing import Any

Line = dict[str, Any]

_LONGEST_LINE = 1 << 24


class Metadata:
    """New lines of a metadata file.  It is opened only when it has grown: hundreds of processes, few descriptors."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._offset = 0
        self._tail = b""
        self.n_bad = 0

    def lines(self) -> list[Line]:
        try:
            if os.stat(self._path).st_size <= self._offset:
                return []
            with open(self._path, "rb", buffering=0) as file:
                file.seek(self._offset)
                data = file.readall() or b""
        except OSError:
            return []
        self._offset += len(data)
        *complete, self._tail = (self._tail + data).split(b"\n")
        if len(self._tail) > _LONGEST_LINE:
            self._tail = b""
            self.n_bad += 1
        result = []
        for piece in complete:
            try:
                line = json.loads(piece)
            except (ValueError, RecursionError):
                self.n_bad += 1
                continue
            if isinstance(line, dict):
                result.append(line)
            else:
                self.n_bad += 1
        return result


def line_at(code: Line, lasti: int) -> int:
    lines = code["lines"]
    line = lines[lasti // 2] if lasti // 2 < len(lines) else code["first"]
    return line if isinstance(line, int) else 0


def position_at(code: Line, lasti: int) -> tuple[int, int, int, int] | None:
    pos = code["pos"]
    if pos is None or lasti // 2 >= len(pos):
        return None
    entry = pos[lasti // 2]
    if isinstance(entry, list) and len(entry) == 4 and all(isinstance(n, int) for n in entry):
        return entry[0], entry[1], entry[2], entry[3]
    return None


def whole(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def count(line: Line, key: str) -> int:
    """A number that may be missing; 0 then."""
    return whole(line.get(key) or 0)


def text(line: Line, key: str) -> str:
    value = line.get(key)
    return value if isinstance(value, str) else "" if value is None else str(value)


def pair(value: Any) -> tuple[int, int] | None:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(n, int) for n in value):
        return value[0], value[1]
    return None

"""What the rewritten program calls before it touches anything that may be shared.

Keys are exact: (the object that holds the attribute, its name); a container is one thing, with all of its items.
An act that looks into two containers (`a == b`) is announced twice, then done: no order cuts it in two.
While only one task is alive nothing is announced: there would be nothing to choose.
"""

import array
import functools
import sys
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

from .operation import Operation
from .originals import get_ident
from .run import now

_CONTAINERS = (list, dict, set, deque, bytearray, array.array)
_PLAIN = (
    tuple,
    str,
    bytes,
    range,
    frozenset,
    type,
    types.ModuleType,
    types.GenericAlias,
    types.MappingProxyType,
)
_READING = {
    "get", "keys", "values", "items", "copy", "count", "index", "union", "intersection", "difference", "issubset",
    "issuperset", "isdisjoint", "symmetric_difference", "__len__", "__contains__", "__getitem__", "most_common",
    "elements", "total", "tolist", "decode", "hex", "startswith", "endswith", "find",
}  # fmt: skip
_WRITING = {
    "append", "pop", "popleft", "appendleft", "add", "remove", "discard", "clear", "update", "extend", "insert",
    "setdefault", "sort", "reverse", "popitem", "rotate", "extendleft", "difference_update", "intersection_update",
    "symmetric_difference_update", "subtract", "move_to_end", "__setitem__", "__delitem__", "__iadd__", "__missing__",
}  # fmt: skip
_FILLING = {
    "heappush", "heappop", "heapify", "heappushpop", "heapreplace", "insort", "insort_left", "insort_right",
    "shuffle", "setitem", "delitem",
}  # fmt: skip
_HARMLESS = (
    *(int, float, complex, type(None), BaseException, types.FunctionType, types.MethodType),
    *(types.BuiltinFunctionType, types.CoroutineType, types.FrameType, types.CodeType, types.SimpleNamespace),
)
_KNOWN_MODULES = frozenset({
    "threading", "queue", "concurrent", "asyncio", "multiprocessing", "random", "re", "datetime",
    "decimal", "fractions", "pathlib", "enum", "uuid", "string", "time", "argparse", "logging",
    "contextvars", "typing", "ipaddress", "operator", "abc", "_thread", "zoneinfo", "textwrap",
    "dataclasses", "inspect", "traceback", "warnings", "struct", "statistics", "subprocess", "sched",
})  # fmt: skip
"""Their objects do not change, change under locks that are announced, or are named when they are met."""
_OURS = __name__.rpartition(".")[0]
_MISSING = object()
_Cached = type(functools.lru_cache(maxsize=1)(id))
_HASH_BY_ADDRESS: Any = object.__hash__

_is_container: "dict[type, bool]" = {}
_is_foreign: "dict[type, bool]" = {}
_holds_items: "dict[type, bool]" = {}


def _container(kind: type) -> bool:
    known = _is_container.get(kind)
    if known is None:
        known = _is_container[kind] = issubclass(kind, _CONTAINERS)
    return known


def _with_items(kind: type) -> bool:
    """Whether `o[k]` is one act that no Python code of the program's own makes."""
    known = _holds_items.get(kind)
    if known is None:
        getter = getattr(kind, "__getitem__", None)
        own = isinstance(getter, types.FunctionType) and "_syncscope" in getter.__globals__
        known = _holds_items[kind] = not issubclass(kind, _PLAIN) and not own
    return known


def _foreign(kind: type) -> bool:
    """Whether objects of the kind may hold something that their methods change, and nobody announces it.

    So it is with files, hashes, connections, whatever other people have written: then every call is a change.
    """
    known = _is_foreign.get(kind)
    if known is None:
        name = str(getattr(kind, "__module__", ""))
        module = sys.modules.get(name)
        known = _is_foreign[kind] = not (
            issubclass(kind, (*_PLAIN, *_HARMLESS))
            or name.startswith(_OURS)
            or name.split(".")[0] in _KNOWN_MODULES
            or "_syncscope" in getattr(module, "__dict__", ())
        )
    return known


class Hooks:
    def __init__(self, file: str) -> None:
        self.file = file
        self.sites: list[tuple[int, str]] = []
        self.unknown: list[int] = []
        self._operations: dict[tuple[int, int, str], Operation] = {}

    def begin(self) -> None:
        """A new execution."""

    def site(self, line: int, text: str) -> int:
        self.sites.append((line, text))
        return len(self.sites) - 1

    def unknown_lines(self) -> str:
        return ", ".join(str(line) for line in sorted(set(self.unknown)))

    # -- the announcement

    def _on(self, owner: Any, name: "str | None", kind: str, site: int) -> None:
        run = now.run
        if run is None or run.solo:
            return
        task = run.current
        if task is None or task.ident != get_ident():
            return
        key = run.key(owner) if name is None else run.key_in(owner, name)
        operation = self._operations.get((key, site, kind))
        if operation is None:
            line, text = self.sites[site]
            operation = Operation(kind, key, kind == "write", line, self.file, text)
            self._operations[(key, site, kind)] = operation
        run.step(operation)

    def line(self, site: int) -> None:
        run = now.run
        if run is None or run.solo:
            return
        self._on(run.program, "line", "write", site)

    # -- attributes

    def _read(self, owner: Any, name: str, site: int) -> None:
        kind = type(owner)
        if kind is types.ModuleType:
            hooks = owner.__dict__.get("_syncscope")
            if hooks is not None and not callable(owner.__dict__.get(name)):
                self._on(hooks, name, "read", site)
            return
        held = _dict_of(owner)
        if held is not None and name in held:
            found = held[name] if isinstance(owner, type) else None
            if not isinstance(found, (types.FunctionType, classmethod, staticmethod, property)):
                self._on(owner, name, "read", site)
            return
        classes = owner.__mro__[1:] if isinstance(owner, type) else kind.__mro__
        for cls in classes:
            value = cls.__dict__.get(name, _MISSING)
            if value is _MISSING:
                continue
            if isinstance(value, types.MemberDescriptorType):
                if cls.__flags__ & 512:  # a class of the program's own (heap type) with __slots__
                    self._on(owner, name, "read", site)
            elif not hasattr(type(value), "__get__"):
                self._on(owner, name, "read", site)  # an instance may get its own
                self._on(cls, name, "read", site)
            return
        if held is not None:
            self._on(owner, name, "read", site)  # not there: somebody may be about to make it

    def _written(self, owner: Any, name: str, site: int) -> None:
        if type(owner) is types.ModuleType:
            owner = owner.__dict__.get("_syncscope", owner)
        elif not isinstance(owner, type):
            descriptor = getattr(type(owner), name, None)
            if isinstance(descriptor, property):
                return  # its code announces what it does
        self._on(owner, name, "write", site)

    def attribute(self, owner: Any, name: str, site: int) -> Any:
        run = now.run
        if run is not None and not run.solo:
            self._read(owner, name, site)
        return getattr(owner, name)

    def set_attribute(self, value: Any, owner: Any, name: str, site: int) -> None:
        self._written(owner, name, site)
        setattr(owner, name, value)

    def delete_attribute(self, owner: Any, name: str, site: int) -> None:
        self._written(owner, name, site)
        delattr(owner, name)

    def getattr(self, site: int, owner: Any, name: str, *default: Any) -> Any:
        self._read(owner, name, site)
        return getattr(owner, name, *default)

    def hasattr(self, site: int, owner: Any, name: str) -> bool:
        self._read(owner, name, site)
        return hasattr(owner, name)

    def setattr(self, site: int, owner: Any, name: str, value: Any) -> None:
        self.set_attribute(value, owner, name, site)

    def delattr(self, site: int, owner: Any, name: str) -> None:
        self.delete_attribute(owner, name, site)

    # -- items

    slice = staticmethod(slice)

    def item(self, owner: Any, key: Any, site: int) -> Any:
        if _with_items(type(owner)):
            self._on(owner, None, "write" if hasattr(type(owner), "__missing__") else "read", site)
        return owner[key]

    def set_item(self, value: Any, owner: Any, key: Any, site: int) -> None:
        if _with_items(type(owner)):
            self._on(owner, None, "write", site)
        owner[key] = value

    def delete_item(self, owner: Any, key: Any, site: int) -> None:
        if _with_items(type(owner)):
            self._on(owner, None, "write", site)
        del owner[key]

    # -- containers

    def content(self, value: Any, site: int) -> Any:
        if _container(type(value)):
            self._on(value, None, "read", site)
        return value

    def changed(self, value: Any, site: int) -> Any:
        if _container(type(value)):
            self._on(value, None, "write", site)
        return value

    def advanced(self, value: Any, site: int) -> Any:
        self._on(value, None, "write", site)
        return value

    def each(self, values: Any, site: int) -> Any:
        run = now.run
        if run is None or not _container(type(values)):
            return values
        if isinstance(values, set) and any(_is_hashed_by_address(value) for value in values):
            run.warn(
                f"a set of plain objects is iterated in line {self.sites[site][0]}: its order is not under control"
            )
        return self._each(values, site)

    def _each(self, values: Any, site: int) -> "Iterator[Any]":
        iterator = iter(values)
        while True:
            self._on(values, None, "read", site)
            try:
                value = next(iterator)
            except StopIteration:
                return
            yield value

    def method(self, owner: Any, name: str, site: int) -> Any:
        run = now.run
        if run is None or run.solo:
            return getattr(owner, name)
        kind = type(owner)
        if _container(kind):
            if name in _WRITING:
                how = "write"
            elif name in _READING:
                how = "read"
            else:
                return getattr(owner, name)
            function = getattr(owner, name)

            def announced(*arguments: Any, **named: Any) -> Any:
                self._on(owner, None, how, site)
                return function(*arguments, **named)

            return announced
        if kind is types.ModuleType:
            return self.function(getattr(owner, name), site)
        held = _dict_of(owner)
        if not isinstance(owner, type) and _foreign(kind):
            if owner is not sys.stdout and owner is not sys.stderr:
                return self._changing(owner, getattr(owner, name), site)
        elif held is not None and name in held and not isinstance(owner, type):
            self._on(owner, name, "read", site)
        return getattr(owner, name)

    def _changing(self, owner: Any, function: Any, site: int) -> Any:
        def announced(*arguments: Any, **named: Any) -> Any:
            self._on(owner, None, "write", site)
            return function(*arguments, **named)

        return announced

    def function(self, function: Any, site: int) -> Any:
        """A function of other people: the containers that it is given are looked into, or filled."""
        run = now.run
        if run is None or run.solo:
            return function
        if isinstance(function, types.FunctionType) and "_syncscope" in function.__globals__:
            return function
        if isinstance(function, type) and "_syncscope" in getattr(function, "__dict__", ()):
            return function
        if type(function) is _Cached:
            return self._changing(function, function, site)
        how = "write" if getattr(function, "__name__", "") in _FILLING else "read"

        def announced(*arguments: Any, **named: Any) -> Any:
            for argument in arguments:
                if _container(type(argument)):
                    self._on(argument, None, how, site)
            return function(*arguments, **named)

        return announced

    # -- names

    def name(self, name: str, site: int) -> None:
        self._on(self, name, "read", site)

    def set_name(self, value: Any, name: str, site: int) -> Any:
        self._on(self, name, "write", site)
        return value


def _dict_of(owner: Any) -> Any:
    if isinstance(owner, type):
        return owner.__dict__
    try:
        return _get(owner, "__dict__")
    except AttributeError:
        return None


_get = object.__getattribute__


def _is_hashed_by_address(value: object) -> bool:
    return getattr(type(value), "__hash__", None) is _HASH_BY_ADDRESS

"""One shared variable each: a module global, an attribute of one object, an item of one container.

Every write makes a new version.  A write is *stale* when its value was computed from a version that another
task has replaced since.  Between looking at the version and counting the write there is no call and no loop,
so (with a GIL) no switch of threads: what is said about versions is a fact.

No object of the program is kept alive: values are remembered only if they are plain and small, objects by
their id until a weak reference says that they are gone.
"""

import _thread
import weakref
from collections import Counter, OrderedDict, defaultdict
from types import CodeType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, NamedTuple

from .. import wire
from . import frames, recorder
from .originals import perf_counter_ns
from .rationing import Rationed

UNKNOWN: Any = object()
"""A value that is not remembered, or has not been seen yet."""

PLAIN, PROPERTY, OPAQUE = range(3)
MOST = 20_000
"""Locations that are kept apart at one time; the oldest are forgotten first."""
PLAIN_TYPES = frozenset({int, float, bool, type(None), str, bytes})
"""Their values cannot be changed in place."""
_CONTAINERS = frozenset({dict, list, defaultdict, OrderedDict, Counter})


class Clock:
    """Counts the writes of all watched variables.  The program's code looks at it beside every read."""

    __slots__ = ("tick",)

    def __init__(self) -> None:
        self.tick = 0

    def __reduce__(self) -> Any:
        """Code that is sent to an interpreter without the probe (joblib does) must still run there."""
        return eval, ("type('Clock', (), {'tick': 0})()",)


clock = Clock()


def remembered(value: Any) -> Any:
    """The value itself if it is plain and small."""
    kind = type(value)
    if kind not in PLAIN_TYPES:
        return UNKNOWN
    if kind is int:
        return value if -(1 << 62) < value < 1 << 62 else UNKNOWN
    return value if kind not in (str, bytes) or len(value) <= 64 else UNKNOWN


Replaced = tuple[int, int, Any, "tuple[tuple[int, int, int], ...]", int, int, bool]
"""Of the version that a write replaces: number, task, value, history; version read last, by whom, by many."""


class Read(NamedTuple):
    """A read whose value may be on its way to a write."""

    location: "Location"
    version: int
    value: Any  # as remembered
    value_id: int
    t_ns: int
    code: CodeType
    lasti: int
    recorded: bool


class Location:
    __slots__ = (
        "confirmed", "first", "history", "holder", "many", "name", "nature", "owner_type", "read_version",
        "reader", "ref", "resource", "tick", "value", "value_id", "version", "writer",
    )  # fmt: skip

    def __init__(self, name: str, holder: str, nature: int = PLAIN) -> None:
        self.name = name
        self.holder = holder
        self.nature = nature
        self.confirmed = nature == PLAIN  # a property: what one task wrote was read by another
        self.owner_type: "type | None" = None
        self.ref: "weakref.ref[Any] | None" = None
        self.version = 0
        self.tick = 0  # of the clock, at the newest write
        self.writer = 0  # task that made the newest version; 0 = not known
        self.value: Any = UNKNOWN
        self.value_id = 0
        self.history: "tuple[tuple[int, int, int], ...]" = ()  # (tick, version, task), newest first
        self.reader = 0  # a task that read the version `read_version`, and may be about to replace it
        self.many = False  # more than one
        self.read_version = -1
        self.first = 0  # the only task so far
        self.resource: "Rationed | None" = None

    # -- what happens

    def read(self, me: int, value: Any, before: int, after: int, exact: bool) -> "tuple[int, bool]":
        """(version of `value`, does another task work on the same version?)

        After more writes than are remembered, the version is too new, but still an old one.

        value: as remembered.  before, after: the clock when the value was loaded.  exact: nothing was run in between, so `before`
        is when the load began; else an update in between is assumed to have been read.
        """
        seen = before if exact else after
        version, tick, current, writer = self.version, self.tick, self.value, self.writer
        if tick > seen:
            version = self._version_at(seen)
        elif current is UNKNOWN or value is UNKNOWN:
            self.value = value
        elif current == value:
            self.confirmed = self.confirmed or writer not in (0, me)
        elif self.nature == PROPERTY:
            self.nature = OPAQUE  # gives something else than was written: not a plain variable
        else:  # written where we do not look
            self.version = version = version + 1
            self.writer = 0
            self.value = value
        if self.read_version != version:
            self.read_version, self.reader, self.many = version, me, False
            return version, False
        self.many = contended = self.many or self.reader != me
        return version, contended

    def _version_at(self, seen: int) -> int:
        oldest = self.version
        for tick, version, _ in self.history:
            if tick <= seen:
                return version
            oldest = version
        return oldest - 1

    def replace(self, me: int, value: Any, value_id: int) -> "Replaced":
        """Count a write.  No call, no loop, so no switch of threads, from the first line to the caller's store."""
        replaced = (
            self.version,
            self.writer,
            self.value,
            self.history,
            self.read_version,
            self.reader,
            self.many,
        )
        self.version += 1
        self.writer = me
        self.value = value
        self.value_id = value_id
        clock.tick = self.tick = clock.tick + 1
        self.history = ((self.tick, self.version, me), *self.history[:15])
        return replaced

    def is_stale(self, me: int, read: "Read | None", replaced: "Replaced") -> bool:
        """Was a version replaced that another task had made since this task's `read`?"""
        version, writer, value, history, *_ = replaced
        if read is None or read.version >= version or not self.confirmed or self.nature == OPAQUE:
            return False
        if value is not UNKNOWN and value == read.value:
            return False  # it came back to what this task had read: nothing is lost
        return writer not in (0, me) or any(v > read.version and w not in (0, me) for _, v, w in history)

    def is_same_object(self, value: Any, read: "Read | None") -> bool:
        """Is the variable given the very object that it has, changed in place perhaps?"""
        if type(value) in PLAIN_TYPES:
            return False
        return id(value) == (read.value_id if read is not None else self.value_id)

    # -- who knows of it

    def shared_by(self, me: int) -> "Rationed | None":
        """Described when a second task touches it; None before."""
        if self.resource is None:
            first = self.first
            if first in (0, me):
                self.first = me
                return None
            if first < 0:  # being described by another thread
                return None
            self.first = -1
            slot, name = recorder.take_slot(), _numbered(self.holder, self.name)
            resource = Rationed(recorder.new_id(), slot, wire.word_of_slot(slot))
            recorder.meta(
                k="variable", id=resource.id, slot=slot, name=name, holder=self.holder, t_ns=perf_counter_ns()
            )
            self.resource = resource
            _say_that_we_watch()
        return self.resource


_n_named: "dict[tuple[str, str], int]" = {}


def _numbered(holder: str, name: str) -> str:
    """`balance`, and `balance#2` for that of another object."""
    n = _n_named[holder, name] = _n_named.get((holder, name), 0) + 1
    return name if n == 1 else f"{name}#{n}"


_said = False


def _say_that_we_watch() -> None:
    global _said
    if not _said:
        _said = True
        recorder.note(
            "Shared variables are watched: the calls that this adds are points where threads may be switched. "
            "An interleaving that is seen is real; how often it happens is not what it is without watching."
        )


# -- finding ----------------------------------------------------------------------------------------------

_known: "dict[tuple[int, Any], Location]" = {}
_natures: "weakref.WeakKeyDictionary[type, dict[str, int]]" = weakref.WeakKeyDictionary()


def of_global(names: "dict[str, Any]", name: str) -> Location:
    location = _known.get((id(names), name))
    if location is None:
        module = str(names.get("__name__", ""))
        location = _keep((id(names), name), Location(name, "__main__" if module == "__mp_main__" else module))
    return location


def of_attribute(owner: Any, name: str) -> "Location | None":
    """None: a location that is not one variable for all tasks, or not known to be."""
    if type(owner) is ModuleType:
        return of_global(vars(owner), name)
    key = id(owner), name
    location = _known.get(key)
    if location is not None and _is_of(location, owner):
        return location if location.nature != OPAQUE else None
    nature = _nature(owner, name)
    if nature == OPAQUE:
        return None
    kind = owner if isinstance(owner, type) else type(owner)
    public = name.removeprefix(f"_{kind.__name__.lstrip('_')}") if "__" in name else name
    return _keep(key, _bound_to(owner, key, Location(public, kind.__name__, nature)), location)


def of_item(container: Any, text: str, key: Any) -> "Location | None":
    if type(container) not in _CONTAINERS or type(key) not in PLAIN_TYPES:
        return None
    which = id(container), key
    location = _known.get(which)
    if location is None or not _is_of(location, container):
        name = f"{text}[{key!r:.40}]"
        location = _keep(which, _bound_to(container, which, Location(name, "")), location)
    return location


def _is_of(location: Location, owner: Any) -> bool:
    """Is it still of this object, and not of one that had the same id before?"""
    return location.ref() is owner if location.ref is not None else location.owner_type is type(owner)


def _bound_to(owner: Any, key: "tuple[int, Any]", location: Location) -> Location:
    location.owner_type = type(owner)
    try:
        location.ref = weakref.ref(owner, lambda _: _known.pop(key, None))
    except TypeError:  # a type without weak references: its id is trusted as long as the type is the same
        pass
    return location


def _keep(key: "tuple[int, Any]", location: Location, outdated: "Location | None" = None) -> Location:
    """Known from now on, unless another thread was faster; in the place of `outdated`, which had the same key."""
    while len(_known) >= MOST:
        _known.pop(next(iter(_known)), None)
    known = _known.setdefault(key, location)
    if known is outdated:
        known = _known[key] = location
    return known


def _nature(owner: Any, name: str) -> int:
    kind = type(owner)
    of_kind = _natures.get(kind)
    if of_kind is None:
        of_kind = _natures[kind] = {}
    nature = of_kind.get(name)
    if nature is None:
        nature = of_kind[name] = _find_nature(owner, kind, name)
    return nature


def _find_nature(owner: Any, kind: type, name: str) -> int:
    if isinstance(owner, _thread._local):
        return OPAQUE  # another variable in every thread
    if isinstance(owner, type):
        return PLAIN if _finds(kind, "__setattr__") is type else OPAQUE
    if _finds(kind, "__setattr__") is not object or _finds(kind, "__getattribute__") is not object:
        return OPAQUE
    base = _finds(kind, name)
    found = base.__dict__[name] if base is not None else None
    if isinstance(found, MemberDescriptorType) or not hasattr(type(found), "__set__"):
        return PLAIN
    return PROPERTY if isinstance(found, (property, GetSetDescriptorType)) else OPAQUE


def _finds(kind: type, name: str) -> "type | None":
    """The class that has the attribute `name` of the objects of `kind`."""
    return next((base for base in kind.__mro__ if name in base.__dict__), None)


frames.step_over(globals(), ours=True)

"""Watched variables: which version of a value did a task read, and was it still the newest when it wrote?

A location is one variable: a module global, an attribute of one object, an item of one container.  Each write
makes a new version.  A write is *stale* when its task read an older version before: what others wrote in
between is lost.  That is a fact of this run.  Watching adds calls, and calls are points where the
interpreter may switch threads: how often it happens is not what it is without us, and the observer is told.

Between the check and the counting of a write no call is made, so no switch can come between them (with a
GIL).  A switch can come at our own entry, after the value was loaded: which version was read is therefore
told by the identity of the value.  Records begin when a second task touches the location.
"""

import builtins
import operator
import os
import sys
import weakref
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType
from typing import Any

from .. import wire
from ..events import Flag, Kind
from . import frames, recorder
from .originals import get_ident, getframe, perf_counter_ns
from .watching import OPERATORS, Rewritten, Site, rewrite

READ, WRITE = int(Kind.READ), int(Kind.WRITE)
STALE = int(Flag.STALE)
MAX_LOCATIONS = 20_000
"""Objects of one attribute that are kept apart; the oldest are forgotten first."""

_folder = ""


class _Unknown:
    """The value of a location that nobody is known to have written."""


class _Access:
    """One read or write, kept until it is known whether it must be recorded."""

    __slots__ = ("code", "lasti", "recorded", "t_ns", "task", "thread", "value", "version")

    def __init__(self, thread: int, task: int, version: int, value: Any, frame: Any) -> None:
        self.thread = thread
        self.task = task
        self.version = version
        self.value = value
        self.t_ns = perf_counter_ns()
        self.code, self.lasti = recorder.position(frame)
        self.recorded = False


class Location:
    __slots__ = (
        "before",
        "first",
        "holder",
        "last",
        "name",
        "reads",
        "resource",
        "value",
        "version",
        "written",
    )

    def __init__(self, name: str, holder: str) -> None:
        self.name = name
        self.holder = holder
        self.version = 0
        self.value: Any = _Unknown  # of the newest version
        self.before: Any = _Unknown  # of the one before
        self.reads: "dict[int, _Access]" = {}  # task -> its latest read
        self.last: "_Access | None" = None  # the newest write
        self.written: "_Access | None" = None  # the newest write by another task than that of `last`
        self.first = 0  # the only task so far
        self.resource: "recorder.Resource | None" = None

    def read(self, value: Any, frame: Any) -> None:
        version = self.version
        if value is not self.value:
            if value is self.before:
                version -= 1
            elif self.value is _Unknown:
                self.value = value
            else:  # somebody wrote it where we do not look
                version = self.version = version + 1
                self.before = self.value
                self.value = value
        ident = get_ident()
        thread = recorder.threads.get(ident) or recorder.thread_id()
        task = recorder.running.get(ident, 0)
        access = self.reads[task or thread] = _Access(thread, task, version, value, frame)
        if self._is_shared(task or thread):
            resource = self._resource()
            resource.n_out += 1
            recorder.words[resource.word + wire.S_OUT] = resource.n_out
            if resource.may_record():
                self._record(READ, access, resource.take_flags())

    def write(self, value: Any, frame: Any, blind: bool) -> None:
        ident = get_ident()
        thread = recorder.threads.get(ident) or recorder.thread_id()
        task = recorder.running.get(ident, 0)
        read = self.reads.pop(task or thread, None)
        if read is not None and read.value is value:
            return  # an in-place operation: the variable still names the same object
        access = _Access(thread, task, 0, value, frame)
        # from here to the last of these lines there is no call: no other thread runs in between
        stale = not blind and read is not None and read.version != self.version
        access.version = self.version = self.version + 1
        self.before = self.value
        self.value = value
        last = self.last
        self.last = access
        if last is not None and (last.task or last.thread) != (task or thread):
            self.written = last
        if stale and value.__class__ is bool:
            stale = False  # `flag |= x` twice is the same as once
        if not self._is_shared(task or thread):
            return
        resource = self._resource()
        resource.n_in += 1
        recorder.words[resource.word + wire.S_IN] = resource.n_in
        recorder.words[resource.word + wire.S_VALUE] = _number(value) & 0xFFFF_FFFF_FFFF_FFFF
        if stale:
            self._record(READ, read, 0)
            self._record(WRITE, self.written, 0)
            self._record(WRITE, access, STALE | resource.take_flags())
        elif resource.may_record():
            self._record(WRITE, access, resource.take_flags())

    def _is_shared(self, who: int) -> bool:
        """Has a second task touched it?"""
        if self.resource is not None:
            return True
        if not self.first:
            self.first = who
        return self.first != who

    def _resource(self) -> recorder.Resource:
        resource = self.resource
        if resource is None:
            slot = recorder.take_slot()
            resource = self.resource = recorder.Resource(recorder.new_id(), slot)
            recorder.meta(
                k="variable", id=resource.id, slot=slot, name=self.name, holder=self.holder,
                t_ns=perf_counter_ns(),
            )  # fmt: skip
            _say_that_we_watch()
        return resource

    def _record(self, kind: int, access: "_Access | None", flags: int) -> None:
        if access is None or access.recorded or self.resource is None:
            return
        access.recorded = True
        recorder.emit_at(
            kind, self.resource.id, _number(access.value), access.version, flags, access.t_ns, access.thread,
            access.task, access.code, access.lasti,
        )  # fmt: skip


class Watch:
    """What the rewritten code calls: one for each watched name of a module.  Returns the value it is given."""

    __slots__ = ("_global", "_of", "_site")

    def __init__(self, site: Site, module: str) -> None:
        self._site = site
        self._global = Location(site.name, module)
        self._of: "dict[Any, tuple[Location, Any]]" = {}

    def read(self, value: Any) -> Any:
        _guarded(self._global.read, value, getframe(1))
        return value

    def write(self, value: Any) -> Any:
        _guarded(self._global.write, value, getframe(1), False)
        return value

    def set(self, value: Any) -> Any:
        _guarded(self._global.write, value, getframe(1), True)
        return value

    def read_of(self, value: Any, owner: Any, *key: Any) -> Any:
        location = self._location(owner, key)
        if location is not None:
            _guarded(location.read, value, getframe(1))
        return value

    def write_of(self, value: Any, owner: Any, *key: Any) -> Any:
        location = self._location(owner, key)
        if location is not None:
            _guarded(location.write, value, getframe(1), False)
        return value

    def set_of(self, value: Any, owner: Any, *key: Any) -> Any:
        location = self._location(owner, key)
        if location is not None:
            _guarded(location.write, value, getframe(1), True)
        return value

    def _location(self, owner: Any, key: "tuple[Any, ...]") -> "Location | None":
        try:
            which = (id(owner), *key)
            known = self._of.get(which)
        except TypeError:  # a key that cannot be hashed
            return None
        if known is not None and (known[1] is None or known[1]() is owner):
            return known[0]
        if len(self._of) >= MAX_LOCATIONS:
            self._of.pop(next(iter(self._of)), None)
        if self._site.kind == "item":
            location = Location(f"{self._site.name}[{_short(key)}]", "")
        else:
            owner_type = owner if isinstance(owner, type) else type(owner)
            location = Location(self._site.name, owner_type.__name__)
        forget = self._of
        try:
            reference = weakref.ref(owner, lambda _: forget.pop(which, None))
        except TypeError:
            reference = None  # the id may be used anew: its next read finds a value nobody wrote
        return self._of.setdefault(which, (location, reference))[0]


def _guarded(method: Any, *args: Any) -> None:
    try:
        method(*args)
    except Exception as error:  # the program goes on, unwatched here
        if not recorder.is_own(error):
            raise
        recorder.fault("variables", error)


def _short(key: "tuple[Any, ...]") -> str:
    try:
        return repr(key[0])[:20] if key else "?"
    except Exception:
        return "?"


def _number(value: Any) -> int:
    """The value for a record: itself if a small integer, 0 otherwise."""
    return value if value.__class__ is int and -(1 << 62) < value < 1 << 62 else 0


_said = False


def _say_that_we_watch() -> None:
    global _said
    if not _said:
        _said = True
        recorder.note(
            "Shared variables are watched: the calls that this adds are points where threads may be switched. "
            "An interleaving that is seen is real; how often it happens is not what it is without watching."
        )


# -- compiling --------------------------------------------------------------------------------------------


def compile_program(source: bytes, path: str, module: str = "__main__") -> CodeType:
    """The program's code, its shared variables watched if that was asked for and there are any."""
    watched = _rewritten(source, path)
    if watched is None:
        return compile(source, path, "exec", dont_inherit=True)
    return _furnish(watched, module)


def _rewritten(source: bytes, path: str) -> "Rewritten | None":
    if not recorder.options.get("watch", True):
        return None
    try:
        return rewrite(source, path)
    except SyntaxError:
        return None  # compiled as it is, it fails as it should
    except Exception as error:
        recorder.fault("watching", error)
        return None


def _furnish(watched: Rewritten, module: str) -> CodeType:
    for site, name in watched.watches.items():
        setattr(builtins, name, Watch(site, module))
    setattr(builtins, OPERATORS, operator)
    return watched.code


class _Loader(SourceFileLoader):
    """Loads a module of the program with its variables watched, past the bytecode cache."""

    watched: "Rewritten | None" = None

    def get_code(self, fullname: str) -> Any:
        if self.watched is None:
            return super().get_code(fullname)
        return _furnish(self.watched, fullname)


class _Finder:
    """Finds the modules that lie beside the program or below it; installed packages are left alone."""

    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> "ModuleSpec | None":
        if not _folder:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or type(spec.loader) is not SourceFileLoader or not spec.origin:
            return None
        if not spec.origin.startswith(_folder) or frames.owner(spec.origin) != frames.USER:
            return None
        try:
            with open(spec.origin, "rb") as file:
                watched = _rewritten(file.read(), spec.origin)
        except OSError:
            return None
        if watched is None:
            return None
        loader = _Loader(name, spec.origin)
        loader.watched = watched
        spec.loader = loader
        return spec


def watch_folder(folder: str) -> None:
    """Also watch the variables of modules in `folder`, the program's own."""
    global _folder
    _folder = os.path.join(os.path.abspath(folder), "")
    if recorder.options.get("watch", True) and _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


frames.step_over(globals(), ours=True)

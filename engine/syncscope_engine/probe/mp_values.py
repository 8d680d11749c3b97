"""multiprocessing.Value and Array: reads and writes of memory that processes share.

Each access happens under the value's own lock; there its version is counted, in the value's home, so the order
of accesses is certain whatever process they are in.  A write whose value comes from a version that another
task has replaced since then is stale: that is a fact, not a guess.  Home, after its first words: for each item
its version and its last writer.
"""

import ctypes
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..events import Flag, Kind
from ..wire import HOME_SIZE
from . import frames, mp_locks, mp_shared, recorder, shared_marks
from .mp_raw_memory import get_obj_of, raw
from .originals import get_ident, getframe, perf_counter_ns
from .patching import PROBE, wrap
from .recorder import S_IN, S_OUT, W_FRAME
from .shared_marks import Mark, marks

READ, WRITE, STALE = int(Kind.READ), int(Kind.WRITE), int(Flag.STALE)
ITEMS = HOME_SIZE // 8
MOST_ITEMS = 1 << 16
"""Of larger arrays it is not known whether a write is stale."""

Method = Callable[..., Any]

NEVER = -1
running = recorder.running
_new_mark: Callable[..., Mark] = tuple.__new__
words: "memoryview[int]"


def _opened() -> None:
    global words
    words = recorder.words


recorder.when_opened(_opened)


class ValueProbe(recorder.Resource):
    """`items`: of how many the versions are known."""

    __slots__ = ("home", "identity", "items", "n_missed", "quiet", "raw", "stale", "word_in", "word_out")

    def __init__(self, id_: int, slot: int, home: "memoryview[int]", identity: str, raw: Any) -> None:
        super().__init__(id_, slot)
        self.home = home
        self.identity = identity
        self.items = (len(home) - ITEMS) // 2
        self.raw = raw
        self.quiet = NEVER
        self.n_missed = 0
        self.word_in, self.word_out = self.word + S_IN, self.word + S_OUT
        self.stale: dict[int, int] = {}  # item of an array -> resource that tells of its stale writes
        mp_shared.count_own(self)

    def _may_tell(self) -> bool:
        """As `may_record`; within one frame, what is not recorded after the first is only counted."""
        if self.n_missed:
            self.drop(self.n_missed)
            self.n_missed = 0
            self.flags = recorder.SAMPLED
        may = self.may_record()
        self.quiet = NEVER if may else words[W_FRAME]
        return may

    def has_read(self, owner: Any, item: Any, value: Any, frame: "FrameType | None") -> None:
        """To be called under the lock."""
        self.n_out = words[self.word_out] = self.n_out + 1
        number = value if type(value) is int else _number(value)
        version = self.home[1]
        t_ns = perf_counter_ns()
        recorded = False
        if self.quiet == words[W_FRAME]:
            self.n_missed += 1
        elif self._may_tell():
            recorded = True
            flags = self.take_flags()
            recorder.emit(READ, self.id, number, version, frames.acting(frame), flags, t_ns)
        if self.items != 1:
            at = self._index(item)
            version = version if at is None else self.home[at]
        else:
            version = self.home[ITEMS]
        marks.read = _new_mark(
            Mark,
            (
                owner, item, version, number, t_ns, recorded,
                frame.f_code if frame is not None else None, frame.f_lasti if frame is not None else None,
            ),
        )  # fmt: skip

    def writes(self, owner: Any, item: Any, value: Any, frame: "FrameType | None") -> None:
        """To be called under the lock, when the value has been stored."""
        home = self.home
        home[1] = version = home[1] + 1
        number = value if type(value) is int else _number(value)
        home[0] = number & 0xFFFF_FFFF_FFFF_FFFF
        self.n_in = words[self.word_in] = self.n_in + 1
        at = ITEMS if self.items == 1 and type(item) is int else self._index(item)
        if at is not None:
            me = mp_shared.pid_part | (recorder.task_id() if running else recorder.thread_id())
            of_item = home[at]
            home[at] = of_item + 1
            source = marks.source
            if source is not None:
                marks.source = None
                if (
                    source.version < of_item
                    and source.owner is owner
                    and source.item == item
                    and home[at + 1] != me
                ):
                    home[at + 1] = me
                    self._is_stale(item, source, number, of_item + 1, version, frame)
                    return
            home[at + 1] = me
        if self.quiet == words[W_FRAME]:
            self.n_missed += 1
        elif self._may_tell():
            recorder.emit(WRITE, self.id, number, version, frames.acting(frame), self.take_flags())

    def _is_stale(self, item: Any, source: Mark, number: int, of_item: int, version: int, frame: Any) -> None:
        """A single value tells itself; an item of an array is told of as a thing of its own."""
        acting = frames.acting(frame)
        id_ = self.id
        if self.items > 1:
            recorder.emit(WRITE, self.id, number, version, acting, self.take_flags())
            id_, version = self._resource_of(item, acting), of_item
        if id_ != self.id or not source.recorded:
            code, lasti = recorder.position(acting)
            if acting is frame and source.code is not None:
                if id(source.code) not in recorder._known_codes:
                    recorder.see(source.code)
                code, lasti = id(source.code), source.lasti or 0
            recorder.emit_at(
                READ, id_, source.number, source.version, 0, source.t_ns, recorder.thread_id(),
                recorder.running.get(get_ident(), 0), code, lasti,
            )  # fmt: skip
        flags = STALE | (self.take_flags() if id_ == self.id else 0)
        recorder.emit(WRITE, id_, number, version, acting, flags)

    def _resource_of(self, item: int, frame: "FrameType | None") -> int:
        if item not in self.stale:
            self.stale[item] = id_ = recorder.new_id()
            recorder.meta(
                k="resource", id=id_, kind="shared_memory", type="item", slot=0, code=0, lasti=0, up=[],
                store=f"[{item}]", holder=None, part_of=self.id, shared=f"{self.identity}[{item}]",
                t_ns=perf_counter_ns(),
            )  # fmt: skip
        return self.stale[item]

    def _index(self, item: Any) -> "int | None":
        """Where in the home the version of the item is."""
        if type(item) is not int:
            return None
        if item < 0:
            item += self.items
        return ITEMS + 2 * item if 0 <= item < self.items else None


def _number(value: Any) -> int:
    return int(value) if type(value) in (int, bool) and -(1 << 62) < value < 1 << 62 else 0


# -- making -----------------------------------------------------------------------------------------------


def _init(original: Method) -> Method:
    def init(self: Any, obj: Any, lock: Any = None, ctx: Any = None) -> None:
        original(self, obj, lock, ctx)
        try:
            _declare(self, getframe().f_back)
        except Exception as error:
            recorder.fault("Value", error)

    return init


def _declare(value: Any, frame: "FrameType | None") -> None:
    lock, obj = value._lock, value._obj
    made = mp_shared.made_by_program(frame)
    if not hasattr(lock, "_semlock"):
        return  # a lock of another kind: its order means nothing to us
    identity = mp_locks.identity_of(lock)
    wrapper = getattr(obj, "_wrapper", None)
    if not identity or wrapper is None:
        return
    identity = f"{identity}.{wrapper._state[0][1]:x}"
    at = mp_shared.maker(frame) if made else None
    n = len(obj) if isinstance(obj, ctypes.Array) else 1
    home = mp_shared.home_of(identity, value, HOME_SIZE + 16 * (n if n <= MOST_ITEMS else 0))
    name = "Array" if isinstance(obj, ctypes.Array) else "Value"
    capacity = {"capacity": n} if name == "Array" else {}
    resource = recorder.declare_resource("shared_memory", name, at, shared=identity, **capacity)
    if made and getattr(lock, PROBE) is None:
        mp_locks.declare(lock, at, part_of=resource.id)
        value.acquire, value.release = lock.acquire, lock.release
    setattr(value, PROBE, ValueProbe(resource.id, resource.slot, home, identity, lock._semlock))
    shared_marks.types.add(type(value))


# -- access -----------------------------------------------------------------------------------------------


def _taken(value: Any) -> Method:
    """Wait for the lock of `value`; how to give it back.  Only this is told of."""
    value._lock.acquire()
    return value._lock.release  # type: ignore[no-any-return]


def _accessors(name: str, original: property) -> property:
    """Of one field of a value."""
    get_bare: Any = original.fget
    set_bare: Any = original.fset

    def get(self: Any) -> Any:
        probe: ValueProbe | None = self._syncscope
        if probe is None:
            return get_bare(self)
        raw = probe.raw
        give_back = raw.release if raw.acquire(False) else _taken(self)
        try:
            value = getattr(self._obj, name)
            probe.has_read(self, 0 if name == "value" else name, value, getframe().f_back)
            return value
        finally:
            give_back()

    def set(self: Any, value: Any) -> None:  # noqa: A001
        probe: ValueProbe | None = self._syncscope
        if probe is None:
            set_bare(self, value)
            return
        raw = probe.raw
        give_back = raw.release if raw.acquire(False) else _taken(self)
        try:
            setattr(self._obj, name, value)
            probe.writes(self, 0 if name == "value" else name, value, getframe().f_back)
        finally:
            give_back()

    return property(get, set, original.fdel, original.__doc__)


def _getitem(original: Method) -> Method:
    def getitem(self: Any, i: Any) -> Any:
        probe: ValueProbe | None = self._syncscope
        if probe is None:
            return original(self, i)
        raw = probe.raw
        give_back = raw.release if raw.acquire(False) else _taken(self)
        try:
            value = self._obj[i]
            probe.has_read(self, i, value, getframe().f_back)
            return value
        finally:
            give_back()

    return getitem


def _setitem(original: Method) -> Method:
    def setitem(self: Any, i: Any, value: Any) -> None:
        probe: ValueProbe | None = self._syncscope
        if probe is None:
            original(self, i, value)
            return
        raw = probe.raw
        give_back = raw.release if raw.acquire(False) else _taken(self)
        try:
            self._obj[i] = value
            probe.writes(self, i, value, getframe().f_back)
        finally:
            give_back()

    return setitem


def install() -> None:
    from multiprocessing import sharedctypes

    frames.step_over(vars(sharedctypes))
    module: Any = sharedctypes
    base: Any = sharedctypes.SynchronizedBase
    setattr(base, PROBE, None)
    wrap(base, "__init__", _init)
    wrap(base, "get_obj", get_obj_of)
    value: Any = sharedctypes.Synchronized
    value.value = _accessors("value", value.__dict__["value"])
    array: Any = sharedctypes.SynchronizedArray
    wrap(array, "__getitem__", _getitem)
    wrap(array, "__setitem__", _setitem)
    module.RawValue, module.RawArray = raw(module.RawValue), raw(module.RawArray)
    make_property = module.make_property
    module.make_property = lambda name: _accessors(name, make_property(name))


frames.step_over(globals(), ours=True)

"""What the rewritten code of a program calls at each read and write; see `watching`.  Returns the value given."""

from types import FrameType
from typing import Any

from ..events import Flag, Kind
from . import frames, locations, recorder
from .locations import OPAQUE, UNKNOWN, Location, Read, Replaced
from .originals import get_ident, getframe, perf_counter_ns
from .recorder import S_IN, S_OUT, S_VALUE
from .watch_nodes import Site

READ, WRITE, STALE = int(Kind.READ), int(Kind.WRITE), int(Flag.STALE)
_MOST_FRAMES = 1024
_PASS_ON = (
    "type('Watch', (), {"
    "'read': lambda s, b, v, a: v, 'read_of': lambda s, o, b, v, a, *m: v, "
    "'read_item': lambda s, o, k, b, v, a, *m: v, 'write': lambda s, v: v, "
    "'write_of': lambda s, v, o: v, 'write_item': lambda s, v, o, k: v, 'written': lambda s, v=None: v})()"
)
_failed = False


class Watch:
    """One read or one write in the source."""

    __slots__ = ("feeders", "feeds", "name", "reads", "writes")

    def __init__(self, site: Site) -> None:
        self.name = site.name
        self.feeds = site.feeds
        self.feeders: "tuple[Watch, ...]" = ()  # of a write: the reads that its value comes from
        # by the id of the function's frame, so that no two calls of it are mixed up:
        self.reads: "dict[int, Read]" = {}  # of a read that feeds a write: the newest
        self.writes: "dict[int, _Write]" = {}  # of a write: the one in progress

    def __reduce__(self) -> Any:
        """Code that is sent to an interpreter without the probe (joblib does) must still run there."""
        return eval, (_PASS_ON,)

    def read(self, before: int, value: Any, after: int) -> Any:
        if not _failed:
            try:
                frame = getframe(1)
                location = locations.of_global(frame.f_globals, self.name)
                _has_read(self, location, value, before, after, False, frame)
            except Exception as error:
                _fail(error)
        return value

    def read_of(self, owner: Any, before: int, value: Any, after: int, _: None = None) -> Any:
        if not _failed:
            try:
                location = locations.of_attribute(owner, self.name)
                if location is not None:
                    _has_read(self, location, value, before, after, False, getframe(1))
            except Exception as error:
                _fail(error)
        return value

    def read_item(self, owner: Any, key: Any, before: int, value: Any, after: int, _: None = None) -> Any:
        if not _failed:
            try:
                location = locations.of_item(owner, self.name, key)
                if location is not None:
                    _has_read(self, location, value, before, after, True, getframe(1))
            except Exception as error:
                _fail(error)
        return value

    def write(self, value: Any) -> Any:
        if not _failed:
            try:
                frame = getframe(1)
                location = locations.of_global(frame.f_globals, self.name)
                write = self._prepared(location, value, id(frame))
                if write is not None:
                    write.replaced = location.replace(write.me, write.value, write.value_id)
            except Exception as error:
                _fail(error)
        return value

    def write_of(self, value: Any, owner: Any) -> Any:
        if not _failed:
            try:
                location = locations.of_attribute(owner, self.name)
                if location is not None:
                    write = self._prepared(location, value, id(getframe(1)))
                    if write is not None:
                        write.replaced = location.replace(write.me, write.value, write.value_id)
            except Exception as error:
                _fail(error)
        return value

    def write_item(self, value: Any, owner: Any, key: Any) -> Any:
        if not _failed:
            try:
                location = locations.of_item(owner, self.name, key)
                if location is not None:
                    write = self._prepared(location, value, id(getframe(1)))
                    if write is not None:
                        write.replaced = location.replace(write.me, write.value, write.value_id)
            except Exception as error:
                _fail(error)
        return value

    def _prepared(self, location: Location, value: Any, frame: int) -> "_Write | None":
        """All that can be done before the write is counted; what is left is done by `written`."""
        read: "Read | None" = None
        for feeder in self.feeders:
            other = feeder.reads.get(frame)
            if (
                other is not None
                and other.location is location
                and (not read or other.version > read.version)
            ):
                read = other
        if location.is_same_object(value, read):
            return None
        write = self.writes[frame] = _Write(location, read, value)
        return write

    def written(self, value: Any = None) -> Any:
        """The value has been stored."""
        if not _failed:
            try:
                frame = getframe(1)
                write = self.writes.pop(id(frame), None)
                if write is not None and write.replaced is not None:
                    write.record(frame)
            except Exception as error:
                _fail(error)
        return value


class _Write:
    __slots__ = ("location", "me", "read", "replaced", "task", "thread", "value", "value_id")

    def __init__(self, location: Location, read: "Read | None", value: Any) -> None:
        ident = get_ident()
        self.thread = recorder.threads.get(ident) or recorder.thread_id()
        self.task = recorder.running.get(ident, 0)
        self.me = self.task or self.thread
        self.location = location
        self.read = read
        self.value = locations.remembered(value)
        self.value_id = id(value)
        self.replaced: "Replaced | None" = None

    def record(self, frame: FrameType) -> None:
        location, read, replaced = self.location, self.read, self.replaced
        assert replaced is not None
        resource = location.shared_by(self.me)
        if resource is None or location.nature == OPAQUE:
            return
        number = _number(self.value)
        resource.n_in += 1
        recorder.words[resource.word + S_IN] = resource.n_in
        recorder.words[resource.word + S_VALUE] = number & 0xFFFF_FFFF_FFFF_FFFF
        stale = location.is_stale(self.me, read, replaced)
        version, read_version, reader, many = replaced[0], *replaced[4:]
        contended = read_version == version and (many or reader != self.me)
        if not (stale or contended or resource.may_record()):
            return
        if stale and read is not None and not read.recorded:
            read.recorded = True
            if id(read.code) not in recorder._known_codes:
                recorder.see(read.code)
            self._emit(READ, read.value, read.version, 0, read.t_ns, (id(read.code), read.lasti))
        flags = resource.take_flags() | (STALE if stale else 0)
        self._emit(WRITE, self.value, version + 1, flags, perf_counter_ns(), recorder.position(frame))

    def _emit(
        self, kind: int, value: Any, version: int, flags: int, t_ns: int, place: "tuple[int, int]"
    ) -> None:
        assert self.location.resource is not None
        recorder.emit_at(
            kind, self.location.resource.id, _number(value), version, flags, t_ns, self.thread, self.task, *place
        )  # fmt: skip


def _fail(error: Exception) -> None:
    """Stop watching, unless it was the program's own code (a signal handler) that raised."""
    global _failed
    if not recorder.is_own(error):
        raise error
    _failed = True
    recorder.fault("variables", error)


def _has_read(
    watch: Watch, location: Location, value: Any, before: int, after: int, exact: bool, frame: FrameType
) -> None:
    ident = get_ident()
    thread = recorder.threads.get(ident) or recorder.thread_id()
    task = recorder.running.get(ident, 0)
    me = task or thread
    read: "Read | None" = None
    if watch.feeds:
        version, contended = location.read(me, value, before, after, exact)
        read = Read(location, version, value, frame)
        reads = watch.reads
        if len(reads) >= _MOST_FRAMES and id(frame) not in reads:
            reads.pop(next(iter(reads)), None)
        reads[id(frame)] = read
    else:
        version, contended = location.version, False
    resource = location.shared_by(me)
    if resource is None:
        return
    resource.n_out += 1
    recorder.words[resource.word + S_OUT] = resource.n_out
    if contended or resource.may_record():
        if read is not None:
            read.recorded = True
        code, lasti = recorder.position(frame)
        number = _number(locations.remembered(value))
        recorder.emit_at(
            READ, resource.id, number, version, resource.take_flags(), perf_counter_ns(), thread, task, code, lasti
        )  # fmt: skip


def _number(value: Any) -> int:
    """The value for a record: itself if it is a small integer, 0 otherwise."""
    return int(value) if value is not UNKNOWN and type(value) in (int, bool) else 0


frames.step_over(globals(), ours=True)

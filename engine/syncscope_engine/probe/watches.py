"""What the rewritten code of a program calls at each read and write; see `watching`.  Returns the value given.

As long as only one task has touched a location, its versions are counted and nothing else: that is the hot
path, written out in each method.
"""

from types import FrameType
from typing import Any

from ..events import Flag, Kind
from . import frames, gate, locations, recorder, shared_marks
from .locations import OPAQUE, PLAIN_TYPES, UNKNOWN, Location, Read, Replaced, clock, remembered
from .originals import get_ident, getframe, perf_counter_ns
from .recorder import S_IN, S_OUT, S_VALUE, W_FRAME, W_GATE
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
me, running = recorder.me, recorder.running


def _who() -> int:
    """The acting task."""
    if running:
        return running.get(get_ident()) or recorder.thread_id()
    try:
        thread: int = me.id
        return thread
    except AttributeError:  # a thread that we did not see start
        return recorder.thread_id()


class Watch:
    """One read or one write in the source."""

    __slots__ = ("feeders", "feeds", "latest", "marks", "name", "names", "reads", "writes")

    def __init__(self, site: Site) -> None:
        self.name = site.name
        self.feeds = site.feeds
        self.feeders: "tuple[Watch, ...]" = ()  # of a write: the reads that its value comes from
        # by the id of the function's frame, so that no two calls of it are mixed up:
        self.reads: "dict[int, Read]" = {}  # of a read that feeds a write: the newest
        self.writes: "dict[int, _Write]" = {}  # of a write: the one in progress
        self.marks: "dict[int, shared_marks.Mark]" = {}  # as `reads`, of a value that processes share
        self.latest: "Location | None" = None
        self.names = 0  # id of the module's globals in which `latest` is

    def __reduce__(self) -> Any:
        """Code that is sent to an interpreter without the probe (joblib does) must still run there."""
        return eval, (_PASS_ON,)

    # -- finding the location

    def _global(self, names: "dict[str, Any]") -> Location:
        self.latest = location = locations.of_global(names, self.name)
        self.names = id(names)
        return location

    def _attribute(self, owner: Any) -> "Location | None":
        latest = self.latest
        if (
            latest is not None
            and latest.ref is not None
            and latest.ref() is owner
            and latest.nature != OPAQUE
        ):
            return latest
        self.latest = location = locations.of_attribute(owner, self.name)
        return location

    # -- reads

    def read(self, before: int, value: Any, after: int) -> Any:
        if not _failed:
            try:
                frame = getframe(1)
                location = self.latest
                if location is None or self.names != id(frame.f_globals):
                    location = self._global(frame.f_globals)
                self._has_read(location, value, before, after, False, frame)
            except Exception as error:
                _fail(error)
        return value

    def read_of(self, owner: Any, before: int, value: Any, after: int, _: None = None) -> Any:
        if not _failed:
            try:
                if type(owner) in shared_marks.types:
                    self._has_read_shared(owner, id(getframe(1)))
                    return value
                location = self._attribute(owner)
                if location is not None:
                    self._has_read(location, value, before, after, False, getframe(1))
            except Exception as error:
                _fail(error)
        return value

    def read_item(self, owner: Any, key: Any, before: int, value: Any, after: int, _: None = None) -> Any:
        if not _failed:
            try:
                if type(owner) in shared_marks.types:
                    self._has_read_shared(owner, id(getframe(1)))
                    return value
                location = locations.of_item(owner, self.name, key)
                if location is not None:
                    self._has_read(location, value, before, after, True, getframe(1))
            except Exception as error:
                _fail(error)
        return value

    def _has_read(
        self, location: Location, value: Any, before: int, after: int, exact: bool, frame: FrameType
    ) -> None:
        who = _who()
        seen = value if type(value) is int else remembered(value)
        if location.resource is None and location.first == who:
            if not self.feeds:
                return
            location.read_version, location.reader, location.many = location.version, who, False
            version, recorded = location.version, False
        elif self.feeds:
            version, contended = location.read(who, seen, before, after, exact)
            recorded = _record_read(location, who, seen, version, contended, frame)
        else:
            _record_read(location, who, seen, location.version, False, frame)
            return
        reads = self.reads
        if len(reads) >= _MOST_FRAMES and id(frame) not in reads:
            reads.pop(next(iter(reads)), None)
        reads[id(frame)] = Read(
            location, version, seen, id(value), perf_counter_ns(), frame.f_code, frame.f_lasti, recorded
        )

    # -- values in memory that processes share

    def _has_read_shared(self, owner: Any, frame: int) -> None:
        if self.feeds:
            marks = self.marks
            if len(marks) >= _MOST_FRAMES and frame not in marks:
                marks.pop(next(iter(marks)), None)
            mark = shared_marks.of_read(owner)
            if mark is not None:
                marks[frame] = mark
            else:
                marks.pop(frame, None)

    def _writes_shared(self, owner: Any, frame: int) -> None:
        """Say where the value comes from that will be stored right after this."""
        newest = None
        for feeder in self.feeders:
            mark = feeder.marks.get(frame)
            if mark is not None and mark.owner is owner and (newest is None or mark.version > newest.version):
                newest = mark
        shared_marks.marks.source = newest

    # -- writes

    def write(self, value: Any) -> Any:
        if not _failed:
            try:
                frame = getframe(1)
                location = self.latest
                if location is None or self.names != id(frame.f_globals):
                    location = self._global(frame.f_globals)
                who = _who()
                if location.resource is None and location.first == who and type(value) in PLAIN_TYPES:
                    seen = value if type(value) is int else remembered(value)
                    location.version += 1
                    location.writer, location.value = who, seen
                    clock.tick = location.tick = clock.tick + 1
                    return value
                write = self._prepared(location, value, who, id(frame))
                if write is not None:
                    write.replaced = location.replace(who, write.value, write.value_id)
            except Exception as error:
                _fail(error)
        return value

    def write_of(self, value: Any, owner: Any) -> Any:
        if not _failed:
            try:
                if type(owner) in shared_marks.types:
                    self._writes_shared(owner, id(getframe(1)))
                    return value
                location = self._attribute(owner)
                if location is None:
                    return value
                who = _who()
                if location.resource is None and location.first == who and type(value) in PLAIN_TYPES:
                    seen = value if type(value) is int else remembered(value)
                    location.version += 1
                    location.writer, location.value = who, seen
                    clock.tick = location.tick = clock.tick + 1
                    return value
                write = self._prepared(location, value, who, id(getframe(1)))
                if write is not None:
                    write.replaced = location.replace(who, write.value, write.value_id)
            except Exception as error:
                _fail(error)
        return value

    def write_item(self, value: Any, owner: Any, key: Any) -> Any:
        if not _failed:
            try:
                if type(owner) in shared_marks.types:
                    self._writes_shared(owner, id(getframe(1)))
                    return value
                location = locations.of_item(owner, self.name, key)
                if location is None:
                    return value
                who = _who()
                if location.resource is None and location.first == who and type(value) in PLAIN_TYPES:
                    seen = value if type(value) is int else remembered(value)
                    location.version += 1
                    location.writer, location.value = who, seen
                    clock.tick = location.tick = clock.tick + 1
                    return value
                write = self._prepared(location, value, who, id(getframe(1)))
                if write is not None:
                    write.replaced = location.replace(who, write.value, write.value_id)
            except Exception as error:
                _fail(error)
        return value

    def _prepared(self, location: Location, value: Any, who: int, frame: int) -> "_Write | None":
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
        write = self.writes[frame] = _Write(location, who, read, value)
        return write

    def written(self, value: Any = None) -> Any:
        """The value has been stored."""
        if self.writes and not _failed:
            try:
                frame = getframe(1)
                write = self.writes.pop(id(frame), None)
                if write is not None and write.replaced is not None:
                    write.record(frame)
            except Exception as error:
                _fail(error)
        return value


class _Write:
    __slots__ = ("location", "read", "replaced", "value", "value_id", "who")

    def __init__(self, location: Location, who: int, read: "Read | None", value: Any) -> None:
        self.who = who
        self.location = location
        self.read = read
        self.value = remembered(value)
        self.value_id = id(value)
        self.replaced: "Replaced | None" = None

    def record(self, frame: FrameType) -> None:
        location, read, replaced = self.location, self.read, self.replaced
        assert replaced is not None
        resource = location.shared_by(self.who)
        if resource is None or location.nature == OPAQUE:
            return
        number = _number(self.value)
        resource.n_in += 1
        recorder.words[resource.word + S_IN] = resource.n_in
        recorder.words[resource.word + S_VALUE] = number & 0xFFFF_FFFF_FFFF_FFFF
        version, _, _, _, read_version, reader, many = replaced
        stale = read is not None and read.version < version and location.is_stale(self.who, read, replaced)
        contended = read_version == version and (many or reader != self.who)
        if not (stale or contended):
            if recorder.words[W_FRAME] == resource.quiet:
                resource.n_missed += 1
                return
            if not resource.may_record():
                return
        thread, task = recorder.thread_id(), running.get(get_ident(), 0)
        if stale and read is not None and not read.recorded:
            if id(read.code) not in recorder._known_codes:
                recorder.see(read.code)
            recorder.emit_at(
                READ, resource.id, _number(read.value), read.version, 0, read.t_ns, thread, task,
                id(read.code), read.lasti,
            )  # fmt: skip
        flags = resource.take_flags() | (STALE if stale else 0)
        recorder.emit_at(
            WRITE, resource.id, number, version + 1, flags, perf_counter_ns(), thread, task,
            *recorder.position(frame),
        )  # fmt: skip
        if recorder.words[W_GATE]:
            gate.stand(frame)


def _record_read(
    location: Location, who: int, value: Any, version: int, contended: bool, frame: FrameType
) -> bool:
    """Count a read, and record it if the budget allows or another task works on the same version."""
    resource = location.shared_by(who)
    if resource is None:
        return False
    resource.n_out += 1
    recorder.words[resource.word + S_OUT] = resource.n_out
    if not contended:
        if recorder.words[W_FRAME] == resource.quiet:
            resource.n_missed += 1
            return False
        if not resource.may_record():
            return False
    recorder.emit_at(
        READ, resource.id, _number(value), version, resource.take_flags(), perf_counter_ns(),
        recorder.thread_id(), running.get(get_ident(), 0), *recorder.position(frame),
    )  # fmt: skip
    if recorder.words[W_GATE]:
        gate.stand(frame)
    return True


def _fail(error: Exception) -> None:
    """Stop watching, unless it was the program's own code (a signal handler) that raised."""
    global _failed
    if not recorder.is_own(error):
        raise error
    _failed = True
    recorder.fault("variables", error)


def _number(value: Any) -> int:
    """The value for a record: itself if it is a small integer, 0 otherwise."""
    if value is UNKNOWN or type(value) not in (int, bool) or not -(1 << 62) < value < 1 << 62:
        return 0
    return int(value)


frames.step_over(globals(), ours=True)

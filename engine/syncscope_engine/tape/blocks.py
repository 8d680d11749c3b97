"""The file format of a recording: a line that says what it is, then blocks, append-only.

    {"format": "syncscope-recording", "version": 1}\\n
    block, block, block, ...

A block is a header, `HEADER`: tag (four letters), length of what follows, CRC-32 of tag and what follows;
then the content, compressed by zlib.  Tags that a reader does not know are skipped, and kept by a copy.
Where a block is cut off or its checksum is wrong, the recording ends: everything before is good.
"""

import json
import os
import struct
import tempfile
import weakref
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

FORMAT = "syncscope-recording"
VERSION = 1
HEADER = struct.Struct("<4sII")
_TITLE_ROOM = 200
LARGEST = 64 << 20
"""No block is larger, compressed or not: a longer one is damage."""


class RecordingError(Exception):
    """A file cannot be opened as a recording, in one sentence."""


class Block(NamedTuple):
    tag: bytes
    offset: int  # of its header
    content: bytes


def title() -> bytes:
    return json.dumps({"format": FORMAT, "version": VERSION}).encode() + b"\n"


def pack(tag: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, 1)
    return HEADER.pack(tag, len(packed), zlib.crc32(packed, zlib.crc32(tag))) + packed


class BlockFile:
    """Blocks of one recording.  One thread appends; any may read what was appended before.

    When the disk is full the rest is kept in memory, and `problem` says why: nothing is lost as long as the
    application runs.
    """

    def __init__(self, path: Path | None = None) -> None:
        """`path`: a file to be made or overwritten; None: one without a name, made when it is needed, gone when
        nobody has it open.  Raises OSError.
        """
        self._begin()
        if path is not None:
            self._take(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
            self._write(title())

    def _begin(self) -> None:
        self._fd = -1
        self._end = 0
        self._kept: dict[int, bytes] = {}  # offset -> block that could not be written
        self.problem: OSError | None = None

    def _take(self, fd: int) -> None:
        self._fd = fd
        self._closing = weakref.finalize(self, os.close, fd)

    @property
    def size(self) -> int:
        """Bytes, also of what could not be written."""
        return self._end

    def append(self, tag: bytes, content: bytes) -> int:
        """Returns the offset by which `read` finds the block again."""
        if not self._end:
            self._start()
        offset = self._end
        self._write(pack(tag, content))
        return offset

    def _start(self) -> None:
        try:
            self._take(_nameless())
        except OSError as error:
            self.problem = error
        self._write(title())

    def read(self, offset: int) -> bytes:
        """Content of the block at `offset`.  Raises RecordingError when it cannot be read any more."""
        data = self._kept.get(offset)
        if data is None:
            try:
                header = os.pread(self._fd, HEADER.size, offset)
                data = header + os.pread(self._fd, HEADER.unpack(header)[1], offset + HEADER.size)
            except (OSError, ValueError, struct.error) as error:
                raise RecordingError(f"The recording cannot be read any more: {error}.") from error
        block = _unpack(data, offset)
        if block is None:
            raise RecordingError("The recording was changed while it was open.")
        return block.content

    def save(self, path: Path, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
        """Copy everything that is good to `path`, all or nothing, and blocks `more` after it.  Raises OSError."""
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as target:
                offset = 0
                while self._fd >= 0 and (
                    data := os.pread(self._fd, min(1 << 20, self._good_end - offset), offset)
                ):
                    target.write(data)
                    offset += len(data)
                for _, block in sorted(self._kept.items()):
                    target.write(block)
                for tag, content in more:
                    target.write(pack(tag, content))
                target.flush()
                os.fsync(target.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    @property
    def _good_end(self) -> int:
        return self._end

    def close(self) -> None:
        if self._fd >= 0:
            self._closing()

    def _write(self, data: bytes) -> None:
        if self.problem is None:
            try:
                written = 0
                while written < len(data):
                    written += os.pwrite(self._fd, data[written:], self._end + written)
            except OSError as error:
                self.problem = error
                with suppress(OSError):
                    os.ftruncate(self._fd, self._end)
        if self.problem is not None:
            self._kept[self._end] = data
        self._end += len(data)


class OpenedFile(BlockFile):
    """The blocks of a recording that was made before; nothing is appended to it."""

    def __init__(self, path: Path) -> None:
        """Raises RecordingError when `path` is no recording, OSError when it cannot be read."""
        self._begin()
        self._take(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        self.damaged_at: int | None = None  # offset from which on nothing can be read
        try:
            self._end = os.fstat(self._fd).st_size
            self._first = _check_title(os.pread(self._fd, _TITLE_ROOM, 0), path)
        except BaseException:
            self.close()
            raise

    def blocks(self) -> Iterator[Block]:
        """All blocks in order, up to the end or the damage; then `damaged_at` is known."""
        offset = self._first
        while offset < self._end and self.damaged_at is None:
            header = os.pread(self._fd, HEADER.size, offset)
            length = HEADER.unpack(header)[1] if len(header) == HEADER.size else LARGEST + 1
            data = header + os.pread(self._fd, length, offset + HEADER.size) if length <= LARGEST else b""
            block = _unpack(data, offset)
            if block is None:
                self.damaged_at = offset
                return
            yield block
            offset += len(data)

    @property
    def _good_end(self) -> int:
        return self._end if self.damaged_at is None else self.damaged_at

    def refuse(self, block: Block) -> None:
        """The content of `block` makes no sense: the recording ends before it."""
        self.damaged_at = block.offset


def _nameless() -> int:
    fd, name = tempfile.mkstemp(prefix="syncscope-")
    os.unlink(name)
    return fd


def _unpack(data: bytes, offset: int) -> Block | None:
    """The block that `data` is; None when it is damaged."""
    if len(data) < HEADER.size:
        return None
    tag, length, crc = HEADER.unpack_from(data)
    packed = data[HEADER.size :]
    if len(packed) != length or zlib.crc32(packed, zlib.crc32(tag)) != crc:
        return None
    inflate = zlib.decompressobj()
    try:
        content = inflate.decompress(packed, LARGEST)
    except zlib.error:
        return None
    return Block(tag, offset, content) if inflate.eof else None


def _check_title(beginning: bytes, path: Path) -> int:
    """Length of the first line."""
    line = beginning[: beginning.find(b"\n") + 1]
    try:
        about = json.loads(line)
        known = about["format"] == FORMAT
        version = int(about["version"])
    except (ValueError, KeyError, TypeError, RecursionError):
        known, version = False, 0
    if not known:
        raise RecordingError(f"{path} is not a recording of Syncscope.")
    if version > VERSION:
        raise RecordingError(
            f"{path} was made by a newer Syncscope (format {version}; this one reads up to {VERSION})."
        )
    return len(line)

"""Writes the files of one process by the letter of `wire`, as a probe would, for tests of the reading side."""

import json
import os
from pathlib import Path
from typing import Any

from syncscope_engine import wire
from syncscope_engine.events import Kind


class RingWriter:
    def __init__(
        self,
        directory: Path,
        pid: int,
        t_ns: int = 1,
        how: str = "run",
        ppid: int = 1,
        as_: tuple[int, int] | None = None,
        first_id: int = 3,
        about: bool = True,
    ) -> None:
        self.base = str(directory / f"{pid}-{t_ns}")
        self.pid = pid
        self.seq = 0
        self.fd = os.open(self.base + ".new", os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self.fd, wire.FILE_SIZE)
        self.header(wire.W_MAGIC, wire.MAGIC)
        self.header(wire.W_VERSION, wire.VERSION)
        self.metadata = open(self.base + ".meta", "ab", buffering=0)  # noqa: SIM115
        if about:
            self.meta(
                "process", pid=pid, ppid=ppid, how=how, **{"as": as_}, python="3.11.7", executable="python",
                argv=["program.py"], t_ns=t_ns, wall_ns=0, first_id=first_id, native=pid, cwd="/",
            )  # fmt: skip
        os.rename(self.base + ".new", self.base + ".ring")

    def close(self) -> None:
        os.close(self.fd)
        self.metadata.close()

    def header(self, word: int, value: int) -> None:
        self.write(word * 8, value.to_bytes(8, "little"))

    def frame(self) -> int:
        return int.from_bytes(os.pread(self.fd, 8, wire.W_FRAME * 8), "little")

    def write(self, offset: int, data: bytes) -> None:
        os.pwrite(self.fd, data, offset)

    def meta(self, k: str, **line: Any) -> None:
        self.metadata.write(json.dumps({"k": k, **line}).encode() + b"\n")

    def task(self, id_: int, kind: str, name: str, **more: Any) -> None:
        line = {
            "spawner": 2, "thread": 0, "daemon": False, "native": 0, "code": 0, "lasti": 0, "callee": "",
            "internal": False, "t_ns": 0,
        }  # fmt: skip
        self.meta("task", id=id_, kind=kind, name=name, **{**line, **more})

    def resource(self, id_: int, kind: str, store: str, slot: int = 0, **more: Any) -> None:
        line = {"type": kind.title(), "code": 0, "lasti": 0, "up": [], "holder": None, "t_ns": 0}
        self.meta("resource", id=id_, kind=kind, store=store, slot=slot, **{**line, **more})

    def code(self, id_: int, file: str, lines: list[int], func: str = "work") -> None:
        self.meta("code", id=id_, file=file, func=func, first=lines[0], lines=lines, pos=None)

    def words(self, slot: int, value: int, n_in: int, n_out: int, n_dropped: int) -> None:
        data = b"".join(n.to_bytes(8, "little") for n in (value, n_in, n_out, n_dropped))
        self.write(wire.word_of_slot(slot) * 8, data)

    def reserve(self) -> int:
        """A number is taken, nothing written yet."""
        self.seq += 1
        return self.seq

    def put(
        self, seq: int, kind: Kind, obj: int = 0, t_ns: int = 0, thread: int = 2, code: int = 0,
        lasti: int = 0, task: int = 0, a: int = 0, b: int = 0, flags: int = 0, head: bool = True,
    ) -> None:  # fmt: skip
        record = wire.RECORD.pack(seq, t_ns or seq, thread, code, lasti, obj, kind, flags, task, a, b)
        self.write(wire.RING_OFFSET + (seq & wire.MASK) * wire.RECORD_SIZE, record)
        if head:
            self.header(wire.W_HEAD, seq)

    def record(self, kind: Kind, obj: int = 0, **fields: Any) -> int:
        seq = self.reserve()
        self.put(seq, kind, obj, **fields)
        return seq

    def flood(self, n: int, kind: Kind = Kind.CLEAR, obj: int = 0) -> None:
        """`n` records at once."""
        first = self.seq + 1
        self.seq += n
        for seq in range(max(first, self.seq - wire.CAPACITY + 1), self.seq + 1):
            self.put(seq, kind, obj, head=False)
        self.header(wire.W_HEAD, self.seq)

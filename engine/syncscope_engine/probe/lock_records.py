"""Writes the records of one lock, fast: most often the same place acquires and releases it again and again."""

import mmap
import struct
from collections.abc import Callable
from types import CodeType, FrameType

from . import frames, recorder
from .originals import get_ident, perf_counter_ns

W_HEAD = recorder.W_HEAD
MASK, RING_OFFSET = recorder.MASK, recorder.RING_OFFSET
NEVER = -1
"""As lasti or frame word: no such thing."""

pack_words = recorder.pack_words
pack_part = struct.Struct("<4Q").pack
pack_parts = struct.Struct("<3Q32sq").pack_into
"""A record whose middle, from the code to `a`, was packed before: seq, t_ns, thread, middle, b."""

emit = recorder.emit
running = recorder.running
me = recorder.me

words: "memoryview[int]"
ring: mmap.mmap
next_seq: Callable[[], int]


def _opened() -> None:
    global words, ring, next_seq
    words, ring, next_seq = recorder.words, recorder.ring, recorder.next_seq


recorder.when_opened(_opened)


class LockRecords(recorder.Resource):
    """`code`       code that used the lock last, and its id
    `in_lasti`   where in it the lock was acquired last; `in_part`: the middle of such a record
    `out_lasti`  where it was released; `out_part`
    """

    __slots__ = ("code", "code_id", "high", "in_lasti", "in_part", "out_lasti", "out_part")

    def __init__(self, id_: int, slot: int) -> None:
        super().__init__(id_, slot)
        self.high = id_ << 32
        self.code: CodeType | None = None
        self.code_id = 0
        self.in_lasti = self.out_lasti = NEVER
        self.in_part = self.out_part = b""

    def write(self, kind: int, frame: "FrameType | None", a: int, b: int) -> None:
        """One record; `kind` with its flags in the upper half."""
        try:
            if frame is None:
                code = lasti = 0
            elif frame.f_code is self.code:
                code, lasti = self.code_id, frame.f_lasti
            else:
                code, lasti = self._place(frame)
            if running:
                kind |= running.get(get_ident(), 0) << 32
            seq = next_seq()
            pack_words(
                ring, RING_OFFSET + ((seq & MASK) << 6), seq, perf_counter_ns(), me.id, code,
                lasti | self.high, kind, a, b,
            )  # fmt: skip
            words[W_HEAD] = seq
        except Exception as error:
            if not recorder.is_own(error):
                raise
            if hasattr(me, "id"):
                recorder.fault("lock", error)
            else:  # a thread that we did not see start, or one that has ended
                emit(kind & 0xFFFF, self.id, a, b, frame, kind >> 16 & 0xFFFF)

    def _place(self, frame: FrameType) -> "tuple[int, int]":
        """(code id, lasti) of the program's line; remembers the code of a direct use, for the next record."""
        acting = frames.acting(frame)
        code, lasti = recorder.position(acting)
        if acting is frame:
            self.code = frame.f_code
            self.code_id = code
            self.in_lasti = self.out_lasti = NEVER
        return code, lasti

    def part(self, frame: FrameType, kind: int, a: int) -> "tuple[int, bytes]":
        """(lasti, middle of a record) for the next record of this kind at this place."""
        if frame.f_code is not self.code:
            return NEVER, b""
        return frame.f_lasti, pack_part(self.code_id, frame.f_lasti | self.high, kind, a)


frames.step_over(globals(), ours=True)

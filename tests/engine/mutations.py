"""Recordings as nobody would write them: a good file with some of it changed, by chance but the same each time.

Half of the mutations are of the file's bytes and blocks; most of those a checksum finds.  The other half change
what is in the blocks, with right checksums, so that they reach whoever reads the contents.
"""

import json
import random
import struct
from pathlib import Path
from typing import Any

from syncscope_engine.tape.blocks import OpenedFile, pack, title
from syncscope_engine.tape.event_blocks import FIRST, ROW
from syncscope_engine.tape.event_log import TAG as EVENTS

BIG = (1 << 63) - 1
NUMBERS = (0, 1, -1, 2, 3, 7, 255, 65_535, 1 << 31, (1 << 32) - 1, 10**9, 1 << 53, BIG, -BIG - 1)
VALUES: tuple[Any, ...] = (
    *NUMBERS, None, True, "", "x", "\udc80", "\x00<&>", "消费者", [], {}, [[]], [1, 2, 3], {"a": 1}, 0.5, -1e308,
    float("inf"), float("nan"), 1 << 200, "lock", "thread", "asyncio", "process", "future", "queue",
)  # fmt: skip
_BITS = (64, 32, 32, 32, 32, 16, 16, 64, 64)
_SIGNED = (True, False, False, False, False, False, False, True, True)
_REFERENCES = ("id", "parent", "spawner", "process", "place", "serves", "part_of", "lock", "task")

Blocks = list[tuple[bytes, bytes]]


class Mutator:
    def __init__(self, path: Path) -> None:
        """`path`: a good recording."""
        self.data = path.read_bytes()
        file = OpenedFile(path)
        self.blocks: Blocks = [(block.tag, block.content) for block in file.blocks()]
        assert file.damaged_at is None
        file.close()

    def mutated(self, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.2:
            return _bytes(self.data, chance)
        blocks = list(self.blocks)
        if chance.random() < 0.25:
            _rearrange(blocks, chance)
        for _ in range(chance.choice((1, 1, 1, 2, 4, 12))):
            i = chance.randrange(len(blocks))
            tag, content = blocks[i]
            try:
                blocks[i] = tag, (_events if tag == EVENTS else _json)(content, chance)
            except (ValueError, struct.error):  # it is no such content any more
                blocks[i] = tag, _bytes(content, chance)
        return title() + b"".join(pack(tag, content) for tag, content in blocks)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at, n = chance.randrange(len(changed) + 1), chance.choice((1, 1, 2, 4, 64, 4000))
        how = chance.randrange(5)
        if how == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            del changed[at : at + n]
        elif how == 2:
            changed[at:at] = chance.randbytes(n)
        elif how == 3:
            changed[at:at] = changed[-n:]
        elif how == 4:
            del changed[max(at, 1) :]
    return bytes(changed)


def _rearrange(blocks: Blocks, chance: random.Random) -> None:
    i, j = chance.randrange(len(blocks)), chance.randrange(len(blocks))
    how = chance.randrange(5)
    if how == 0:
        blocks[i], blocks[j] = blocks[j], blocks[i]
    elif how == 1:
        blocks.insert(j, blocks[i])
    elif how == 2 and len(blocks) > 1:
        del blocks[i]
    elif how == 3:
        blocks[i] = chance.choice((b"NEWS", blocks[j][0])), blocks[i][1]
    else:
        _split(blocks, chance)


def _split(blocks: Blocks, chance: random.Random) -> None:
    """A block of events as two, which is right, or with a hole between, which is not."""
    i = next((i for i, (tag, _) in enumerate(blocks) if tag == EVENTS), None)
    if i is None:
        return
    content = blocks[i][1]
    n, rows = FIRST.unpack_from(content)[0], content[FIRST.size :]
    middle = chance.randrange(1, max(len(rows) // ROW.size, 2))
    second = rows[middle * ROW.size :]
    if second:
        gap = chance.choice((0, 0, 1, 1 << 40))
        parts = FIRST.pack(n) + rows[: middle * ROW.size], FIRST.pack(n + middle + gap) + second
        blocks[i : i + 1] = [(EVENTS, part) for part in parts]


def _events(content: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.03:
        return chance.randbytes(FIRST.size) + content[FIRST.size :]
    rows = [list(row) for row in ROW.iter_unpack(content[FIRST.size :])]
    if not rows:
        return content
    last_id = max((row[1] for row in rows), default=1) + 3
    for _ in range(chance.choice((1, 1, 3, 10, len(rows)))):
        i = chance.randrange(len(rows))
        how = chance.randrange(8)
        if how == 0:
            del rows[i]
        elif how == 1:
            rows.insert(i, list(rows[chance.randrange(len(rows))]))
        elif how == 2:
            rows[i][1:] = rows[chance.randrange(len(rows))][1:]
        else:
            j = chance.choice((0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8, 8))
            rows[i][j] = _number(j, last_id, chance)
        if not rows:
            break
    if chance.random() < 0.8:  # else times may decrease
        end = -BIG
        for row in rows:
            end = row[0] = max(row[0], end)
    return content[: FIRST.size] + b"".join(ROW.pack(*row) for row in rows)


def _number(column: int, last_id: int, chance: random.Random) -> int:
    value = chance.choice((chance.choice(NUMBERS), chance.randrange(last_id), chance.randrange(100)))
    bits = _BITS[column]
    value &= (1 << bits) - 1
    return value - (1 << bits) if _SIGNED[column] and value >> (bits - 1) else value


def _json(content: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.05:
        return _bytes(content, chance)
    whole = json.loads(content.decode("utf-8", "surrogatepass"))
    if not isinstance(whole, dict | list):
        return _bytes(content, chance)
    for _ in range(chance.choice((1, 1, 2, 6, 30))):
        _change(whole, chance)
    return json.dumps(whole).encode("utf-8", "surrogatepass")


def _change(whole: Any, chance: random.Random) -> None:
    """Something in `whole`, at any depth."""
    at = whole
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(at[key], dict | list) and at[key] and chance.random() < 0.9:
            at = at[key]
            continue
        break
    how = chance.randrange(10)
    if how == 0:
        del at[key]
    elif how == 1 and isinstance(at, list):
        at.insert(key, chance.choice(at))
    elif isinstance(at, dict) and chance.random() < 0.4:
        key = chance.choice([k for k in at if k in _REFERENCES] or keys)
        at[key] = chance.randrange(12)
    elif type(at[key]) is int and chance.random() < 0.6:
        at[key] = chance.choice((chance.choice(NUMBERS), chance.randrange(12), at[key] + 1))
    else:
        at[key] = chance.choice(VALUES)

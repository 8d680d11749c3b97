"""What the program calls the things that it creates."""

import sys
import textwrap
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from syncscope_engine.naming import Namer, Site


class Creations:
    """Stands for Lock, Condition, ... in a program: notes where each call comes from, as the probe does."""

    def __init__(self, with_positions: bool = True) -> None:
        self.named: list[str] = []
        self._namer = Namer()
        self._with_positions = with_positions

    def make(self, type_name: str, part: str = "") -> None:
        frame: FrameType | None = sys._getframe(2)
        assert frame is not None
        holder = None
        if frame.f_code.co_name == "__init__":
            holder = type(frame.f_locals[frame.f_code.co_varnames[0]]).__name__
        sites = []
        while frame is not None and len(sites) < 3 and frame.f_globals.get("__name__") == "program":
            sites.append(self._site(frame))
            frame = frame.f_back
        self.named.append(self._namer.name(1, sites, type_name, None, holder, part))

    def _site(self, frame: FrameType) -> Site:
        line, end_line, column, end_column = list(frame.f_code.co_positions())[frame.f_lasti // 2]
        assert line is not None
        position = None
        if self._with_positions and end_line is not None and column is not None and end_column is not None:
            position = (line, end_line, column, end_column)
        return Site(frame.f_code.co_filename, line, position, frame.f_code.co_qualname)


def names(tmp_path: Path, source: str, with_positions: bool = True) -> list[str]:
    creations = Creations(with_positions)

    def kind(type_name: str) -> Any:
        def create(*_: Any, **__: Any) -> object:
            creations.make(type_name)
            return object()

        return create

    file = tmp_path / "program.py"
    file.write_text(textwrap.dedent(source))
    kinds = {name: kind(name) for name in ("Lock", "RLock", "Condition", "Semaphore", "Event", "Queue")}
    exec(compile(file.read_bytes(), str(file), "exec"), {"__name__": "program", **kinds})
    return creations.named


FORMS = [
    ("lock = Lock()", ["lock"]),
    ("lock: object = Lock()", ["lock"]),
    ("if (lock := Lock()): pass", ["lock"]),
    ("first = second = Lock()", ["first"]),
    ("a, b = Lock(), Lock()", ["a", "b"]),
    ("(a, [b, c]) = Lock(), (Lock(), Lock())", ["a", "[b, c][0]", "[b, c][1]"]),
    ("lock = Lock() if True else None", ["lock"]),
    ("lock = None or Lock()", ["lock"]),
    ("with_lock = [Lock(), Lock()]", ["with_lock[0]", "with_lock[1]"]),
    ("locks = [Lock() for _ in range(3)]", ["locks #1", "locks #2", "locks #3"]),
    ("locks = tuple(Lock() for _ in range(2))", ["locks #1", "locks #2"]),
    ("locks = {name: Lock() for name in 'ab'}", ["locks[name] #1", "locks[name] #2"]),
    ("table = {'x': Lock(), 'y': RLock()}", ["table['x']", "table['y']"]),
    ("table = {}\ntable['z'] = Lock()", ["table['z']"]),
    ("table = {}\nfor k in 'ab': table[k] = Lock()", ["table[k] #1", "table[k] #2"]),
    ("locks = []\nfor _ in range(2): locks.append(Lock())", ["locks #1", "locks #2"]),
    ("locks = []\nlocks += [Lock(), Lock()]", ["locks #1", "locks #2"]),
    ("table = {}\ntable.setdefault('q', Queue())", ["table['q']"]),
    ("ready = Condition(Lock())", ["ready.lock", "ready"]),
    ("ready = Condition(\n    lock=RLock()\n)", ["ready.lock", "ready"]),
    ("def use(guard): pass\nuse(Lock())", ["guard"]),
    ("def use(guard): pass\nuse(guard=Lock())", ["guard"]),
    ("class Pool:\n    def __init__(self, n, gate): pass\nPool(1, Lock())", ["gate"]),
    ("print(end='', *[Lock()][1:])", ["Lock@1"]),
    ("def use(lock=Lock()): pass", ["lock"]),
    ("def use(*, a=None, lock=Lock()): pass", ["lock"]),
    ("def make():\n    return Lock()\nmade = make()\nagain = make()", ["made", "again"]),
    ("def inner():\n    return Lock()\ndef outer():\n    return inner()\nmade = outer()", ["made"]),
    ("make = lambda: Lock()\nmade = make()", ["made"]),
    ("def main():\n    gate = Semaphore(3)\nmain()", ["gate"]),
    ("Lock()", ["Lock@1"]),
    ("Lock()\nLock()\nfor _ in 'ab': Lock()", ["Lock@1", "Lock@2", "Lock@3", "Lock@3 #2"]),
    ("class Account:\n    lock = Lock()", ["Account.lock"]),
    ("import types\nbox = types.SimpleNamespace()\nbox.lock = Lock()", ["box.lock"]),
    ("import types\nbox = types.SimpleNamespace()\nsetattr(box, 'lock', Lock())", ["box.lock"]),
    ("import collections\nby_name = collections.defaultdict(Lock)\nby_name['k']", ["by_name['k']"]),
    ("a_very_long_name_indeed = {}\na_very_long_name_indeed['and a long key, much too long'] = Lock()",
     ["a_very_long_name_indeed['and a long key, much t…"]),
    ("lock = Lock()\ndef f():\n    lock = Lock()\nf()", ["lock", "lock #2"]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), FORMS)
def test_forms(tmp_path: Path, source: str, expected: list[str]) -> None:
    assert names(tmp_path, source) == expected


BUFFER = """
    class Buffer:
        def __init__(self):
            self.lock = Lock()
            self.not_empty = Condition(self.lock)
            self.open()
        def open(me):
            me.done = Event()
            me.slots = [Semaphore(1) for _ in range(2)]
        @classmethod
        def share(cls):
            cls.shared = Lock()
    class Special(Buffer):
        pass
    Buffer()
    Special()
    Buffer.share()
"""


def test_attributes_carry_the_class_of_their_object(tmp_path: Path) -> None:
    assert names(tmp_path, BUFFER) == [
        "Buffer.lock",
        "Buffer.not_empty",
        "Buffer.done",
        "Buffer.slots #1",
        "Buffer.slots #2",
        "Special.lock",
        "Special.not_empty",
        "Buffer.done #2",
        "Buffer.slots #3",
        "Buffer.slots #4",
        "Buffer.shared",
    ]


def test_dataclass_fields(tmp_path: Path) -> None:
    source = """
        import dataclasses
        @dataclasses.dataclass
        class Account:
            lock: object = dataclasses.field(default_factory=lambda: Lock())
        Account()
    """
    assert names(tmp_path, source) == ["Account.lock"]


def test_without_positions_the_line_has_to_do(tmp_path: Path) -> None:
    source = """
        lock = Lock()
        a, b = Lock(), RLock()
        c, d = Lock(), Lock()
    """
    assert names(tmp_path, source, with_positions=False) == ["lock", "a", "b", "Lock@4", "Lock@4 #2"]


def test_without_positions_a_stored_variable_may_be_of_another_call(tmp_path: Path) -> None:
    file = tmp_path / "p.py"
    file.write_text("a, b = Lock(), Lock()\nc = make(Lock)\n")
    namer = Namer()
    assert namer.name(1, [Site(str(file), 1)], "Lock", "a") == "Lock@1"
    assert namer.name(1, [Site(str(file), 2)], "Lock", "c") == "c"


def test_without_source_the_stored_variable_has_to_do() -> None:
    namer = Namer()
    nowhere = [Site("<string>", 1, (1, 1, 6, 12), "<module>")]
    assert namer.name(1, nowhere, "Lock", "dyn", None) == "dyn"
    assert namer.name(1, nowhere, "Lock", "self.lk", "Account") == "Account.lk"
    assert namer.name(1, nowhere, "Lock", None, None) == "Lock@1"
    assert namer.name(1, [], "Lock", None, None) == "Lock"


def test_the_lock_that_a_condition_makes_for_itself(tmp_path: Path) -> None:
    file = tmp_path / "p.py"
    file.write_text("ready = Condition()\n")
    site = [Site(str(file), 1, (1, 1, 8, 19))]
    namer = Namer()
    assert namer.name(1, site, "RLock", None, None, ".lock") == "ready.lock"
    assert namer.name(1, site, "Condition", None, None) == "ready"
    assert namer.name(2, site, "Condition", None, None) == "ready"  # another process


@pytest.mark.parametrize("source", [b"\xff\xfe", b"def f(:", b"x = 1\0", b"(" * 5000])
def test_sources_that_cannot_be_read(tmp_path: Path, source: bytes) -> None:
    file = tmp_path / "p.py"
    file.write_bytes(source)
    assert Namer().name(1, [Site(str(file), 1, (1, 1, 0, 5))], "Lock") == "Lock@1"

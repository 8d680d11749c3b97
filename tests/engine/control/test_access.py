"""What is announced before it is done: exactly what may be shared, under exact keys; a rewritten program does the same."""

import textwrap

import pytest

from controlled import execution, once
from syncscope_engine.control.dpor import Dpor
from syncscope_engine.control.execution import Result
from syncscope_engine.control.strategy import keep_going

BESIDE = """
import threading
class Box:
    total = 0
    def __init__(self):
        self.value, self.items, self.table = 0, [], {{}}
box, other = Box(), Box()
flag = 0
def work():
    global flag
{body}
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


def points(body: str) -> list[tuple[str, str]]:
    """(kind, what) of the accesses that these lines announce, in a thread beside which another one lives."""
    result = once(BESIDE.format(body=textwrap.indent(textwrap.dedent(body).strip(), "    ")))
    assert result.outcome == "finished", result.error
    return [
        (step.operation.kind, step.operation.what)
        for step in result.steps
        if step.task == 2 and step.operation.kind in ("read", "write")
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("box.value += 1", [("read", "box.value"), ("write", "box.value")]),
        ("box.value = box.value + 1", [("read", "box.value"), ("write", "box.value")]),
        ("box.items.append(1)", [("read", "box.items"), ("write", "box.items.append()")]),
        ("a = box.items\na.append(1)", [("read", "box.items"), ("write", "a.append()")]),
        ("a = box.table\na['x'] = 1", [("read", "box.table"), ("write", "a['x']")]),
        ("a = box.table\nif 'x' in a: pass", [("read", "box.table"), ("read", "'x' in a")]),
        ("a = box.items\nif not a: pass", [("read", "box.items"), ("read", "a")]),
        ("a = box.items\nlen(a)", [("read", "box.items"), ("read", "a")]),
        ("a = box.items\nfor b in a: pass", [("read", "box.items"), ("read", "for … in a")]),
        ("a = box.items\nb = [c for c in a]", [("read", "box.items"), ("read", "for … in a")]),
        ("a = box.items\nb = f'{a}'", [("read", "box.items"), ("read", "a")]),
        ("a = box.items\nb = a[:1]", [("read", "box.items"), ("read", "a[:1]")]),
        ("a = box.items\na[:] = [1]", [("read", "box.items"), ("write", "a[:]")]),
        ("a = box.items\na += [1]", [("read", "box.items"), ("write", "a")]),
        (
            "a = box.table\na['x'] = 1\ndel a['x']",
            [("read", "box.table"), ("write", "a['x']"), ("write", "a['x']")],
        ),
        ("box.extra = 1\ndel box.extra", [("write", "box.extra"), ("write", "box.extra")]),
        ("box.value, other.value = 1, 2", [("write", "box.value"), ("write", "other.value")]),
        ("for box.value in (1,): pass", [("write", "box.value")]),
        ("getattr(box, 'value')", [("read", "getattr(box, 'value')")]),
        ("setattr(box, 'value', 3)", [("write", "setattr(box, 'value', 3)")]),
        ("box.total", [("read", "box.total"), ("read", "box.total")]),
        ("Box.total += 1", [("read", "Box.total"), ("write", "Box.total")]),
        ("flag += 1", [("read", "flag"), ("write", "flag")]),
        ("a = flag\nflag = a", [("read", "flag"), ("write", "flag")]),
        (
            "import heapq\na = box.items\nheapq.heappush(a, 1)",
            [("read", "box.items"), ("write", "heapq.heappush()")],
        ),
        (
            "from heapq import heappush\na = box.items\nheappush(a, 1)",
            [("read", "box.items"), ("write", "heappush()")],
        ),
        ("a = iter((1, 2))\nnext(a)", [("write", "next(a)")]),
        ("a = 1\nb = a + 1\nc = (a, b)\nd = c[0]", []),
        ("threading.current_thread()", []),
        ("a, *b = box.items or [0]", [("read", "box.items")] * 2 + [("read", "box.items or [0]")]),
    ],
)
def test_what_is_a_point(body: str, expected: list[tuple[str, str]]) -> None:
    assert points(body) == expected


def test_keys_are_exact() -> None:
    result = once(
        BESIDE.format(
            body="    box.value = other.value = 1\n    box.extra = box.value\n    box.items.append(other.items)"
        )
    )
    keys: dict[str, set[int]] = {}
    for step in result.steps:
        if step.task == 2 and step.operation.kind in ("read", "write"):
            keys.setdefault(step.operation.what, set()).add(step.operation.key)
    assert all(len(found) == 1 for found in keys.values())
    assert len({key for found in keys.values() for key in found}) == len(keys) == 6


def test_a_key_is_that_of_the_object_not_of_its_name() -> None:
    result = once(BESIDE.format(body="    alias = box\n    alias.value = 1\n    box.value = 2"))
    assert len({step.operation.key for step in result.steps if step.operation.kind == "write"}) == 1


def outcomes(source: str) -> set[str]:
    run, strategy, found = execution(source).run, Dpor(), set()
    while (choose := strategy.next()) is not None:
        result = run(choose)
        strategy.learn(result)
        if result.outcome != "cut":
            found.add(result.output.strip() or result.error or result.outcome)
    return found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            """
            import threading
            count = 0
            def add():
                global count
                count += 1
            threads = [threading.Thread(target=add) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(count)
            """,
            {"1", "2"},
            id="a global variable",
        ),
        pytest.param(
            """
            import threading
            def main():
                count = 0
                def add():
                    nonlocal count
                    count += 1
                threads = [threading.Thread(target=add) for _ in range(2)]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                print(count)
            main()
            """,
            {"1", "2"},
            id="a variable of an outer function",
        ),
        pytest.param(
            """
            import threading
            ready = False
            thread = threading.Thread(target=lambda: print(ready))
            thread.start()
            ready = True
            thread.join()
            """,
            {"False", "True"},
            id="a variable that the module binds again",
        ),
        pytest.param(
            """
            import threading
            class Cache:
                def __init__(self): self.made = {}
                def get(self, key):
                    if key not in self.made: self.made[key] = object()
                    return self.made[key]
            cache, got = Cache(), []
            threads = [threading.Thread(target=lambda: got.append(cache.get("k"))) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(got[0] is got[1])
            """,
            {"True", "False"},
            id="check, then act",
        ),
        pytest.param(
            """
            import threading
            class Shared:
                count = 0
            def add(): Shared.count += 1
            threads = [threading.Thread(target=add) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(Shared().count)
            """,
            {"1", "2"},
            id="an attribute of a class, read through an instance",
        ),
        pytest.param(
            """
            import threading
            from dataclasses import dataclass
            @dataclass(slots=True)
            class Account:
                balance: int = 10
            account = Account()
            def take():
                if account.balance >= 10: account.balance -= 10
            threads = [threading.Thread(target=take) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(account.balance)
            """,
            {"0", "-10"},
            id="slots of a data class",
        ),
        pytest.param(
            """
            import threading
            class Account:
                def __init__(self): self._balance = 10
                @property
                def balance(self): return self._balance
                @balance.setter
                def balance(self, value): self._balance = value
            account = Account()
            def add(): account.balance += 1
            threads = [threading.Thread(target=add) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(account.balance)
            """,
            {"11", "12"},
            id="a property",
        ),
        pytest.param(
            """
            import threading
            items = [1, 2, 3]
            def clear(): items.clear()
            thread = threading.Thread(target=clear)
            thread.start()
            print(sum(1 for item in items))
            thread.join()
            """,
            {"0", "1", "2", "3"},
            id="a list that changes while it is iterated",
        ),
        pytest.param(
            """
            import threading
            from collections import defaultdict
            count = defaultdict(int)
            def add(): count["x"] += 1
            threads = [threading.Thread(target=add) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(count["x"])
            """,
            {"1", "2"},
            id="an item",
        ),
    ],
)
def test_what_can_come_of_it(source: str, expected: set[str]) -> None:
    assert outcomes(source) == expected


SAME = '''
"""Documentation."""
from __future__ import annotations
import collections, contextlib, dataclasses, enum, functools, itertools, typing
class Base:
    kind: str = "base"
    __hidden = 1
    def __init__(self, n): self.n, self.__secret = n, n * 2
    def secret(self): return self.__secret + Base.__hidden
    def __repr__(self): return f"{type(self).__name__}({self.n!r:>3})"
    @functools.cached_property
    def slow(self): return [self.n] * 3
    @classmethod
    def make(cls, *args, **named): return cls(*args, **named)
class Derived(Base):
    def __init__(self, n):
        super().__init__(n)
        self.more: list[int] = []
    def __getattr__(self, name):
        if name.startswith("dyn"): return name
        raise AttributeError(name)
    def __iadd__(self, other):
        self.n += other; return self
class Color(enum.Enum):
    RED = 1
@dataclasses.dataclass
class Point:
    x: int = 0
    y: typing.Optional[int] = None
def generator(n):
    total = 0
    for i in range(n):
        got = yield i
        total += got or 0
    return total
def collect():
    result = yield from generator(3)
    print("result", result)
def main():
    d = Derived.make(3)
    d += 4
    print(d, d.secret(), d.slow, d.dynamic, hasattr(d, "nothing"), getattr(d, "nothing", 5))
    table = {"a": [1, 2], **{"b": 3}}
    table["a"] += [3]; table["a"][0] -= 10; table["c"] = table.get("b", 0) << 2
    first, (second, *rest), table["d"] = 1, (2, 3, 4), 5
    a = b = table["e"] = d.n = 7
    print(table, first, second, rest, a, b, d.n, [*rest, *table], {**table}["a"])
    print({k: v for k, v in sorted(table.items(), key=lambda kv: str(kv)) if not isinstance(v, list)})
    numbers = [x * y for x in range(3) for y in range(3) if x != y]
    numbers[1:3] = [9, 9, 9]; del numbers[0], numbers[-1]
    print(numbers, numbers[::-1], max(numbers), any(numbers), 1 < len(numbers) <= 10, not numbers)
    count = 0
    def inner(step=1, *args, key=None, **named):
        nonlocal count
        count += step
        return count, args, key, named
    print(inner(), inner(2, 3, key=4, z=5), count)
    if (n := len(numbers)) > 3 and (m := n) or False: print(n, m)
    try:
        try: d.missing
        except AttributeError as error: print("error", error); raise ValueError("x") from error
        finally: print("finally")
    except (ValueError, KeyError) as error: print(error, type(error.__cause__).__name__)
    else: print("not here")
    with contextlib.suppress(ZeroDivisionError), contextlib.nullcontext(d) as d.more: 1 / 0
    print(d.more is d)
    g = collect(); next(g); g.send(5)
    try: g.send(6); g.send(7)
    except StopIteration: print("stopped")
    match table:
        case {"a": [_, *others], **rest_of}: print(others, sorted(rest_of))
    match Point(1, 2):
        case Point(x=1, y=y): print("point", y)
    print(Color.RED.value, Color["RED"], Point(3), typing.Optional[int], list[int], collections.Counter("aab")["a"])
    i = 10
    while i: i -= 3 if i > 3 else i
    else: print("else", i)
    x = [0]; j = 0
    def where(): nonlocal j; j += 1; return 0
    x[where()] += 5
    print(x, j, (lambda v, *, w=2: v + w)(1), "%s-%s" % (1, 2), "a" "b" + "c", b"x"[0], 3 ** 2 // 2, ~5, -5 % 3)
    assert d, "message"
    del d.n
    print(hasattr(d, "n"), vars(d).keys() >= {"more"}, locals().keys() >= {"d"})
main()
print(sorted(name for name in globals() if not name.startswith("_")))
'''


@pytest.mark.parametrize("granularity", ["sync", "access", "line"])
def test_a_rewritten_program_does_what_it_did(granularity: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(SAME, "program.py", "exec", dont_inherit=True), {"__name__": "__main__"})
    expected = capsys.readouterr().out
    threaded = SAME.replace(
        "\nmain()\n",
        "\nimport threading\nthread = threading.Thread(target=main)\nthread.start()\nthread.join()\ndel thread, threading\n",
    )
    for source in (SAME, threaded):
        result = once(source, granularity, max_steps=10_000)
        assert (result.outcome, result.error) == ("finished", "")
        assert result.output == expected


@pytest.mark.parametrize(
    ("statement", "is_known"),
    [
        ("exec('x = 1')", False),
        ("eval('1')", False),
        ("x = vars()", False),
        ("x = 1", True),
        ("del box.value", True),
    ],
)
def test_what_is_not_understood_is_counted(statement: str, is_known: bool) -> None:
    result = once(BESIDE.format(body="    " + statement))
    told = [warning for warning in result.warnings if "scheduling point" in warning]
    assert told == ([] if is_known else ["program.py: 1 statement is not a scheduling point (line 11)"])


def test_a_set_of_plain_objects_is_named() -> None:
    def warnings(result: Result) -> list[str]:
        return [warning for warning in result.warnings if "set of plain objects" in warning]

    assert warnings(once(BESIDE.format(body="    for thing in {Box(), Box()}: pass")))
    assert not warnings(once(BESIDE.format(body="    for thing in {1, 'a'}: pass")))


def test_granularities() -> None:
    source = BESIDE.format(body="    box.value += 1\n    with threading.Lock(): box.value += 1")
    kinds = {
        granularity: [
            s.operation.kind for s in execution(source, granularity).run(keep_going).steps if s.task == 2
        ]
        for granularity in ("sync", "access", "line")
    }
    assert kinds["sync"] == ["begin", "acquire", "release", "exit"]
    accesses = ["read", "write"]
    assert kinds["access"] == ["begin", *accesses, "acquire", *accesses, "release", "exit"]
    assert kinds["line"] == ["begin", "write", "write", "acquire", "write", "release", "exit"]

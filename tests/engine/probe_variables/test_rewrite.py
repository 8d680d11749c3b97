"""The rewritten program does exactly what the plain one does, line by line."""

import contextlib
import io
import traceback
from typing import Any

import pytest

from syncscope_engine.probe import watching

SAME = {
    "global": """
        x = 1
        def f():
            global x
            x += 2
            old = x
            x = old * 10
            x = x - 1 if x > 5 else x
            print(x)
        f(); f()
        x += 1
        print(x)
    """,
    "every operator": """
        x = 100
        def f():
            global x
            x += 7; x -= 2; x *= 3; x //= 2; x %= 97; x <<= 2; x >>= 1; x |= 8; x ^= 3; x &= 0xFF; x **= 2; x /= 4
        f()
        print(x)
    """,
    "matmul and in-place objects": """
        class M:
            def __init__(self, n): self.n = n
            def __imatmul__(self, other): self.n *= other; return self
            def __iadd__(self, other): print("iadd"); return NotImplemented
            def __add__(self, other): print("add"); return M(self.n + other)
        m = M(2)
        items = [1]
        same = items
        def f():
            global m, items
            m @= 5
            m += 1
            items += [2]
            items = items + [3]
        f()
        print(m.n, items, same, same is items)
    """,
    "attributes, properties and slots": """
        class A:
            __slots__ = ("n", "_p")
            def __init__(self): self.n = 0; self._p = 0
            @property
            def p(self): print("get"); return self._p
            @p.setter
            def p(self, v): print("set", v); self._p = v
            def f(self):
                self.n += 1
                self.p += 2
                old = self.p
                self.p = old + self.n
        a = A()
        a.f()
        print(a.n, a._p)
    """,
    "the owner is evaluated once and in order": """
        log = []
        class A: n = 0
        def get(name):
            log.append(name); return box
        class Box: pass
        box = Box(); box.a = A(); box.d = {"k": 1}
        def key(): log.append("key"); return "k"
        def value(): log.append("value"); return 5
        def f():
            box.a.n += value()
            get("one").a.n += value()
            box.d[key()] += value()
        f()
        print(log, box.a.n, box.d)
    """,
    "private names, class bodies and class attributes": """
        class C:
            total = 0
            total += 3
            def f(self):
                self.__n = 1
                self.__n += 1
                C.total += self.__n
                return self.__n
        c = C(); print(c.f(), C.total, vars(c))
    """,
    "getattr, missing attributes and errors": """
        class G:
            def __getattr__(self, name): print("missing", name); return 7
            def f(self): self.z += 1; return self.z
        print(G().f())
        class H:
            def f(self): self.none += 1
        try: H().f()
        except AttributeError as e: print(type(e).__name__)
        def g():
            global nothing
            nothing += 1
        try: g()
        except NameError as e: print(e)
    """,
    "comprehensions, lambdas, walrus, nested functions": """
        x = 3
        def f():
            global x
            x = sum(i + x for i in range(3))
            x = (lambda: x + 1)()
            if (y := x) > 2: x = y - 1
            def inner():
                global x
                x += 100
            inner()
            return [x for _ in range(2)]
        print(f(), x)
    """,
    "locals of the same name": """
        x = 1
        def f():
            global x
            x += 1
        def g(x):
            x += 1
            for x in range(3): pass
            return x
        f(); print(x, g(5))
    """,
    "generators and coroutines": """
        import asyncio
        n = 0
        class S: k = 0
        async def one(): await asyncio.sleep(0); return 1
        async def add(s):
            global n
            n += await one()
            n = n + await one()
            s.k += await one()
        def gen():
            global n
            n += yield n
        s = S()
        asyncio.run(add(s))
        g = gen(); print(next(g))
        try: g.send(10)
        except StopIteration: pass
        print(n, s.k)
    """,
    "tuple targets, several targets, annotations, del": """
        a = b = 1
        class O: pass
        o = O(); o.v = 1
        def f():
            global a, b
            a, b = b + 1, a
            a = b = a + b
            b: int = b + 1 if False else b
        def g():
            global a
            a += 1
            o.v += 1
            o.v, q = 9, o.v
            del o.v
        try: exec(compile("1", "x", "exec"))
        finally: g()
        print(a, b, hasattr(o, "v"))
    """.replace("            b: int = b + 1 if False else b\n", ""),
}


def dedent(source: str) -> str:
    import textwrap

    return textwrap.dedent(source)


def outcome(code: Any) -> tuple[str, list[int]]:
    """What it prints, and the lines of the exception that ends it."""
    out = io.StringIO()
    lines: list[int] = []
    with contextlib.redirect_stdout(out):
        try:
            exec(code, {"__name__": "snippet"})
        except Exception as error:
            lines = [
                e.lineno or 0 for e in traceback.extract_tb(error.__traceback__) if e.filename == "snippet"
            ]
            print(type(error).__name__, error)
    return out.getvalue(), lines


class Passing:
    """A watch that only hands the value on."""

    def __init__(self) -> None:
        self.n = 0

    def __getattr__(self, name: str) -> Any:
        assert name in {"read", "write", "set", "read_of", "write_of", "set_of"}

        def passing(value: Any, *owner: Any) -> Any:
            self.n += 1
            return value

        return passing


def rewritten(source: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Passing]:
    import builtins
    import operator

    new = watching.rewrite(source, "snippet")
    assert new is not None
    passing = Passing()
    for name in new.watches.values():
        monkeypatch.setattr(builtins, name, passing, raising=False)
    monkeypatch.setattr(builtins, watching.OPERATORS, operator, raising=False)
    return new.code, passing


@pytest.mark.parametrize("name", SAME)
def test_same_result(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = dedent(SAME[name])
    plain = outcome(compile(source, "snippet", "exec"))
    code, passing = rewritten(source, monkeypatch)
    assert outcome(code) == plain
    assert passing.n > 0


def test_same_line_in_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    source = dedent("""
        x = 0
        def f():
            global x
            x += (
                1 +
                int("no")
            )
        f()
    """)
    plain = outcome(compile(source, "snippet", "exec"))
    assert plain[1]
    assert outcome(rewritten(source, monkeypatch)[0]) == plain


@pytest.mark.parametrize(
    "source",
    [
        "x = 0\ndef f():\n    global x\n    x = 1\n",
        "x = 0\ndef f():\n    return x\n",
        "def f():\n    x = 0\n    x += 1\n",
        "class A:\n    def set(self, n): self.n = n\n",
        "def f():\n    x = 0\n    def g():\n        nonlocal x\n        x += 1\n",
        "done = False\ndef f():\n    global done\n    while not done:\n        done = True\n",
    ],
)
def test_without_a_read_that_flows_into_a_write_nothing_is_rewritten(source: str) -> None:
    assert watching.rewrite(source, "snippet") is None


def test_future_imports_and_docstrings_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    source = '"""doc"""\nfrom __future__ import annotations\nx = 0\ndef f(a: undefined):\n    global x\n    x += 1\nf(1)\n'
    code, _ = rewritten(source, monkeypatch)
    names: dict[str, Any] = {}
    exec(code, names)
    assert (names["__doc__"], names["x"]) == ("doc", 1)

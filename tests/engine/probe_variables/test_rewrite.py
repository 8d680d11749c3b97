"""The rewritten program does exactly what the plain one does, line by line."""

import contextlib
import io
import operator
import traceback
from typing import Any

import pytest

from syncscope_engine.probe import watching
from syncscope_engine.probe.watch_nodes import CLOCK, OPERATORS, Site, placeholder

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
    "local names, names of the module, and what else can be asked for": """
        n = 0
        class Box:
            def __init__(self): self.k = 0
        box = Box()
        def f(owner):
            global n
            n += 1
            owner.k += 1
            box.k += 1
            old = owner.k
            owner.k = old + 1
            here = 5
            return sorted(locals())
        def g(owner):
            owner.k += 1
            box.k += 1
            owner.inner.k += 1
            v = owner.inner.k
            owner.inner.k = v + 1
            return sorted(g.__code__.co_names)[:0], g.__defaults__, g.__closure__
        box.inner = Box()
        print(f(box), g(box), n, box.k, box.inner.k)
        print(sorted(k for k in globals() if not k.startswith("__")))
        import builtins
        print([k for k in vars(builtins) if "syncscope" in k])
    """,
    "items and get": """
        class Noisy(dict):
            def __getitem__(self, k): print("getitem", k); return super().__getitem__(k)
            def __setitem__(self, k, v): print("setitem", k, v); super().__setitem__(k, v)
            def get(self, k, d=None): print("get", k, d); return super().get(k, d)
        counts, noisy = {}, Noisy()
        class Box: pass
        box = Box(); box.counts = {}
        log = []
        def key(): log.append("key"); return "k"
        def f(k):
            counts[k] = counts.get(k, 0) + 1
            counts["a"] = counts.get("a", 0) + 1
            counts["a"] += 5
            noisy[k] = noisy.get(k, 1) * 2
            noisy[k] += 1
            noisy[k] = noisy[k] + 1
            box.counts[k] = box.counts.get(k, 0) + 1
            box.counts[key()] = 1
            box.counts[key()] += 1
            old = box.counts[k]
            box.counts[k] = old + 1
            try: counts["none"] += 1
            except KeyError as e: print("KeyError", e)
            try: counts[[]] = counts.get([], 0) + 1
            except TypeError as e: print(e)
        for k in ("x", "y", "x"): f(k)
        print(counts, noisy, box.counts, log)
    """,
    "writes that fail": """
        class P:
            @property
            def v(self): return 1
            def f(self): self.v += 1
            def g(self):
                old = self.v
                self.v = old + 1
        for method in (P().f, P().g):
            try: method()
            except AttributeError as e: print(e)
        pair = (1, 2)
        def h():
            pair[0] += 1
        try: h()
        except TypeError as e: print(e)
        x = "a"
        def i():
            global x
            x += 1
        try: i()
        except TypeError as e: print(e)
        print(x)
    """,
    "names that are bound anew while the value is computed": """
        class A: n = 0
        a, b = A(), A()
        current = a
        def swap():
            global current
            current = b
            return 10
        def f():
            current.n += swap()
        f()
        def g(owner):
            owner.n += (owner := b).n + 1
            return owner
        print(a.n, b.n, g(a) is b, a.n, b.n)
        def h():
            mine = a
            def other():
                nonlocal mine
                mine = b
                return 100
            mine.n += other()
            return mine is b
        print(h(), a.n, b.n)
    """,
    "every kind of statement": """
        import contextlib
        n = 0
        class O: v = 0
        o = O()
        @contextlib.contextmanager
        def manager():
            global n
            n += 1
            yield n
        def f(items):
            global n
            for o.v in items:
                n += o.v
            else:
                n += 100
            while n % 7:
                n += 1
                if n > 1000: break
            with manager() as o.v:
                o.v += n
            try:
                n += int("x")
            except ValueError:
                n -= 1
            finally:
                n *= 2
            match n:
                case int(m) if m > 5: n = m - 5
                case _: n = 0
            if (n := n + 1) > 3: n = [n for n in range(3)][-1] + n
            assert n, n
            del o.v
            return [n + i for i in range(2)], (lambda k=n: k + n)(), f"{n + 1:{n % 3 + 5}}"
        print(f([1, 2, 3]), n, o.v)
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

    tick = 0

    def __init__(self) -> None:
        self.n = 0

    def _pass(self, value: Any) -> Any:
        self.n += 1
        return value

    def read(self, before: int, value: Any, after: int) -> Any:
        return self._pass(value)

    def read_of(self, owner: Any, before: int, value: Any, after: int, _: None = None) -> Any:
        return self._pass(value)

    def read_item(self, owner: Any, key: Any, before: int, value: Any, after: int, _: None = None) -> Any:
        return self._pass(value)

    def write(self, value: Any, *where: Any) -> Any:
        return self._pass(value)

    write_of = write_item = write

    def written(self, value: Any = None) -> Any:
        return value


def rewritten(source: str) -> tuple[Any, Passing]:
    passing = Passing()

    def constants(sites: list[Site]) -> dict[str, Any]:
        return {**{placeholder(site): passing for site in sites}, CLOCK: passing, OPERATORS: operator}

    code = watching.rewrite(source, "snippet", constants)
    assert code is not None
    return code, passing


@pytest.mark.parametrize("name", SAME)
def test_same_result(name: str) -> None:
    source = dedent(SAME[name])
    plain = outcome(compile(source, "snippet", "exec"))
    code, passing = rewritten(source)
    assert outcome(code) == plain
    assert passing.n > 0


def test_same_line_in_the_traceback() -> None:
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
    assert outcome(rewritten(source)[0]) == plain


def test_names_in_the_traceback_and_its_marks() -> None:
    source = dedent("""
        class A:
            def f(self):
                self.missing += 1
        def g():
            box.a.n += 1 + unknown
        for function in (A().f, g):
            try: function()
            except Exception as error: found.append(error)
    """)

    def marks(code: Any) -> list[Any]:
        found: list[Exception] = []
        exec(code, {"__name__": "snippet", "found": found, "box": 1})
        return [
            (e.name, e.lineno, *(getattr(e, m, None) for m in ("end_lineno", "colno", "end_colno")))
            for error in found
            for e in traceback.extract_tb(error.__traceback__)
        ]

    assert marks(rewritten(source)[0]) == marks(compile(source, "snippet", "exec"))


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
    assert watching.rewrite(source, "snippet", lambda sites: {}) is None


def test_future_imports_and_docstrings_stay() -> None:
    source = '"""doc"""\nfrom __future__ import annotations\nx = 0\ndef f(a: undefined):\n    global x\n    x += 1\nf(1)\n'
    code, _ = rewritten(source)
    names: dict[str, Any] = {}
    exec(code, names)
    assert (names["__doc__"], names["x"]) == ("doc", 1)

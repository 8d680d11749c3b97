"""Which writes take their value from a read of the same variable: found, and not found where it is not sure."""

import ast
import textwrap

import pytest

from syncscope_engine.probe.flows import flows_of

UPDATES = {
    "augmented": ("global x\nx += 1", "", {"x"}),
    "through a local name": ("global x\nold = x\nwait()\nx = old + 1", "x = old + 1", {"x"}),
    "through several": ("global x\na = x\nb = f(a)\na = 0\nx = int(b)", "x = int(b)", {"x"}),
    "in one expression": ("global x\nx = max(x, 3)", "x = max(x, 3)", {"x"}),
    "awaited": ("global x\nx = x + await g()", "x = x + await g()", {"x"}),
    "either way": ("global x\nold = x\nif c: old += 1\nelse: old = old * 2\nx = old + 0", "x = old + 0", {"x"}),
    "on every turn": ("global x\nwhile c:\n  old = x\n  if d: continue\n  x = old + 1", "x = old + 1", {"x"}),
    "before the loop": ("global x\nold = x\nfor i in y: x = old + i", "x = old + i", {"x"}),
    "after try": ("global x\ntry: old = x\nexcept E: return\nx = old + 1", "x = old + 1", {"x"}),
    "inside with": ("with lock: old = self.n\nold += 1\nwith lock: self.n = old", "self.n = old", {"n"}),
    "an attribute of an attribute": ("v = self.a.n\nself.a.n = v - 1", "self.a.n = v - 1", {"n"}),
    "an item": ("d[k] = d.get(k, 0) + 1", "d[k] = d.get(k, 0) + 1", {"d"}),
    "an item by constant": ("n = d['a']\nd['a'] = n + 1", "d['a'] = n + 1", {"d"}),
    "a linked list": ("self.head = self.head.next", "self.head = self.head.next", {"head"}),
    "a private name": ("self.__n = self.__n + 1", "self.__n = self.__n + 1", {"_C__n"}),
    "a pair": ("global x\na, b = x, 1\nx = a + b", "x = a + b", {"x"}),
    "walrus": ("global x\nif (old := x) > 1: x = old + 1", "x = old + 1", {"x"}),
    "best so far": ("self.n = self.n if self.n > v else self.n - v",) * 2 + ({"n"},),
}  # fmt: skip

OTHERS = {
    "blind": "global x\nx = 0",
    "a flag in a loop": "global done\nwhile not done:\n  done = True",
    "bound anew": "global x\nold = x\nold = 5\nx = old + 1",
    "perhaps bound anew": "global x\nold = x\nif c: old = 5\nx = old + 1",
    "bound anew in the loop": "last = self.seen\nwhile c:\n  last = now()\n  self.seen = last + 1",
    "bound anew by a handler": "global x\nold = x\ntry: f()\nexcept E: old = 0\nx = old + 1",
    "bound anew by for": "global x\nold = x\nfor old in y: pass\nx = old + 1",
    "bound anew by an inner function": "global x\nold = x\ndef g():\n  nonlocal old\n  old = 1\ng()\nx = old + 1",
    "another owner": "v = acc.n\nacc = other()\nacc.n = v + 1",
    "another key": "v = d[k]\nk = 2\nd[k] = v + 1",
    "another variable": "v = self.a\nself.b = v + 1",
    "put back as it was": "old = self.n\nself.n = 0\nf()\nself.n = old",
    "only tested": "global x\nx = 1 if x else 2",
    "on one of two branches": "global x\nx = x + 1 if c else 0",
    "behind a comprehension": "global x\nx = sum(x for _ in y)",
    "what yield gives": "global x\nx = yield x",
    "a local name": "x = 0\nx += 1",
    "a closure's name": "x = 0\ndef g():\n  nonlocal x\n  x += 1",
    "read after the write": "global x\nx = v + 1 if False else 0\nv = x",
}


def found(body: str) -> tuple[list[str], set[str]]:
    source = "class C:\n  async def f(self, d, k, acc):\n" + textwrap.indent(body, "    ")
    source = source if "await" in body else source.replace("async ", "")
    flows = flows_of(ast.parse(source))
    updates = [ast.unparse(statement) for statement in flows.feeds]
    return updates, flows.globals_ | flows.attributes | flows.items


@pytest.mark.parametrize("name", UPDATES)
def test_found(name: str) -> None:
    body, update, variables = UPDATES[name]
    assert found(body) == ([update] if update else [], variables)


@pytest.mark.parametrize("name", OTHERS)
def test_not_found(name: str) -> None:
    assert found(OTHERS[name]) == ([], set())

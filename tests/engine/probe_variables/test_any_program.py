"""Whatever a function does with shared and local names: rewritten, it does the same."""

import contextlib
import io
import textwrap
import traceback
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from syncscope_engine.probe import recorder, variables, watches

HEAD = """
class Box:
    def __init__(self): self.n = 1; self.inner = None
    def __repr__(self):
        return f"Box({self.n if isinstance(vars(self).get('n', 0), int) and 'n' in vars(self) else '?'})"
    @property
    def p(self): log.append("get p"); return self.n
    @p.setter
    def p(self, value): log.append("set p"); self.n = value
log, x, y = [], 1, 2
box, other = Box(), Box()
box.inner = other
d = {"k": 1, 2: 3}
def call(value=1): log.append(value); return value if len(log) % 3 else 2
"""
TAIL = """
try:
    print(repr(f(box, 2)))
except Exception as error:
    print(type(error).__name__, error)
    lines = [(e.name, e.lineno) for e in traceback.extract_tb(error.__traceback__)][1:]
    print(lines)
print(x, y, box, d, log)
"""
_PLACES = ("x", "y", "a", "b", "o", "o.n", "o.p", "o.inner.n", "box.n", "d['k']", "d[k]", "d[call('k')]", "k")
_READS = (*_PLACES, "d.get(k, 0)", "d.get('none', a)", "call(x)", "call(o.n)", "1", "2", "other", "(b := x)")

places = st.sampled_from(_PLACES)
values = st.recursive(
    st.sampled_from(_READS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(inner, st.sampled_from(["and", "or", "<"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda v: f"[{v} for i in range(2)][-1]"),
        inner.map(lambda v: f"(lambda: {v})()"),
        inner.map(lambda v: f"call({v})"),
    ),
    max_leaves=4,
).filter(lambda v: not ("for i in" in v and ":=" in v))
simple = st.one_of(
    st.tuples(places, values).map(lambda t: f"{t[0]} = {t[1]}"),
    st.tuples(places, st.sampled_from(["+", "-", "*", "|"]), values).map(lambda t: f"{t[0]} {t[1]}= {t[2]}"),
    st.tuples(places, places, values, values).map(lambda t: f"{t[0]}, {t[1]} = {t[2]}, {t[3]}"),
    st.tuples(places, places, values).map(lambda t: f"{t[0]} = {t[1]} = {t[2]}"),
    values.map(lambda v: f"log.append({v})"),
    values.map(lambda v: f"return {v}"),
    st.sampled_from(["pass", "del a", "del box.n", "a: int = x", "o.n: int = o.n + 1"]),
)


def block(text: str) -> str:
    return textwrap.indent(text, "    ")


statements = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("\n".join),
        st.tuples(values, inner, inner).map(lambda t: f"if {t[0]}:\n{block(t[1])}\nelse:\n{block(t[2])}"),
        st.tuples(places, inner).map(lambda t: f"for {t[0]} in (1, 2):\n{block(t[1])}"),
        inner.map(lambda b: f"while len(log) < 4:\n    log.append('turn')\n{block(b)}"),
        st.tuples(inner, inner, inner).map(
            lambda t: f"try:\n{block(t[0])}\nexcept TypeError as b:\n{block(t[1])}\nfinally:\n{block(t[2])}"
        ),
        inner.map(lambda b: f"with contextlib.suppress(KeyError) as a:\n{block(b)}"),
        inner.map(lambda b: f"class C:\n    x = 5\n{block(b.replace('return', 'a ='))}"),
        inner.map(lambda b: f"def g(k=k, a=1, b=1):\n    global x\n{block(b)}\ng()"),
    ),
    max_leaves=6,
)


def outcome(code: Any) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {"__name__": "snippet", "traceback": traceback, "contextlib": contextlib})
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(st.lists(statements, min_size=1, max_size=4))
def test_the_same_result(body: list[str]) -> None:
    source = f"{HEAD}\ndef f(o, k):\n    global x, y\n    a = b = 1\n{block(chr(10).join(body))}\n{TAIL}"
    try:
        plain = compile(source, "snippet", "exec")
    except SyntaxError:
        return
    recorder.me.id = recorder.threads[recorder.get_ident()] = 2
    try:
        assert outcome(variables.compile_program(source.encode(), "snippet")) == outcome(plain), source
        assert not watches._failed
    finally:
        recorder.threads.pop(recorder.get_ident())

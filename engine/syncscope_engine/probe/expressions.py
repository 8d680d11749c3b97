"""Follows values through expressions and assignments, for `flows`."""

import ast

from . import frames
from .scopes import COMPREHENSIONS, Scope
from .shared_keys import chain, key_of, names_of
from .taints import Env, Source, Taint, common, copy, joined, merged


class Values:
    """`env` at the present point of a function; what a subclass makes of an update is its business."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.env: "Env | None" = {}

    def update(self, statement: ast.AST, target: ast.expr, source: Source) -> None:
        """A variable is written with what was computed from a read of it."""

    # -- values

    def value(self, node: "ast.AST | None") -> Taint:
        """What the value of an expression comes from; follows the bindings inside of it."""
        if node is None or isinstance(node, ast.Constant):
            return {}
        method = getattr(self, f"in_{type(node).__name__.lower()}", None)
        if method is not None:
            result: Taint = method(node)
            return result
        taints = [self.value(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return joined(*taints)

    def in_name(self, node: ast.Name) -> Taint:
        key = key_of(node, self.scope)
        if key is not None:
            return {key: Source(frozenset({node}), False)}
        return dict(self.env.get(node.id, {})) if self.env is not None else {}

    def in_attribute(self, node: ast.Attribute) -> Taint:
        return self.read(node, joined(self.value(node.value)))

    def in_subscript(self, node: ast.Subscript) -> Taint:
        return self.read(node, joined(self.value(node.value), self.value(node.slice)))

    def in_call(self, node: ast.Call) -> Taint:
        taints = [self.value(node.func)] if isinstance(node.func, ast.Attribute) else []
        if not taints:
            self.value(node.func)
        taints += [self.value(argument) for argument in node.args]
        taints += [self.value(keyword.value) for keyword in node.keywords]
        return self.read(node, joined(*taints))

    def read(self, node: ast.expr, taint: Taint) -> Taint:
        key = key_of(node, self.scope)
        if key is not None:
            taint[key] = Source(frozenset({node}), False)
        return taint

    def in_boolop(self, node: ast.BoolOp) -> Taint:
        first = self.value(node.values[0])
        for other in node.values[1:]:
            self.perhaps(other)
        return joined(first)

    def in_ifexp(self, node: ast.IfExp) -> Taint:
        self.value(node.test)
        before = copy(self.env)
        one = self.value(node.body)
        after, self.env = self.env, before
        two = self.value(node.orelse)
        self.env = merged(after, self.env)
        return common(one, two)

    def in_compare(self, node: ast.Compare) -> Taint:
        taints = [self.value(node.left), self.value(node.comparators[0])]
        for other in node.comparators[1:]:
            self.perhaps(other)
        return joined(*taints)

    def perhaps(self, node: ast.expr) -> Taint:
        """An expression that may be skipped."""
        before = copy(self.env)
        taint = self.value(node)
        self.env = merged(before, self.env)
        return taint

    def in_namedexpr(self, node: ast.NamedExpr) -> Taint:
        taint = self.value(node.value)
        self.assign(node.target, taint, node)
        return taint

    def in_await(self, node: ast.Await) -> Taint:
        return joined(self.value(node.value))

    def in_yield(self, node: "ast.Yield | ast.YieldFrom") -> Taint:
        self.value(node.value)
        return {}

    in_yieldfrom = in_yield

    def in_lambda(self, node: ast.Lambda) -> Taint:
        return {}

    def in_listcomp(self, node: ast.AST) -> Taint:
        """Has a scope of its own, and may run any number of times."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.NamedExpr):
                self.forget(inner.target.id)
        return {}

    in_setcomp = in_dictcomp = in_generatorexp = in_listcomp

    # -- writes

    def unpack(self, target: "ast.expr", value: ast.expr) -> None:
        """`a, b = c, d`: each from its own; all values are evaluated before the first is bound."""
        if (
            isinstance(target, ast.Tuple)
            and isinstance(value, ast.Tuple)
            and len(target.elts) == len(value.elts)
            and not any(isinstance(e, ast.Starred) for e in (*target.elts, *value.elts))
        ):
            taints = [self.value(element) for element in value.elts]
            for element, taint in zip(target.elts, taints, strict=True):
                self.assign(element, taint, None)
        else:
            self.value(value)
            self.assign(target, {}, None)

    def assign(self, target: ast.expr, taint: Taint, statement: "ast.AST | None") -> None:
        """`statement`: the assignment, if it is one that can be watched."""
        if isinstance(target, ast.Name) and not self.scope.is_global(target.id):
            self.bind(target.id, taint)
            return
        if isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self.assign(element, {}, None)
            return
        if isinstance(target, ast.Starred):
            self.assign(target.value, {}, None)
            return
        key = key_of(target, self.scope)
        source = taint.get(key) if key is not None else None
        if statement is not None and source is not None and source.changed:
            self.update(statement, target, source)
        self.forget_owner(target)

    def bind(self, name: str, taint: Taint) -> None:
        self.forget(name)
        if self.env is not None and taint and self.scope.is_plain_local(name):
            self.env[name] = {key: s for key, s in taint.items() if name not in names_of(key)}

    def forget(self, name: str) -> None:
        """The name is bound anew: what was read through it is another variable from now on."""
        if self.env is None:
            return
        self.env.pop(name, None)
        for known, taint in self.env.items():
            if any(name in names_of(key) for key in taint):
                self.env[known] = {key: s for key, s in taint.items() if name not in names_of(key)}

    def forget_owner(self, target: ast.expr) -> None:
        """`self.account = ...`: what was read through `self.account` is another variable from now on."""
        if self.env is None or not isinstance(target, (ast.Attribute, ast.Name)):
            return
        text = chain(target)
        if not text:
            return
        for known, taint in self.env.items():
            if any(key.base == text or key.base.startswith(text + ".") for key in taint):
                self.env[known] = {
                    key: s
                    for key, s in taint.items()
                    if key.base != text and not key.base.startswith(text + ".")
                }


assert all(hasattr(Values, f"in_{kind.__name__.lower()}") for kind in COMPREHENSIONS)


frames.step_over(globals(), ours=True)

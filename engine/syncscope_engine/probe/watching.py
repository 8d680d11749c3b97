"""Rewrites a program's syntax tree so that it reports reads and writes of the variables that `flows` found.

    x += e           ->  x = W.write(iadd(W.read(tick, x, tick), e)); W.written()
    old = x          ->  old = W.read(tick, x, tick)
    x = old + 1      ->  x = W.write(old + 1); W.written()
    self.n += e      ->  self.n = W.write_of(iadd(W.read_of(self, tick, self.n, tick), e), self); W.written()
    a.b.n += e       ->  t = a.b; then as above on t; del t       (evaluated once, as before)
    d[k] = d.get(k)  ->  d[k] = W.write_item(W.read_item(d, k, tick, d.get(k), tick), d, k); W.written()

The program's own loads, operators and stores stay where they are, so values, order of evaluation, errors and
positions stay what they were.  Between a value's load and the tick beside it the interpreter cannot switch
threads; nor can it between the last act of `write`, which counts the write, and the store.  W, tick and iadd are constants of the code objects: no name becomes visible.  Hidden locals (t) are
not used where the program asks for its local names.  What cannot be rewritten safely is left alone (tuple
targets, `del`, class bodies, owners that are not names): such writes go unnoticed, nothing more.
"""

import ast
from collections.abc import Callable
from types import CodeType
from typing import Any

from . import frames
from .flows import flows_of
from .shared_keys import ATTRIBUTE, GLOBAL, ITEM, chain, simple
from .watch_nodes import OPERATORS, Site, again, furnished, placeholder
from .watch_reads import Reads

_IN_PLACE = {
    ast.Add: "iadd", ast.Sub: "isub", ast.Mult: "imul", ast.Div: "itruediv", ast.FloorDiv: "ifloordiv",
    ast.Mod: "imod", ast.Pow: "ipow", ast.LShift: "ilshift", ast.RShift: "irshift", ast.BitOr: "ior",
    ast.BitXor: "ixor", ast.BitAnd: "iand", ast.MatMult: "imatmul",
}  # fmt: skip


def rewrite(
    source: "bytes | str", path: str, constants: "Callable[[list[Site]], dict[str, Any]]"
) -> "CodeType | None":
    """The module's code, reporting; None when it has no variable to watch.  Raises SyntaxError as compile does.

    `constants` gives the object for each placeholder: `placeholder(site)`, CLOCK, OPERATORS.
    """
    tree = ast.parse(source, path)
    flows = flows_of(tree)
    if not flows:
        return None
    rewriter = _Rewriter(flows)
    tree = rewriter.module(tree)
    code = compile(tree, path, "exec", dont_inherit=True)
    return furnished(code, constants(rewriter.sites))


class _Rewriter(Reads, ast.NodeTransformer):
    """Makes the writes report, too."""

    def visit_Assign(self, node: ast.Assign) -> Any:
        feeders = self.feeders(node)
        node.value = self.visit(node.value)
        target = node.targets[0]
        if len(node.targets) > 1 or not self.is_watched(target):
            node.targets = [self.visit(target) for target in node.targets]
            return node
        if isinstance(target, ast.Name) or isinstance(target.value, ast.Name):  # type: ignore[attr-defined]
            return [node, self.watch_store(node, target, feeders)]
        return self.assign_through(node, target, feeders)

    def assign_through(self, node: ast.Assign, target: Any, feeders: "list[Site]") -> Any:
        """The value, then the owner, then the store, as Python does; each evaluated once."""
        if not self.may_hide:
            return node
        site = self.write_site(target, feeders)
        name, value = self.hidden(site), self.hidden(site, "value")
        owner = self.visit(target.value)
        target.value = self.at(ast.Name(name, ast.Load()), owner)
        arguments = [self.at(ast.Name(value, ast.Load()), node), again(target.value)]
        if isinstance(target, ast.Subscript):
            arguments.append(again(target.slice))
        return [
            self.at(ast.Assign([ast.Name(value, ast.Store())], node.value), node),
            self.at(ast.Assign([ast.Name(name, ast.Store())], owner), node),
            self.at(ast.Assign([target], self.hook(site, "write", arguments, node)), node),
            self.written(site, node),
            self.at(ast.Delete([ast.Name(name, ast.Del()), ast.Name(value, ast.Del())]), node),
        ]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        feeders, target = self.feeders(node), node.target
        if node.value is None:
            return node
        node.value = self.visit(node.value)
        if not self.is_watched(target) or isinstance(getattr(target, "value", None), ast.Attribute):
            return node
        return [node, self.watch_store(node, target, feeders)]

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        feeders = self.feeders(node)
        node.value = self.visit(node.value)
        if not self.is_watched(node.target):
            return node
        site = self.write_site(node.target, feeders)
        node.value = self.hook(site, "write", [node.value], node)
        return self.at(ast.Call(self.constant(placeholder(site), node, "written"), [node], []), node)

    def watch_store(self, node: Any, target: Any, feeders: "list[Site]") -> ast.stmt:
        """Report the value of `node`, stored into a target whose owner is a name; returns what goes after it."""
        site = self.write_site(target, feeders)
        arguments = [node.value]
        if not isinstance(target, ast.Name):
            arguments.append(again(target.value))
        if isinstance(target, ast.Subscript):
            arguments.append(again(target.slice))
        node.value = self.hook(site, "write", arguments, node)
        return self.written(site, node)

    def written(self, site: Site, at: ast.AST) -> ast.stmt:
        function = self.constant(placeholder(site), at, "written")
        statement: ast.stmt = self.at(ast.Expr(self.at(ast.Call(function, [], []), at)), at)
        return statement

    def feeders(self, node: ast.AST) -> "list[Site]":
        return [self.feeding[read] for read in self.flows.feeds.get(node, ())]

    def is_watched(self, target: ast.expr) -> bool:
        if self.scope.kind == "class":
            return False
        if isinstance(target, ast.Name):
            return target.id in self.flows.globals_ and self.scope.is_global(target.id)
        if isinstance(target, ast.Attribute):
            in_making = self.scope.name == "__init__" and isinstance(target.value, ast.Name)
            watched = self.scope.mangled(target.attr) in self.flows.attributes
            return watched and bool(chain(target.value)) and not in_making
        if isinstance(target, ast.Subscript):
            return chain(target.value) in self.flows.items and bool(simple(target.slice))
        return False

    def site_of(self, target: Any, feeds: bool = False) -> Site:
        if isinstance(target, ast.Name):
            return self.site(GLOBAL, target.id, feeds)
        if isinstance(target, ast.Attribute):
            return self.site(ATTRIBUTE, self.scope.mangled(target.attr), feeds)
        return self.site(ITEM, chain(target.value), feeds)

    def write_site(self, target: Any, feeders: "list[Site]") -> Site:
        site = self.site_of(target)
        site.feeders = [feeder for feeder in feeders if feeder.feeds]
        return site

    # -- reads and writes in one

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        target = node.target
        node.value = self.visit(node.value)
        if not self.is_updated(target):
            return node
        before: "list[ast.stmt]" = []
        hidden: "list[str]" = []
        read, site = self.site_of(target, feeds=True), self.site_of(target)
        site.feeders = [read]
        rebound = {n.target.id for n in ast.walk(node.value) if isinstance(n, ast.NamedExpr)}
        parts = [] if isinstance(target, ast.Name) else ["value"]
        parts += ["slice"] if isinstance(target, ast.Subscript) else []
        if not self.may_hide and not all(self.stays(getattr(target, part), rebound) for part in parts):
            return node
        for part in parts:
            expression = getattr(target, part)
            if not self.stays(expression, rebound):
                name = self.hidden(read, part)
                hidden.append(name)
                before.append(
                    self.at(ast.Assign([ast.Name(name, ast.Store())], self.visit(expression)), node)
                )
                setattr(target, part, self.at(ast.Name(name, ast.Load()), expression))
        load = again(target)
        owner = [] if isinstance(target, ast.Name) else [again(target.value)]
        key = [again(target.slice)] if isinstance(target, ast.Subscript) else []
        old = self.hook(read, "read", [*owner, *key, self.tick(target), load, self.tick(target)], target)
        operator = self.constant(OPERATORS, node, _IN_PLACE[type(node.op)])
        new = self.at(ast.Call(operator, [old, node.value], []), node)
        owner = [again(part) for part in (*owner, *key)]
        assign = self.at(ast.Assign([target], self.hook(site, "write", [new, *owner], node)), node)
        after = [self.written(site, node)]
        if hidden:
            after.append(self.at(ast.Delete([ast.Name(name, ast.Del()) for name in hidden]), node))
        return [*before, assign, *after]

    def is_updated(self, target: ast.expr) -> bool:
        if self.scope.kind == "class":
            return False
        if isinstance(target, ast.Name):
            return self.is_watched(target)
        if self.scope.kind != "function":
            return False
        return not isinstance(target, ast.Subscript) or (
            bool(chain(target.value)) and not isinstance(target.slice, ast.Slice)
        )

    def stays(self, node: ast.expr, rebound: "set[str]") -> bool:
        """Can the owner or key of an update be evaluated again, and gives the same?"""
        if isinstance(node, ast.Constant):
            return True
        return isinstance(node, ast.Name) and self.scope.is_plain_local(node.id) and node.id not in rebound


frames.step_over(globals(), ours=True)

"""Walks a syntax tree with the scope at each point, and makes the reads in it report; see `watching`."""

import ast
from typing import Any

from . import frames
from .flows import Flows
from .scopes import COMPREHENSIONS, Scope
from .shared_keys import GLOBAL, ITEM
from .watch_nodes import Nodes, Site, again

_ASKS_FOR_LOCALS = frozenset({"locals", "vars", "dir", "eval", "exec"})


class Reads(Nodes, ast.NodeTransformer):
    def __init__(self, flows: Flows) -> None:
        super().__init__()
        self.flows = flows
        self.scope: Scope
        self.may_hide = False  # hidden locals may be used
        self.feeding: "dict[ast.AST, Site]" = {}
        for read, key in flows.keys.items():
            name = key.base if key.kind == ITEM else key.name
            self.feeding[read] = self.site(key.kind, name, feeds=True)

    # -- scopes

    def module(self, tree: ast.Module) -> ast.Module:
        self.scope = self.flows.scopes[tree]
        tree.body = self.block(tree.body)
        return tree

    def block(self, body: "list[Any]") -> "list[Any]":
        result: "list[Any]" = []
        for statement in body:
            new = self.visit(statement)
            if isinstance(new, list):
                result += new
            else:
                result.append(new)
        return result

    def inside(self, node: ast.AST) -> "tuple[Scope, bool]":
        saved = self.scope, self.may_hide
        self.scope = self.flows.scopes[node]
        self.may_hide = False
        return saved

    def visit_FunctionDef(self, node: Any) -> Any:
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        self.defaults(node.args)
        saved = self.inside(node)
        self.may_hide = not _asks_for_locals(node)
        node.body = self.block(node.body)
        self.scope, self.may_hide = saved
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        self.defaults(node.args)
        saved = self.inside(node)
        node.body = self.visit(node.body)
        self.scope, self.may_hide = saved
        return node

    def defaults(self, arguments: ast.arguments) -> None:
        arguments.defaults = [self.visit(d) for d in arguments.defaults]
        arguments.kw_defaults = [d and self.visit(d) for d in arguments.kw_defaults]

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        node.bases = [self.visit(b) for b in node.bases]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        saved = self.inside(node)
        node.body = self.block(node.body)
        self.scope, self.may_hide = saved
        return node

    def comprehension(self, node: ast.AST) -> Any:
        saved = self.inside(node)
        self.generic_visit(node)
        self.scope, self.may_hide = saved
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension  # noqa: N815

    def leave_alone(self, node: ast.AST) -> Any:
        return node

    visit_TypeAlias = leave_alone  # noqa: N815

    # -- reads

    def visit_Name(self, node: ast.Name) -> Any:
        site = self.feeding.get(node)
        if site is None:
            in_function = self.scope.kind in ("function", "comprehension")
            watched = node.id in self.flows.globals_ and self.scope.is_global(node.id)
            if not (isinstance(node.ctx, ast.Load) and in_function and watched):
                return node
            site = self.site(GLOBAL, node.id)
        return self.hook(site, "read", [self.tick(node), node, self.tick(node)], node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        site = self.feeding.get(node)
        if site is None:
            return self.generic_visit(node)
        return self.read_through(node, site, node, [])

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        site = self.feeding.get(node)
        if site is None:
            return self.generic_visit(node)
        return self.read_through(node, site, node, [again(node.slice)])

    def visit_Call(self, node: ast.Call) -> Any:
        site = self.feeding.get(node)
        if site is None or not isinstance(node.func, ast.Attribute):
            return self.generic_visit(node)
        node.args[1:] = [self.visit(argument) for argument in node.args[1:]]
        return self.read_through(node, site, node.func, [again(node.args[0])])

    def read_through(self, node: Any, site: Site, holder: Any, key: "list[ast.expr]") -> Any:
        """`node` reads from the owner `holder.value`, which must be evaluated once."""
        owner = holder.value
        if isinstance(owner, ast.Name):
            return self.hook(site, "read", [again(owner), *key, self.tick(node), node, self.tick(node)], node)
        if not self.may_hide:
            site.feeds = False
            return self.generic_visit(node)
        name = self.hidden(site)
        first = self.at(ast.NamedExpr(ast.Name(name, ast.Store()), self.visit(owner)), owner)
        last = self.at(ast.NamedExpr(ast.Name(name, ast.Store()), ast.Constant(None)), owner)
        holder.value = self.at(ast.Name(name, ast.Load()), owner)
        return self.hook(site, "read", [first, *key, self.tick(node), node, self.tick(node), last], node)


assert all(hasattr(Reads, f"visit_{kind.__name__}") for kind in COMPREHENSIONS)


def _asks_for_locals(function: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ASKS_FOR_LOCALS
        for node in ast.walk(function)
    )


frames.step_over(globals(), ours=True)

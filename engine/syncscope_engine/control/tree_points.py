"""What the parts of the rewriting of accesses have in common: sites, hooks, scopes."""

import ast
from typing import Any

from .access import Hooks
from .tree_nodes import HIDDEN, HOOKS, line_of, placed, text_of
from .variables import Variables


class Points(ast.NodeTransformer):
    def __init__(self, hooks: Hooks, variables: Variables) -> None:
        self.hooks = hooks
        self.variables = variables
        self.scope = next(iter(variables.scopes.values()))
        self.classes: list[str] = []
        self.hidden = 0
        self.defined = {
            name
            for node in ast.walk(next(iter(variables.scopes)))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            for name in [node.name]
        }

    # -- building blocks

    def site(self, node: ast.AST, text: "str | None" = None) -> ast.expr:
        return ast.Constant(self.hooks.site(line_of(node), text or text_of(node)))

    def call(self, hook: str, *arguments: ast.expr, at: ast.AST) -> Any:
        function = ast.Attribute(ast.Name(HOOKS, ast.Load()), hook, ast.Load())
        return placed(ast.Call(function, list(arguments), []), at)

    def temporary(self) -> str:
        self.hidden += 1
        return f"{HIDDEN}{self.hidden}"

    def mangled(self, name: str) -> str:
        if self.classes and name.startswith("__") and not name.endswith("__"):
            owner = self.classes[-1].lstrip("_")
            return f"_{owner}{name}" if owner else name
        return name

    def is_shared(self, name: str) -> bool:
        return (self.scope.owner_of(name), name) in self.variables.shared

    def variable(self, name: str) -> ast.expr:
        owner = self.scope.owner_of(name)
        if owner.parent is None:
            return ast.Constant(name)
        return ast.Constant(f"{getattr(owner.node, 'lineno', 0)}.{name}")

    def unknown(self, node: Any) -> None:
        self.hooks.unknown.append(node.lineno)

    # -- scopes

    def _inside(self, node: Any, *fields: str) -> Any:
        saved, self.scope = self.scope, self.variables.scopes[node]
        for field in fields:
            value = getattr(node, field)
            if isinstance(value, list):
                setattr(node, field, self.block(value))
            elif value is not None:
                setattr(node, field, self.visit(value))
        self.scope = saved
        return node

    def block(self, nodes: "list[Any]") -> "list[Any]":
        done: list[Any] = []
        for node in nodes:
            result = self.visit(node)
            if isinstance(result, list):
                done += result
            elif result is not None:
                done.append(result)
        return done

    def visit_FunctionDef(self, node: Any) -> Any:
        node.decorator_list = [self.visit(part) for part in node.decorator_list]
        self._defaults(node.args)
        if self.is_shared(node.name):
            self.unknown(node)
        return self._inside(node, "body")

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        self._defaults(node.args)
        return self._inside(node, "body")

    def _defaults(self, args: ast.arguments) -> None:
        args.defaults = [self.visit(part) for part in args.defaults]
        args.kw_defaults = [part and self.visit(part) for part in args.kw_defaults]

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        node.decorator_list = [self.visit(part) for part in node.decorator_list]
        node.bases = [self.visit(part) for part in node.bases]
        node.keywords = [self.visit(part) for part in node.keywords]
        self.classes.append(node.name)
        self._inside(node, "body")
        self.classes.pop()
        return node

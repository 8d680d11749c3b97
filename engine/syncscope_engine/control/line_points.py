"""The granularity of lines."""

import ast
from typing import Any

from .access import Hooks
from .tree_nodes import HOOKS, placed, text_of


class Lines(ast.NodeTransformer):
    """A point before each statement; inside of a statement there is none."""

    def __init__(self, hooks: Hooks) -> None:
        self.hooks = hooks

    def _hook(self, node: Any) -> Any:
        site = ast.Constant(self.hooks.site(node.lineno, text_of(node).splitlines()[0][:60]))
        function = ast.Attribute(ast.Name(HOOKS, ast.Load()), "line", ast.Load())
        return placed(ast.Call(function, [site], []), node)

    def visit(self, node: ast.AST) -> Any:
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(node, field, None)
            if isinstance(statements, list) and not isinstance(node, (ast.Lambda, ast.IfExp)):
                setattr(
                    node,
                    field,
                    self._block(
                        statements,
                        isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)),
                    ),
                )
        for handler in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
            self.visit(handler)
        return node

    def _block(self, statements: "list[Any]", first: bool) -> "list[Any]":
        done: list[Any] = []
        for index, node in enumerate(statements):
            kept = (
                isinstance(node, (ast.Global, ast.Nonlocal))
                or (
                    first
                    and index == 0
                    and isinstance(node, ast.Expr)
                    and isinstance(node.value, ast.Constant)
                )
                or (isinstance(node, ast.ImportFrom) and node.module == "__future__")
            )
            if isinstance(node, ast.While):
                node.test = placed(ast.BoolOp(ast.Or(), [self._hook(node), node.test]), node)
            elif not kept:
                done.append(placed(ast.Expr(self._hook(node)), node))
            done.append(self.visit(node))
        return done

"""Truth tests and loops look into containers; their targets may be shared."""

import ast
from typing import Any

from .tree_nodes import placed, text_of
from .tree_writes import Writes


class Accesses(Writes):
    def truth(self, node: ast.expr) -> Any:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self.truth(node.operand)
            return node
        if isinstance(node, ast.BoolOp):
            node.values = [self.truth(value) for value in node.values]
            return node
        text = text_of(node)
        return self._seen(self.visit(node), text) if not isinstance(node, ast.Compare) else self.visit(node)

    def visit_If(self, node: Any) -> Any:
        node.test = self.truth(node.test)
        node.body = self.block(node.body)
        node.orelse = self.block(node.orelse)
        return node

    visit_While = visit_If

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        node.test = self.truth(node.test)
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_Assert(self, node: ast.Assert) -> Any:
        node.test = self.truth(node.test)
        node.msg = node.msg and self.visit(node.msg)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        return self.truth(node) if isinstance(node.op, ast.Not) else self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        node.values = [*(self.truth(value) for value in node.values[:-1]), self.visit(node.values[-1])]
        return node

    def _each(self, node: ast.expr, is_async: Any = False) -> Any:
        text = text_of(node)
        visited: ast.expr = self.visit(node)
        return (
            visited if is_async else self.call("each", visited, self.site(node, f"for … in {text}"), at=node)
        )

    def visit_For(self, node: Any) -> Any:
        node.iter = self._each(node.iter, isinstance(node, ast.AsyncFor))
        first = self._through(node)
        node.body = [*first, *self.block(node.body)]
        node.orelse = self.block(node.orelse)
        return node

    visit_AsyncFor = visit_For

    def visit_With(self, node: Any) -> Any:
        first: list[Any] = []
        for item in node.items:
            item.context_expr = self.visit(item.context_expr)
            if item.optional_vars is not None and self._is_announced(item.optional_vars):
                name, target = self.temporary(), item.optional_vars
                item.optional_vars = placed(ast.Name(name, ast.Store()), target)
                first += self.store(target, ast.Name(name, ast.Load()), node)
                first.append(self.forget([name], node))
        node.body = [*first, *self.block(node.body)]
        return node

    visit_AsyncWith = visit_With

    def _through(self, node: Any) -> "list[Any]":
        """A loop's target that is itself shared is assigned in the body."""
        if not self._is_announced(node.target):
            return []
        name, target = self.temporary(), node.target
        node.target = placed(ast.Name(name, ast.Store()), target)
        return [*self.store(target, ast.Name(name, ast.Load()), node), self.forget([name], node)]

    def visit_Match(self, node: Any) -> Any:
        text = text_of(node.subject)
        node.subject = self._seen(self.visit(node.subject), text)
        for case in node.cases:
            if any(isinstance(part, ast.MatchClass) for part in ast.walk(case.pattern)):
                self.unknown(node)
            case.guard = case.guard and self.truth(case.guard)
            case.body = self.block(case.body)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        if node.name and self.is_shared(node.name):
            self.unknown(node)
        node.type = node.type and self.visit(node.type)
        node.body = self.block(node.body)
        return node

    def visit_TypeAlias(self, node: Any) -> Any:
        return node

    def _comprehension(self, node: Any) -> Any:
        saved, self.scope = self.scope, self.variables.scopes[node]
        for generator in node.generators:
            if self._is_announced(generator.target):
                self.unknown(node)
            generator.iter = self._each(generator.iter, generator.is_async)
            generator.ifs = [self.truth(test) for test in generator.ifs]
        for field in ("elt", "key", "value"):
            if hasattr(node, field):
                setattr(node, field, self.visit(getattr(node, field)))
        self.scope = saved
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

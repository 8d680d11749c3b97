"""Reads are announced."""

import ast
from typing import Any

from .tree_nodes import FRESH, HOOKS, JOINING, KNOWN, READERS, UNKNOWN, is_number, placed, sliced, text_of
from .tree_points import Points


class Reads(Points):
    def visit_Name(self, node: ast.Name) -> Any:
        if not isinstance(node.ctx, ast.Load) or not self.is_shared(node.id):
            return node
        announced = self.call("name", self.variable(node.id), self.site(node), at=node)
        return placed(ast.BoolOp(ast.Or(), [announced, node]), node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        text = text_of(node)
        node.value = self.visit(node.value)
        if not isinstance(node.ctx, ast.Load):
            return node
        name = ast.Constant(self.mangled(node.attr))
        return self.call("attribute", node.value, name, self.site(node, text), at=node)

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        text = text_of(node)
        node.value, key = self.visit(node.value), self.visit(node.slice)
        node.slice = key
        if not isinstance(node.ctx, ast.Load):
            return node
        return self.call("item", node.value, sliced(key), self.site(node, text), at=node)

    def visit_Call(self, node: ast.Call) -> Any:
        function, text = node.func, text_of(node.func)
        if isinstance(function, ast.Attribute):
            owner = self.visit(function.value)
            name = ast.Constant(self.mangled(function.attr))
            node.func = self.call("method", owner, name, self.site(node, text + "()"), at=node)
        elif isinstance(function, ast.Name):
            return self._named_call(node, function.id)
        else:
            node.func = self.visit(function)
        self._arguments(node)
        return node

    def _arguments(self, node: ast.Call, look: bool = False) -> None:
        texts = [text_of(argument) for argument in node.args]
        for index, argument in enumerate(node.args):
            at, value = argument, self.visit(argument)
            if look or isinstance(value, ast.Starred):
                inner = value.value if isinstance(value, ast.Starred) else value
                seen = inner
                if not isinstance(inner, FRESH):
                    seen = self.call("content", inner, self.site(at, texts[index]), at=at)
                if isinstance(value, ast.Starred):
                    value.value = seen
                else:
                    value = seen
            node.args[index] = value
        for keyword in node.keywords:
            text = text_of(keyword.value)
            keyword.value = self.visit(keyword.value)
            if keyword.arg is None:
                keyword.value = self.call("content", keyword.value, self.site(node, text), at=node)

    def _named_call(self, node: ast.Call, name: str) -> Any:
        text = text_of(node)
        first = text_of(node.args[0]) if node.args else ""
        bound = name in self.scope.owner_of(name).bound
        if name in self.defined or self.is_shared(name):
            node.func = self.visit(node.func)
        elif bound or name not in KNOWN or (name in READERS and len(node.args) > 1):
            node.func = self.call("function", node.func, self.site(node, name + "()"), at=node)
        elif name in READERS:
            self._arguments(node, look=True)
            return node
        elif name in UNKNOWN:
            self.unknown(node)
        elif name in ("getattr", "hasattr"):
            node.func = placed(ast.Attribute(ast.Name(HOOKS, ast.Load()), name, ast.Load()), node)
            self._arguments(node)
            node.args.insert(0, self.site(node, text))
            return node
        elif name in ("setattr", "delattr") and not node.keywords:
            parts = [self.visit(part) for part in node.args]
            return self.call(name, self.site(node, text), *parts, at=node)
        elif name == "next" and node.args:
            self._arguments(node)
            node.args[0] = self.call("advanced", node.args[0], self.site(node, f"next({first})"), at=node)
            return node
        self._arguments(node)
        return node

    def visit_Compare(self, node: ast.Compare) -> Any:
        whole, text = node, text_of(node)
        operands = [node.left, *node.comparators]
        done = [self.visit(operand) for operand in operands]
        for index, operand in enumerate(done):
            identity = all(
                isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops[max(index - 1, 0) : index + 1]
            )
            left_of_in = index == 0 and isinstance(node.ops[0], (ast.In, ast.NotIn))
            if not identity and not left_of_in and not isinstance(operand, ast.Constant):
                done[index] = self.call("content", operand, self.site(whole, text), at=whole)
        node.left, *node.comparators = done
        return node

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        texts = text_of(node.left), text_of(node.right)
        node.left, node.right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, JOINING) and not is_number(node.left) and not is_number(node.right):
            node.left = self._seen(node.left, texts[0])
            node.right = self._seen(node.right, texts[1])
        return node

    def _seen(self, node: Any, text: str, at: Any = None) -> Any:
        """What is made on the spot is nobody else's."""
        return (
            node
            if isinstance(node, FRESH)
            else self.call("content", node, self.site(at or node, text), at=at or node)
        )

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        text = text_of(node.value)
        node.value = self._seen(self.visit(node.value), text)
        if node.format_spec is not None:
            node.format_spec = self.visit(node.format_spec)
        return node

    def visit_Starred(self, node: ast.Starred) -> Any:
        if not isinstance(node.ctx, ast.Load):
            return self.generic_visit(node)
        text = text_of(node.value)
        node.value = self._seen(self.visit(node.value), text)
        return node

"""Writes are announced."""

import ast
from typing import Any

from .tree_nodes import JOINING, is_number, placed, sliced, text_of
from .tree_reads import Reads


class Writes(Reads):
    def _is_announced(self, target: ast.expr) -> bool:
        if isinstance(target, ast.Name):
            return self.is_shared(target.id)
        if isinstance(target, (ast.Tuple, ast.List)):
            return any(self._is_announced(element) for element in target.elts)
        if isinstance(target, ast.Starred):
            return self._is_announced(target.value)
        return isinstance(target, (ast.Attribute, ast.Subscript))

    def store(self, target: Any, value: ast.expr, at: Any, source: str = "") -> "list[ast.stmt]":
        """`target = value`; the value, `source` in the program, is visited already."""
        if not self._is_announced(target):
            if isinstance(target, (ast.Tuple, ast.List)):
                value = self._seen(value, source, at)
            return [placed(ast.Assign([target], value), at)]
        text = text_of(target)
        if isinstance(target, ast.Name):
            value = self.call("set_name", value, self.variable(target.id), self.site(target), at=at)
            return [placed(ast.Assign([target], value), at)]
        if isinstance(target, ast.Attribute):
            name = ast.Constant(self.mangled(target.attr))
            owner = self.visit(target.value)
            return [
                self.said(self.call("set_attribute", value, owner, name, self.site(target, text), at=at), at)
            ]
        if isinstance(target, ast.Subscript):
            owner, key = self.visit(target.value), sliced(self.visit(target.slice))
            return [self.said(self.call("set_item", value, owner, key, self.site(target, text), at=at), at)]
        names = []
        plain: list[ast.expr] = []
        after: list[ast.stmt] = []
        for element in target.elts:
            hidden = self.temporary()
            names.append(hidden)
            place: ast.expr = ast.Name(hidden, ast.Store())
            if isinstance(element, ast.Starred):
                place, element = ast.Starred(place, ast.Store()), element.value
            plain.append(place)
            after += self.store(element, ast.Name(hidden, ast.Load()), at)
        first = placed(
            ast.Assign([placed(ast.Tuple(plain, ast.Store()), at)], self._seen(value, source, at)), at
        )
        return [first, *after, self.forget(names, at)]

    def said(self, expression: ast.expr, at: ast.AST) -> Any:
        return placed(ast.Expr(expression), at)

    def forget(self, names: "list[str]", at: ast.AST) -> Any:
        return placed(ast.Delete([ast.Name(name, ast.Del()) for name in names]), at)

    def visit_Assign(self, node: ast.Assign) -> Any:
        source = text_of(node.value)
        value = self.visit(node.value)
        if len(node.targets) == 1:
            return self.store(node.targets[0], value, node, source)
        if not any(self._is_announced(target) for target in node.targets):
            node.value = value
            return node
        name = self.temporary()
        done: list[Any] = [placed(ast.Assign([ast.Name(name, ast.Store())], value), node)]
        for target in node.targets:
            done += self.store(target, ast.Name(name, ast.Load()), node, source)
        return [*done, self.forget([name], node)]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return node
        if not self._is_announced(node.target):
            node.value = self.visit(node.value)
            return node
        return self.store(node.target, self.visit(node.value), node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        node.value = self.visit(node.value)
        if self.is_shared(node.target.id):
            variable = self.variable(node.target.id)
            node.value = self.call("set_name", node.value, variable, self.site(node.target), at=node)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        target: Any = node.target
        text = text_of(target)
        joins = isinstance(node.op, JOINING) and not is_number(node.value)
        if isinstance(target, ast.Name) and not self.is_shared(target.id):
            source = text_of(node.value)
            operand = self.visit(node.value)
            if not joins:
                node.value = operand
                return node
            # the operand first: nothing may come between the announcement and the change
            name = self.temporary()
            first = placed(ast.Assign([ast.Name(name, ast.Store())], self._seen(operand, source)), node)
            changed = self.call("changed", ast.Name(target.id, ast.Load()), self.site(target), at=node)
            node.value = placed(ast.Name(name, ast.Load()), node)
            return [first, self.said(changed, node), node, self.forget([name], node)]
        value = self.temporary()
        names, done = [value], []
        load: ast.expr

        def kept(expression: ast.expr) -> ast.expr:
            hidden = self.temporary()
            names.append(hidden)
            done.append(placed(ast.Assign([ast.Name(hidden, ast.Store())], expression), node))
            return ast.Name(hidden, ast.Load())

        if isinstance(target, ast.Name):
            load = self.visit(placed(ast.Name(target.id, ast.Load()), target))
        elif isinstance(target, ast.Attribute):
            target.value = kept(self.visit(target.value))
            attribute = ast.Constant(self.mangled(target.attr))
            load = self.call("attribute", target.value, attribute, self.site(target, text), at=node)
        else:
            target.value = kept(self.visit(target.value))
            target.slice = kept(sliced(self.visit(target.slice)))
            load = self.call("item", target.value, target.slice, self.site(target, text), at=node)
        done.append(placed(ast.Assign([ast.Name(value, ast.Store())], load), node))
        source = text_of(node.value)
        operand = self.visit(node.value)
        if joins:
            operand = self._seen(operand, source)
            operand_name = kept(operand)
            changed = self.call("changed", ast.Name(value, ast.Load()), self.site(target, text), at=node)
            done.append(self.said(changed, node))
            operand = operand_name
        done.append(placed(ast.AugAssign(ast.Name(value, ast.Store()), node.op, operand), node))
        done += self._store_back(target, ast.Name(value, ast.Load()), text, node)
        return [*done, self.forget(names, node)]

    def _store_back(self, target: Any, value: ast.expr, text: str, at: Any) -> "list[ast.stmt]":
        """As `store`, but the owner and the key are evaluated already."""
        if isinstance(target, ast.Name):
            value = self.call("set_name", value, self.variable(target.id), self.site(target), at=at)
            return [placed(ast.Assign([ast.Name(target.id, ast.Store())], value), at)]
        if isinstance(target, ast.Attribute):
            name = ast.Constant(self.mangled(target.attr))
            return [
                self.said(
                    self.call("set_attribute", value, target.value, name, self.site(target, text), at=at), at
                )
            ]
        return [
            self.said(
                self.call("set_item", value, target.value, target.slice, self.site(target, text), at=at), at
            )
        ]

    def visit_Delete(self, node: ast.Delete) -> Any:
        done: list[Any] = []
        for target in node.targets:
            text = text_of(target)
            if isinstance(target, ast.Attribute):
                name = ast.Constant(self.mangled(target.attr))
                owner = self.visit(target.value)
                done.append(
                    self.said(
                        self.call("delete_attribute", owner, name, self.site(target, text), at=node), node
                    )
                )
            elif isinstance(target, ast.Subscript):
                owner, key = self.visit(target.value), sliced(self.visit(target.slice))
                done.append(
                    self.said(self.call("delete_item", owner, key, self.site(target, text), at=node), node)
                )
            else:
                if not isinstance(target, ast.Name) or self.is_shared(target.id):
                    self.unknown(node)
                done.append(placed(ast.Delete([target]), node))
        return done

    def visit_Import(self, node: Any) -> Any:
        if any(self.is_shared(alias.asname or alias.name.split(".")[0]) for alias in node.names):
            self.unknown(node)
        return node

    visit_ImportFrom = visit_Import

"""Rewrites a module's syntax tree so that every access to what may be shared is announced before it is made.

    a.x              ->  H.attribute(a, "x", 3)
    a.x = e          ->  H.set_attribute(e, a, "x", 4)
    a.x += e         ->  o = a; v = H.attribute(o, "x", 5); v += e; H.set_attribute(v, o, "x", 6); del o, v
    a.append(e)      ->  H.method(a, "append", 7)(e)
    for v in a       ->  for v in H.each(a, 8)
    if a, a in b, … ->  H.content(a, 9)
    x (shared)       ->  H.name("x", 10) or x
    x = e (shared)   ->  x = H.set_name(e, 11)

The numbers are sites, whose line and text the hooks know.  Nothing depends on bytecode: the same points on every
Python.  What is not understood is counted.
"""

import ast
from typing import Any

from .access import Hooks
from .variables import Variables

HOOKS = "_syncscope"
_HIDDEN = "_syncscope_"
_READERS = {
    "len", "list", "tuple", "sorted", "sum", "min", "max", "any", "all", "set", "dict", "str", "repr", "enumerate",
    "zip", "bool", "frozenset", "reversed", "print", "map", "filter", "iter", "bytes",
}  # fmt: skip
_PLAIN = {
    "super", "locals", "dir", "isinstance", "issubclass", "range", "int", "float", "id", "type", "callable", "object",
    "property", "staticmethod", "classmethod", "open", "input", "abs", "round", "divmod", "chr", "ord", "hash",
    "Exception", "ValueError", "RuntimeError", "AssertionError", "TypeError", "KeyError", "IndexError", "StopIteration",
}  # fmt: skip
_UNKNOWN = {"exec", "eval", "globals", "vars"}
_KNOWN = _READERS | _PLAIN | _UNKNOWN | {"getattr", "hasattr", "setattr", "delattr", "next"}
_FRESH = (
    ast.Constant, ast.JoinedStr, ast.Lambda, ast.BinOp, ast.Compare, ast.List, ast.Dict, ast.Set, ast.Tuple,
    ast.ListComp, ast.SetComp, ast.DictComp,
)  # fmt: skip
_JOINING = (ast.Add, ast.Sub, ast.Mult, ast.BitOr, ast.BitAnd, ast.BitXor)


def instrument(tree: ast.Module, hooks: Hooks, granularity: str, stored: "set[str]") -> int:
    """Changes the tree in place; returns how many statements are not scheduling points although they might be."""
    if granularity == "line":
        _Lines(hooks).visit(tree)
    else:
        _Accesses(hooks, Variables(tree, stored)).visit(tree)
    ast.fix_missing_locations(tree)
    return len(hooks.unknown)


class _Accesses(ast.NodeTransformer):
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
        return ast.Constant(self.hooks.site(_line(node), text or _text(node)))

    def call(self, hook: str, *arguments: ast.expr, at: ast.AST) -> Any:
        function = ast.Attribute(ast.Name(HOOKS, ast.Load()), hook, ast.Load())
        return _placed(ast.Call(function, list(arguments), []), at)

    def temporary(self) -> str:
        self.hidden += 1
        return f"{_HIDDEN}{self.hidden}"

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

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

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

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815

    # -- reads

    def visit_Name(self, node: ast.Name) -> Any:
        if not isinstance(node.ctx, ast.Load) or not self.is_shared(node.id):
            return node
        announced = self.call("name", self.variable(node.id), self.site(node), at=node)
        return _placed(ast.BoolOp(ast.Or(), [announced, node]), node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        text = _text(node)
        node.value = self.visit(node.value)
        if not isinstance(node.ctx, ast.Load):
            return node
        name = ast.Constant(self.mangled(node.attr))
        return self.call("attribute", node.value, name, self.site(node, text), at=node)

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        text = _text(node)
        node.value, key = self.visit(node.value), self.visit(node.slice)
        node.slice = key
        if not isinstance(node.ctx, ast.Load):
            return node
        return self.call("item", node.value, _sliced(key), self.site(node, text), at=node)

    def visit_Call(self, node: ast.Call) -> Any:
        function, text = node.func, _text(node.func)
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
        texts = [_text(argument) for argument in node.args]
        for index, argument in enumerate(node.args):
            at, value = argument, self.visit(argument)
            if look or isinstance(value, ast.Starred):
                inner = value.value if isinstance(value, ast.Starred) else value
                seen = inner
                if not isinstance(inner, _FRESH):
                    seen = self.call("content", inner, self.site(at, texts[index]), at=at)
                if isinstance(value, ast.Starred):
                    value.value = seen
                else:
                    value = seen
            node.args[index] = value
        for keyword in node.keywords:
            text = _text(keyword.value)
            keyword.value = self.visit(keyword.value)
            if keyword.arg is None:
                keyword.value = self.call("content", keyword.value, self.site(node, text), at=node)

    def _named_call(self, node: ast.Call, name: str) -> Any:
        text = _text(node)
        first = _text(node.args[0]) if node.args else ""
        bound = name in self.scope.owner_of(name).bound
        if name in self.defined or self.is_shared(name):
            node.func = self.visit(node.func)
        elif bound or name not in _KNOWN or (name in _READERS and len(node.args) > 1):
            node.func = self.call("function", node.func, self.site(node, name + "()"), at=node)
        elif name in _READERS:
            self._arguments(node, look=True)
            return node
        elif name in _UNKNOWN:
            self.unknown(node)
        elif name in ("getattr", "hasattr"):
            node.func = _placed(ast.Attribute(ast.Name(HOOKS, ast.Load()), name, ast.Load()), node)
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
        whole, text = node, _text(node)
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
        texts = _text(node.left), _text(node.right)
        node.left, node.right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, _JOINING) and not _is_number(node.left) and not _is_number(node.right):
            node.left = self._seen(node.left, texts[0])
            node.right = self._seen(node.right, texts[1])
        return node

    def _seen(self, node: Any, text: str, at: Any = None) -> Any:
        """What is made on the spot is nobody else's."""
        return (
            node
            if isinstance(node, _FRESH)
            else self.call("content", node, self.site(at or node, text), at=at or node)
        )

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        text = _text(node.value)
        node.value = self._seen(self.visit(node.value), text)
        if node.format_spec is not None:
            node.format_spec = self.visit(node.format_spec)
        return node

    def visit_Starred(self, node: ast.Starred) -> Any:
        if not isinstance(node.ctx, ast.Load):
            return self.generic_visit(node)
        text = _text(node.value)
        node.value = self._seen(self.visit(node.value), text)
        return node

    # -- truth

    def truth(self, node: ast.expr) -> Any:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self.truth(node.operand)
            return node
        if isinstance(node, ast.BoolOp):
            node.values = [self.truth(value) for value in node.values]
            return node
        text = _text(node)
        return self._seen(self.visit(node), text) if not isinstance(node, ast.Compare) else self.visit(node)

    def visit_If(self, node: Any) -> Any:
        node.test = self.truth(node.test)
        node.body = self.block(node.body)
        node.orelse = self.block(node.orelse)
        return node

    visit_While = visit_If  # noqa: N815

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
        text = _text(node)
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

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_With(self, node: Any) -> Any:
        first: list[Any] = []
        for item in node.items:
            item.context_expr = self.visit(item.context_expr)
            if item.optional_vars is not None and self._is_announced(item.optional_vars):
                name, target = self.temporary(), item.optional_vars
                item.optional_vars = _placed(ast.Name(name, ast.Store()), target)
                first += self.store(target, ast.Name(name, ast.Load()), node)
                first.append(self.forget([name], node))
        node.body = [*first, *self.block(node.body)]
        return node

    visit_AsyncWith = visit_With  # noqa: N815

    def _through(self, node: Any) -> "list[Any]":
        """A loop's target that is itself shared is assigned in the body."""
        if not self._is_announced(node.target):
            return []
        name, target = self.temporary(), node.target
        node.target = _placed(ast.Name(name, ast.Store()), target)
        return [*self.store(target, ast.Name(name, ast.Load()), node), self.forget([name], node)]

    def visit_Match(self, node: Any) -> Any:
        text = _text(node.subject)
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

    # -- writes

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
            return [_placed(ast.Assign([target], value), at)]
        text = _text(target)
        if isinstance(target, ast.Name):
            value = self.call("set_name", value, self.variable(target.id), self.site(target), at=at)
            return [_placed(ast.Assign([target], value), at)]
        if isinstance(target, ast.Attribute):
            name = ast.Constant(self.mangled(target.attr))
            owner = self.visit(target.value)
            return [
                self.said(self.call("set_attribute", value, owner, name, self.site(target, text), at=at), at)
            ]
        if isinstance(target, ast.Subscript):
            owner, key = self.visit(target.value), _sliced(self.visit(target.slice))
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
        first = _placed(
            ast.Assign([_placed(ast.Tuple(plain, ast.Store()), at)], self._seen(value, source, at)), at
        )
        return [first, *after, self.forget(names, at)]

    def said(self, expression: ast.expr, at: ast.AST) -> Any:
        return _placed(ast.Expr(expression), at)

    def forget(self, names: "list[str]", at: ast.AST) -> Any:
        return _placed(ast.Delete([ast.Name(name, ast.Del()) for name in names]), at)

    def visit_Assign(self, node: ast.Assign) -> Any:
        source = _text(node.value)
        value = self.visit(node.value)
        if len(node.targets) == 1:
            return self.store(node.targets[0], value, node, source)
        if not any(self._is_announced(target) for target in node.targets):
            node.value = value
            return node
        name = self.temporary()
        done: list[Any] = [_placed(ast.Assign([ast.Name(name, ast.Store())], value), node)]
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
        text = _text(target)
        joins = isinstance(node.op, _JOINING) and not _is_number(node.value)
        if isinstance(target, ast.Name) and not self.is_shared(target.id):
            source = _text(node.value)
            operand = self.visit(node.value)
            if not joins:
                node.value = operand
                return node
            # the operand first: nothing may come between the announcement and the change
            name = self.temporary()
            first = _placed(ast.Assign([ast.Name(name, ast.Store())], self._seen(operand, source)), node)
            changed = self.call("changed", ast.Name(target.id, ast.Load()), self.site(target), at=node)
            node.value = _placed(ast.Name(name, ast.Load()), node)
            return [first, self.said(changed, node), node, self.forget([name], node)]
        value = self.temporary()
        names, done = [value], []
        load: ast.expr

        def kept(expression: ast.expr) -> ast.expr:
            hidden = self.temporary()
            names.append(hidden)
            done.append(_placed(ast.Assign([ast.Name(hidden, ast.Store())], expression), node))
            return ast.Name(hidden, ast.Load())

        if isinstance(target, ast.Name):
            load = self.visit(_placed(ast.Name(target.id, ast.Load()), target))
        elif isinstance(target, ast.Attribute):
            target.value = kept(self.visit(target.value))
            attribute = ast.Constant(self.mangled(target.attr))
            load = self.call("attribute", target.value, attribute, self.site(target, text), at=node)
        else:
            target.value = kept(self.visit(target.value))
            target.slice = kept(_sliced(self.visit(target.slice)))
            load = self.call("item", target.value, target.slice, self.site(target, text), at=node)
        done.append(_placed(ast.Assign([ast.Name(value, ast.Store())], load), node))
        source = _text(node.value)
        operand = self.visit(node.value)
        if joins:
            operand = self._seen(operand, source)
            operand_name = kept(operand)
            changed = self.call("changed", ast.Name(value, ast.Load()), self.site(target, text), at=node)
            done.append(self.said(changed, node))
            operand = operand_name
        done.append(_placed(ast.AugAssign(ast.Name(value, ast.Store()), node.op, operand), node))
        done += self._store_back(target, ast.Name(value, ast.Load()), text, node)
        return [*done, self.forget(names, node)]

    def _store_back(self, target: Any, value: ast.expr, text: str, at: Any) -> "list[ast.stmt]":
        """As `store`, but the owner and the key are evaluated already."""
        if isinstance(target, ast.Name):
            value = self.call("set_name", value, self.variable(target.id), self.site(target), at=at)
            return [_placed(ast.Assign([ast.Name(target.id, ast.Store())], value), at)]
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
            text = _text(target)
            if isinstance(target, ast.Attribute):
                name = ast.Constant(self.mangled(target.attr))
                owner = self.visit(target.value)
                done.append(
                    self.said(
                        self.call("delete_attribute", owner, name, self.site(target, text), at=node), node
                    )
                )
            elif isinstance(target, ast.Subscript):
                owner, key = self.visit(target.value), _sliced(self.visit(target.slice))
                done.append(
                    self.said(self.call("delete_item", owner, key, self.site(target, text), at=node), node)
                )
            else:
                if not isinstance(target, ast.Name) or self.is_shared(target.id):
                    self.unknown(node)
                done.append(_placed(ast.Delete([target]), node))
        return done

    def visit_Import(self, node: Any) -> Any:
        if any(self.is_shared(alias.asname or alias.name.split(".")[0]) for alias in node.names):
            self.unknown(node)
        return node

    visit_ImportFrom = visit_Import  # noqa: N815


class _Lines(ast.NodeTransformer):
    """A point before each statement; inside of a statement there is none."""

    def __init__(self, hooks: Hooks) -> None:
        self.hooks = hooks

    def _hook(self, node: Any) -> Any:
        site = ast.Constant(self.hooks.site(node.lineno, _text(node).splitlines()[0][:60]))
        function = ast.Attribute(ast.Name(HOOKS, ast.Load()), "line", ast.Load())
        return _placed(ast.Call(function, [site], []), node)

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
                node.test = _placed(ast.BoolOp(ast.Or(), [self._hook(node), node.test]), node)
            elif not kept:
                done.append(_placed(ast.Expr(self._hook(node)), node))
            done.append(self.visit(node))
        return done


def _placed(node: Any, at: Any) -> Any:
    return ast.copy_location(node, at)


def _line(node: Any) -> int:
    line: int = node.lineno
    return line


def _text(node: Any) -> str:
    try:
        return ast.unparse(node)
    except Exception:  # a part that is rewritten already
        return ""


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float, complex))


def _sliced(key: Any) -> Any:
    """A slice as an argument."""
    if isinstance(key, ast.Slice):
        parts = [part or ast.Constant(None) for part in (key.lower, key.upper, key.step)]
        function = ast.Attribute(ast.Name(HOOKS, ast.Load()), "slice", ast.Load())
        return _placed(ast.Call(function, parts, []), key)
    if isinstance(key, ast.Tuple):
        key.elts = [_sliced(part) for part in key.elts]
    return key

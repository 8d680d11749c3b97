"""Which names of a function are module globals: the interpreter's own rules, on the syntax tree."""

import ast
from collections.abc import Iterator
from typing import Any

from . import frames

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*FUNCTIONS, ast.Lambda, ast.ClassDef, *COMPREHENSIONS)
_LEAVES = (ast.Constant, ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
_BINDERS = (
    ast.Attribute, ast.Subscript, ast.NamedExpr, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom,
    ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping,
)  # fmt: skip


class Scope:
    """kind: module, class, function (also lambdas) or comprehension."""

    __slots__ = ("bound", "class_name", "global_", "kind", "name", "nonlocal_", "parent", "rebound", "stores")

    def __init__(self, kind: str, parent: "Scope | None", name: str = "", class_name: str = "") -> None:
        self.kind = kind
        self.parent = parent
        self.name = name
        self.class_name = class_name  # innermost class, for private names
        self.bound: "set[str]" = set()
        self.global_: "set[str]" = set()
        self.nonlocal_: "set[str]" = set()
        self.stores = False  # into attributes, items or names that it declares global
        self.rebound: "set[str]" = set()  # its names that inner functions bind anew, by `nonlocal`

    def is_global(self, name: str) -> bool:
        scope: "Scope | None" = self
        while scope is not None:
            if scope.kind == "module" or name in scope.global_:
                return True
            if (scope is self or scope.kind != "class") and (name in scope.bound or name in scope.nonlocal_):
                return False
            scope = scope.parent
        return True

    def is_plain_local(self, name: str) -> bool:
        """Bound here and nowhere else: only this function's own statements change it."""
        return (
            self.kind == "function"
            and name in self.bound
            and name not in self.global_
            and name not in self.nonlocal_
            and name not in self.rebound
        )

    def mangled(self, name: str) -> str:
        if not self.class_name or not name.startswith("__") or name.endswith("__"):
            return name
        return f"_{self.class_name.lstrip('_')}{name}" if self.class_name.strip("_") else name


def scopes_of(tree: ast.Module) -> "dict[ast.AST, Scope]":
    """The scope of the module and of everything in it that has one of its own."""
    found: "dict[ast.AST, Scope]" = {}
    _enter(tree, Scope("module", None), found)
    for scope in found.values():
        for name in scope.nonlocal_:
            outer = scope.parent
            while outer is not None and not (outer.kind == "function" and name in outer.bound):
                outer = outer.parent
            if outer is not None:
                outer.rebound.add(name)
    return found


def _enter(node: ast.AST, scope: Scope, found: "dict[ast.AST, Scope]") -> None:
    found[node] = scope
    _walk(_children(node), scope, found)


def _children(node: ast.AST) -> "list[ast.AST]":
    """Those that may bind names or hold what does."""
    children: "list[ast.AST]" = []
    for name in node._fields:
        child = getattr(node, name, None)
        if isinstance(child, list):
            children += [c for c in child if isinstance(c, ast.AST)]
        elif isinstance(child, ast.AST) and not isinstance(child, _LEAVES):
            children.append(child)
    return children


def _walk(todo: "list[ast.AST]", scope: Scope, found: "dict[ast.AST, Scope]") -> None:
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                scope.bound.add(node.id)
        elif isinstance(node, _SCOPES):
            _enter(node, _inner_scope(node, scope), found)
        else:
            if isinstance(node, _BINDERS):
                _bind(node, scope)
            todo += _children(node)


def _inner_scope(node: Any, scope: Scope) -> Scope:
    if isinstance(node, COMPREHENSIONS):
        return Scope("comprehension", scope, "", scope.class_name)
    if isinstance(node, ast.ClassDef):
        scope.bound.add(node.name)
        return Scope("class", scope, node.name, node.name)
    if isinstance(node, FUNCTIONS):
        scope.bound.add(node.name)
    inner = Scope("function", scope, getattr(node, "name", "<lambda>"), scope.class_name)
    inner.bound.update(argument.arg for argument in _arguments(node.args))
    return inner


def _bind(node: Any, scope: Scope) -> None:
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        scope.stores = scope.stores or isinstance(node.ctx, ast.Store)
    elif isinstance(node, ast.NamedExpr):
        function: Scope = scope
        while function.kind == "comprehension" and function.parent is not None:
            function = function.parent
        function.bound.add(node.target.id)
    elif isinstance(node, ast.Global):
        scope.global_.update(node.names)
        scope.stores = True
    elif isinstance(node, ast.Nonlocal):
        scope.nonlocal_.update(node.names)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        scope.bound.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.MatchMapping):
        scope.bound.update([node.rest] if node.rest else [])
    else:
        scope.bound.update([node.name] if node.name else [])


def _arguments(arguments: ast.arguments) -> "Iterator[ast.arg]":
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    for more in (arguments.vararg, arguments.kwarg):
        if more is not None:
            yield more


def names_bound_in(statements: "list[ast.stmt]") -> "set[str]":
    """Names that these statements may bind, functions and classes in them left out."""
    scope = Scope("function", None)
    _walk(list(statements), scope, {})
    return scope.bound


frames.step_over(globals(), ours=True)

"""Which names of a function are module globals: the interpreter's own rules, on the syntax tree."""

import ast
from collections.abc import Iterator

from . import frames

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*FUNCTIONS, ast.Lambda, ast.ClassDef, *COMPREHENSIONS)


class Scope:
    """kind: module, class, function (also lambdas) or comprehension."""

    __slots__ = ("bound", "class_name", "global_", "kind", "name", "nonlocal_", "parent", "rebound")

    def __init__(self, kind: str, parent: "Scope | None", name: str = "", class_name: str = "") -> None:
        self.kind = kind
        self.parent = parent
        self.name = name
        self.class_name = class_name  # innermost class, for private names
        self.bound: "set[str]" = set()
        self.global_: "set[str]" = set()
        self.nonlocal_: "set[str]" = set()
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
    for child in ast.iter_child_nodes(node):
        _walk(child, scope, found)


def _walk(node: ast.AST, scope: Scope, found: "dict[ast.AST, Scope]") -> None:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        scope.bound.add(node.name)
    if isinstance(node, (*FUNCTIONS, ast.Lambda)):
        name = getattr(node, "name", "<lambda>")
        inner = Scope("function", scope, name, scope.class_name)
        inner.bound.update(argument.arg for argument in _arguments(node.args))
        _enter(node, inner, found)
    elif isinstance(node, ast.ClassDef):
        _enter(node, Scope("class", scope, node.name, node.name), found)
    elif isinstance(node, COMPREHENSIONS):
        _enter(node, Scope("comprehension", scope, "", scope.class_name), found)
    else:
        _bind(node, scope)
        for child in ast.iter_child_nodes(node):
            _walk(child, scope, found)


def _bind(node: ast.AST, scope: Scope) -> None:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        scope.bound.add(node.id)
    elif isinstance(node, ast.NamedExpr):
        function: Scope = scope
        while function.kind == "comprehension" and function.parent is not None:
            function = function.parent
        function.bound.add(node.target.id)
    elif isinstance(node, ast.Global):
        scope.global_.update(node.names)
    elif isinstance(node, ast.Nonlocal):
        scope.nonlocal_.update(node.names)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        scope.bound.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif (isinstance(node, ast.ExceptHandler) and node.name) or (
        isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name
    ):
        scope.bound.add(node.name)
    elif isinstance(node, ast.MatchMapping) and node.rest:
        scope.bound.add(node.rest)


def _arguments(arguments: ast.arguments) -> "Iterator[ast.arg]":
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    for more in (arguments.vararg, arguments.kwarg):
        if more is not None:
            yield more


def names_bound_in(statements: "list[ast.stmt]") -> "set[str]":
    """Names that these statements may bind, functions and classes in them left out."""
    bound = Scope("function", None)
    found: "dict[ast.AST, Scope]" = {}
    for statement in statements:
        _walk(statement, bound, found)
    return bound.bound


frames.step_over(globals(), ours=True)

"""Which bare names several tasks can see and change: variables of a module or of a function that inner functions use.

A name is one when it is bound more than once (by `global`, by `nonlocal`, in a loop, by `x += 1`), or only after
something was started, and another function than its own uses it.  Attributes and items are not names.
"""

import ast
from typing import Any

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_STARTERS = {"start", "submit", "map", "create_task", "start_new_thread"}


class Scope:
    def __init__(self, node: ast.AST, parent: "Scope | None") -> None:
        self.node = node
        self.parent = parent
        self.is_class = isinstance(node, ast.ClassDef)
        self.is_comprehension = isinstance(node, COMPREHENSIONS)
        self.depth: int = parent.depth + 1 if parent else 0
        self.bound: set[str] = set()
        self.declared: dict[str, str] = {}  # name → global, nonlocal
        self.started = False

    def owner_of(self, name: str) -> "Scope":
        scope: Scope | None = self
        how = self.declared.get(name)
        while scope is not None and scope.parent is not None:
            skipped = (scope is self and how) or (scope is not self and scope.is_class)
            if not skipped and how != "global":
                if scope.declared.get(name) == "global":
                    how = "global"
                elif name in scope.bound and name not in scope.declared:
                    return scope
            scope = scope.parent
        assert scope is not None
        return scope


class Variables(ast.NodeVisitor):
    """The scopes of a module, and its shared variables as (scope, name)."""

    def __init__(self, tree: ast.Module, stored: "frozenset[str] | set[str]" = frozenset()) -> None:
        """`stored`: variables of modules that other modules of the program set."""
        self.stored = stored
        self.scopes: dict[ast.AST, Scope] = {}
        self._uses: list[tuple[Scope, str, int, bool]] = []  # where, name, how often it binds, after a start
        self._scope = self.scopes[tree] = Scope(tree, None)
        self._loops = 0
        for statement in tree.body:
            self.visit(statement)
        self.shared: set[tuple[Scope, str]] = self._found()

    def _found(self) -> "set[tuple[Scope, str]]":
        binds: dict[tuple[Scope, str], int] = {}
        users: dict[tuple[Scope, str], set[Scope]] = {}
        late: set[tuple[Scope, str]] = set()
        for scope, name, times, after in self._uses:
            variable = (scope.owner_of(name), name)
            binds[variable] = binds.get(variable, 0) + times
            function: Scope | None = scope
            while function is not None and function.is_comprehension and function is not variable[0]:
                function = function.parent
            users.setdefault(variable, set()).add(function or scope)
            if times and after:
                late.add(variable)
        return {
            variable
            for variable, scopes in users.items()
            if not variable[0].is_class
            and (
                (scopes - {variable[0]} and (binds[variable] > 1 or variable in late))
                or (variable[0].parent is None and variable[1] in self.stored)
            )
        }

    def _use(self, name: str, times: int) -> None:
        if times:
            scope = self._scope
            while scope.is_comprehension and times > 1 and scope.parent:  # := binds outside
                scope = scope.parent
            scope.bound.add(name)
        self._uses.append((self._scope, name, times * (2 if self._loops else 1), self._scope.started))

    # -- scopes

    def _inside(self, node: ast.AST, parts: "list[Any]") -> None:
        saved, loops = self._scope, self._loops
        self._scope = self.scopes[node] = Scope(node, saved)
        self._loops = 0
        for part in parts:
            self.visit(part)
        self._scope, self._loops = saved, loops

    def visit_FunctionDef(self, node: Any) -> None:
        for part in [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]:
            self.visit(part)
        self._use(node.name, 1)
        self._inside(node, [*_parameters(node.args), *node.body])

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for part in [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]:
            self.visit(part)
        self._inside(node, [*_parameters(node.args), node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]:
            self.visit(part)
        self._use(node.name, 1)
        self._inside(node, node.body)

    def _comprehension(self, node: Any) -> None:
        self._inside(node, list(ast.iter_child_nodes(node)))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815

    # -- uses

    def visit_arg(self, node: ast.arg) -> None:
        self._use(node.arg, 1)

    def visit_Name(self, node: ast.Name) -> None:
        self._use(node.id, 0 if isinstance(node.ctx, ast.Load) else 1)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._use(node.target.id, 2)
            self.visit(node.value)
        else:
            self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._use(node.target.id, 2)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_Global(self, node: ast.Global) -> None:
        self._scope.declared.update(dict.fromkeys(node.names, "global"))

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self._scope.declared.update(dict.fromkeys(node.names, "nonlocal"))

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._use(node.name, 1)
        self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        self._use(node.asname or node.name.split(".")[0], 1)

    def visit_For(self, node: Any) -> None:
        self.visit(node.iter)
        self._loops += 1
        for part in [node.target, *node.body, *node.orelse]:
            self.visit(part)
        self._loops -= 1

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_While(self, node: ast.While) -> None:
        self._loops += 1
        self.generic_visit(node)
        self._loops -= 1

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _STARTERS:
            self._scope.started = True


def _parameters(args: ast.arguments) -> "list[ast.arg]":
    extra = [arg for arg in (args.vararg, args.kwarg) if arg is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *extra]


def stored_in_modules(tree: ast.Module) -> "set[str]":
    """Names that are set as attributes of something imported: `config.n += 1`."""
    imported = {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and not isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id in imported
    }

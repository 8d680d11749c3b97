"""Rewrites the accesses of shared variables in a program's syntax tree, so that lost updates become facts.

What can lose an update is a read whose value flows into a write of the same variable: `x += e`, `x = f(x)`,
or `old = x; ...; x = old + 1`, where x is a module global (declared `global` in a function), an attribute
(`account.balance`) or, augmented only, an item (`counts[key]`).  A variable without such a pair anywhere in
the module is left alone, and so is the whole module when there is none.

    x += e           ->  x = W.write(iadd(W.read(x), e))
    old = x          ->  old = W.read(x)
    x = old + 1      ->  x = W.write(old + 1)
    x = 0            ->  x = W.set(0)           a write that no read flows into: never stale
    self.n += e      ->  self.n = W.write_of(iadd(W.read_of(self.n, self), e), self)
    a.b.n += e       ->  t = a.b; then as above on t        (evaluated once, as before)

Values, order of evaluation and positions stay what they were.  Constructs that cannot be rewritten safely
(tuple targets, `del`, closures' variables, class bodies, ...) are left alone: their writes are noticed by the
next read, which finds a value that nobody is known to have written.
"""

import ast
import copy
import itertools
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from . import frames

OPERATORS = "__syncscope_operators__"
"""Name, found as a builtin by the rewritten code, of the in-place operators."""

_OPERATORS = {
    ast.Add: "iadd", ast.Sub: "isub", ast.Mult: "imul", ast.Div: "itruediv", ast.FloorDiv: "ifloordiv",
    ast.Mod: "imod", ast.Pow: "ipow", ast.LShift: "ilshift", ast.RShift: "irshift", ast.BitOr: "ior",
    ast.BitXor: "ixor", ast.BitAnd: "iand", ast.MatMult: "imatmul",
}  # fmt: skip
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_serial = itertools.count(1).__next__
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.ClassDef)
Function = Any  # ast.FunctionDef or ast.AsyncFunctionDef


@dataclass(frozen=True)
class Site:
    """One watched name of a module: kind is `global`, `attribute` or `item`."""

    kind: str
    name: str


@dataclass
class Rewritten:
    code: CodeType
    watches: "dict[Site, str]"  # the builtin name of each site's W


@dataclass
class _Flow:
    """What one function does: for each variable, whether a read of it flows into a write of it."""

    paired: "set[str]" = field(default_factory=set)  # keys of variables
    tainted: "dict[str, set[str]]" = field(default_factory=dict)  # local name -> keys it may come from


def rewrite(source: "bytes | str", path: str) -> "Rewritten | None":
    """The module with its candidates watched; None when it has none.  Raises SyntaxError as compile does."""
    tree = ast.parse(source, path)
    flows = {f: _flow(f) for f in ast.walk(tree) if isinstance(f, _FUNCTIONS)}
    names = {key for flow in flows.values() for key in flow.paired}
    if not names:
        return None
    rewriter = _Rewriter(flows, {_name_of(key) for key in names})
    tree = rewriter.visit(tree)
    ast.fix_missing_locations(tree)
    return Rewritten(compile(tree, path, "exec", dont_inherit=True), rewriter.watches)


def _name_of(key: str) -> str:
    """Global `x` -> `x`; attribute `self.x` -> `.x`; item `d[k]` -> `[d]`."""
    if key.startswith("["):
        return key
    _, dot, attribute = key.rpartition(".")
    return dot + attribute if dot else key


def _own_nodes(node: ast.AST) -> "list[ast.AST]":
    """All nodes below `node`, without the bodies of the functions and classes in it."""
    found: "list[ast.AST]" = []
    todo = list(ast.iter_child_nodes(node))
    while todo:
        child = todo.pop()
        found.append(child)
        if not isinstance(child, _SCOPES):
            todo.extend(ast.iter_child_nodes(child))
    return found


def _is_plain(node: ast.AST) -> bool:
    """A name, or a chain of attributes of a name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _key(node: ast.AST, shared: "set[str]") -> "str | None":
    """How a watched variable is told: `x`, `self.x`, `account.owner.x`."""
    if isinstance(node, ast.Name):
        return node.id if node.id in shared else None
    if isinstance(node, ast.Attribute) and _is_plain(node):
        return ast.unparse(node)
    return None


def _declared_global(function: Function) -> "set[str]":
    return {name for n in _own_nodes(function) if isinstance(n, ast.Global) for name in n.names}


def _reads(node: ast.AST, shared: "set[str]") -> "set[str]":
    nodes = [node, *_own_nodes(node)] if not isinstance(node, _SCOPES) else []
    loads = [n for n in nodes if isinstance(getattr(n, "ctx", None), ast.Load)]
    return {key for n in loads if (key := _key(n, shared)) is not None}


def _names(node: ast.AST) -> "set[str]":
    return {n.id for n in [node, *_own_nodes(node)] if isinstance(n, ast.Name)}


def _flow(function: Function) -> _Flow:
    flow = _Flow()
    shared = _declared_global(function)
    nodes = _own_nodes(function)
    assigns = [(t, n.value) for n in nodes if isinstance(n, ast.Assign) for t in n.targets]
    assigns += [(n.target, n.value) for n in nodes if isinstance(n, ast.AnnAssign) and n.value is not None]
    assigns += [(n.target, n.value) for n in nodes if isinstance(n, ast.NamedExpr)]
    changed = True
    while changed:  # until no local name learns of another source
        changed = False
        for target, value in assigns:
            if isinstance(target, ast.Name) and target.id not in shared:
                sources = flow.tainted.setdefault(target.id, set())
                new = _sources(value, shared, flow)
                if not new <= sources:
                    sources |= new
                    changed = True
    for target, value in assigns:
        key = _key(target, shared)
        if key is not None and key in _sources(value, shared, flow):
            flow.paired.add(key)
    for n in nodes:
        if isinstance(n, ast.AugAssign):
            key = _key(n.target, shared)
            if key is not None:
                flow.paired.add(key)
            elif isinstance(n.target, ast.Subscript) and _is_plain(n.target.value):
                flow.paired.add(f"[{ast.unparse(n.target.value)}]")
    return flow


def _sources(value: ast.AST, shared: "set[str]", flow: _Flow) -> "set[str]":
    found = _reads(value, shared)
    for name in _names(value):
        found |= flow.tainted.get(name, set())
    return found


class _Rewriter(ast.NodeTransformer):
    def __init__(self, flows: "dict[Any, _Flow]", names: "set[str]") -> None:
        self.watches: "dict[Site, str]" = {}
        self._flows = flows
        self._names = names
        self._flow = _Flow()
        self._shared: "set[str]" = set()
        self._depth = 0  # of functions
        self._in_class = False
        self._name = ""
        self._wanted: "set[str]" = set()  # keys whose reads are to be watched in the present expression

    # -- scopes

    def _function(self, node: Any) -> Any:
        saved = (self._flow, self._shared, self._depth, self._in_class, self._name, self._wanted)
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        self._flow, self._shared = self._flows[node], _declared_global(node)
        self._depth, self._in_class, self._name, self._wanted = self._depth + 1, False, node.name, set()
        node.body = self._block(node.body)
        self._flow, self._shared, self._depth, self._in_class, self._name, self._wanted = saved
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _function  # noqa: N815

    def _block(self, body: "list[ast.stmt]") -> "list[ast.stmt]":
        result: "list[ast.stmt]" = []
        for statement in body:
            new = self.visit(statement)
            result.extend(new if isinstance(new, list) else [new])
        return result

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        saved = (self._in_class, self._wanted)
        self._in_class, self._wanted = True, set()
        node.body = self._block(node.body)
        self._in_class, self._wanted = saved
        return node

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        return node

    # -- reads

    def visit_Name(self, node: ast.Name) -> Any:
        if isinstance(node.ctx, ast.Load) and node.id in self._wanted and node.id in self._shared:
            return self._call(Site("global", node.id), "read", [node], node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        if isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
            if _key(node, self._shared) in self._wanted:
                base = ast.copy_location(ast.Name(node.value.id, ast.Load()), node.value)
                return self._call(Site("attribute", node.attr), "read_of", [node, base], node)
        elif isinstance(node.ctx, ast.Load) and _is_plain(node):
            return node  # a.b.c: not evaluated twice, so not watched as a read of its own
        self.generic_visit(node)
        return node

    # -- writes

    def visit_Assign(self, node: ast.Assign) -> Any:
        if len(node.targets) != 1:
            return node
        node.value = self._assigned(node.targets[0], node.value, node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is not None:
            node.value = self._assigned(node.target, node.value, node)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        node.value = self._assigned(node.target, node.value, node)
        return node

    def _assigned(self, target: ast.AST, value: ast.expr, node: ast.AST) -> Any:
        """The value with its reads watched and, for a watched target, the write."""
        if not self._depth or self._in_class:
            return value
        key = _key(target, self._shared)
        outer = self._wanted
        if isinstance(target, ast.Name) and target.id not in self._shared:
            # a local name that the value flows through, on its way to a write of what was read
            self._wanted = outer | (self._flow.tainted.get(target.id, set()) & self._flow.paired)
            value = self.visit(value)
            self._wanted = outer
            return value
        paired = key is not None and key in self._flow.paired
        if paired and key is not None and key in _sources(value, self._shared, self._flow):
            self._wanted = outer | {key}
            value = self.visit(value)
            self._wanted = outer
            return self._written(target, value, "write", node)
        value = self.visit(value)
        if key is not None and _name_of(key) in self._names and self._name != "__init__":
            return self._written(target, value, "set", node)
        return value

    def _written(self, target: ast.AST, value: ast.expr, how: str, node: ast.AST) -> ast.expr:
        if isinstance(target, ast.Name):
            return self._call(Site("global", target.id), how, [value], node)
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            # the owner is evaluated after the value, as Python does for a plain assignment
            owner = ast.copy_location(ast.Name(target.value.id, ast.Load()), node)
            return self._call(Site("attribute", target.attr), f"{how}_of", [value, owner], node)
        return value

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        if self._in_class or (not self._depth and not isinstance(node.target, ast.Name)):
            return node
        operator = _OPERATORS[type(node.op)]
        value = self.visit(node.value)
        target: Any = node.target
        if isinstance(target, ast.Name):
            shared = target.id in self._shared if self._depth else True
            if not shared or target.id not in self._names:
                node.value = value
                return node
            site = Site("global", target.id)
            old = self._call(site, "read", [self._at(ast.Name(target.id, ast.Load()), target)], target)
            new = self._call(site, "write", [self._operate(operator, old, value, node)], node)
            return self._at(ast.Assign([target], new), node)
        if not _is_plain(target.value) or any(isinstance(n, ast.NamedExpr) for n in ast.walk(value)):
            node.value = value
            return node
        before: "list[ast.stmt]" = []
        owner = self._once(target.value, node, before, "owner")
        if isinstance(target, ast.Attribute):
            site = Site("attribute", target.attr)
            load: Any = ast.Attribute(owner(), target.attr, ast.Load())
            store: Any = ast.Attribute(owner(), target.attr, ast.Store())
            extra: "list[ast.expr]" = []
        else:
            site = Site("item", ast.unparse(target.value))
            index = self._once(target.slice, node, before, "key")
            load = ast.Subscript(owner(), index(), ast.Load())
            store = ast.Subscript(owner(), index(), ast.Store())
            extra = [index()]
        self._at(load, target), self._at(store, target)
        old = self._call(site, "read_of", [load, owner(), *extra], target)
        new = self._call(site, "write_of", [self._operate(operator, old, value, node), owner(), *extra], node)
        assign = self._at(ast.Assign([store], new), node)
        return [*before, assign] if before else assign

    def _once(self, node: ast.expr, at: ast.AST, before: "list[ast.stmt]", what: str) -> Any:
        """A maker of loads of `node` that evaluate it once: itself if a bare local name or constant."""
        if isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and self._is_local(node.id)):
            return lambda: self._at(copy.deepcopy(node), node)
        name = f"__syncscope_{what}__"
        before.append(self._at(ast.Assign([ast.Name(name, ast.Store())], node), at))
        return lambda: self._at(ast.Name(name, ast.Load()), node)

    def _is_local(self, name: str) -> bool:
        return name == "self" and name not in self._shared

    # -- nodes

    def _at(self, node: Any, at: ast.AST) -> Any:
        return ast.fix_missing_locations(ast.copy_location(node, at))

    def _operate(self, operator: str, old: ast.expr, value: ast.expr, at: ast.AST) -> ast.expr:
        function = ast.Attribute(ast.Name(OPERATORS, ast.Load()), operator, ast.Load())
        call: ast.expr = self._at(ast.Call(function, [old, value], []), at)
        return call

    def _call(self, site: Site, method: str, args: "list[ast.expr]", at: ast.AST) -> ast.expr:
        watch = self.watches.get(site)
        if watch is None:
            watch = self.watches[site] = f"__syncscope_watch_{_serial()}__"
        function = ast.Attribute(ast.Name(watch, ast.Load()), method, ast.Load())
        call: ast.expr = self._at(ast.Call(function, args, []), at)
        return call


frames.step_over(globals(), ours=True)

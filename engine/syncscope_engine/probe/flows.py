"""Finds the writes of shared variables whose value comes from a read of the same variable.

Only such a pair can lose an update: `x += e`, `x = f(x)`, or `old = x; ...; x = old + 1`, where x is a module
global that a function declares, an attribute (`account.balance`) or an item (`counts[key]`).  The pairs are
found by walking each function in the order in which it runs.  For every local name it is known from which
reads its value comes, on *every* path that leads to the write: a name that may have been bound anew in
between does not count.  What is handed on unchanged (`old = x; ...; x = old`) is not an update.
"""

import ast
from typing import Any

from . import frames
from .expressions import Values
from .scopes import FUNCTIONS, Scope, names_bound_in, scopes_of
from .shared_keys import Key, chain, key_of
from .taints import Env, Source, copy, joined, merged, without


class Flows:
    """feeds: assignment -> reads of the same variable that its value comes from.  keys: read -> variable.
    globals_, attributes (as stored: private names are mangled), items (source texts of containers): what can
    lose updates."""

    def __init__(self, scopes: "dict[ast.AST, Scope]") -> None:
        self.scopes = scopes
        self.feeds: "dict[ast.AST, frozenset[ast.AST]]" = {}
        self.keys: "dict[ast.AST, Key]" = {}
        self.globals_: "set[str]" = set()
        self.attributes: "set[str]" = set()
        self.items: "set[str]" = set()

    def __bool__(self) -> bool:
        return bool(self.globals_ or self.attributes or self.items)


def flows_of(tree: ast.Module) -> Flows:
    flows = Flows(scopes_of(tree))
    declared = {name for scope in flows.scopes.values() for name in scope.global_}
    for node, scope in flows.scopes.items():
        if isinstance(node, (*FUNCTIONS, ast.Module)) and (scope.stores or scope.parent is None):
            _Walk(scope, flows, declared).block(node.body, {})
    return flows


class _Walk(Values):
    """Walks one function, or the module, in the order of execution."""

    def __init__(self, scope: Scope, flows: Flows, declared: "set[str]") -> None:
        super().__init__(scope)
        self.flows = flows
        self.declared = declared  # names that some function declares `global`
        self.silent = 0  # inside a loop that is walked to find out what holds on every turn
        self.leaving: "list[tuple[list[Env], list[Env]]]" = []  # loops: (at continue, at break)

    # -- what is found

    def update(self, statement: ast.AST, target: ast.expr, source: Source) -> None:
        if not self.silent:
            key = key_of(target, self.scope)
            assert key is not None
            self.flows.feeds[statement] = source.reads
            self.flows.keys.update(dict.fromkeys(source.reads, key))
            self.candidate(target)

    def candidate(self, target: ast.expr) -> None:
        """The variable behind `target` is one that can lose updates; the module's own body runs but once."""
        if self.scope.kind == "module":
            return
        if isinstance(target, ast.Name):
            if self.scope.is_global(target.id) and target.id in self.declared:
                self.flows.globals_.add(target.id)
        elif isinstance(target, ast.Attribute):
            self.flows.attributes.add(self.scope.mangled(target.attr))
        elif isinstance(target, ast.Subscript) and chain(target.value):
            self.flows.items.add(chain(target.value))

    # -- statements

    def block(self, body: "list[ast.stmt]", env: "Env | None") -> "Env | None":
        self.env = env
        for statement in body:
            if self.env is None:
                break
            self.statement(statement)
        return self.env

    def statement(self, node: ast.stmt) -> None:
        method = getattr(self, f"on_{type(node).__name__.lower()}", None)
        if method is not None:
            method(node)
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.value(child)
            if not isinstance(node, (ast.Expr, ast.Assert)):
                for name in names_bound_in([node]):
                    self.forget(name)

    def on_assign(self, node: ast.Assign) -> None:
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Tuple):
            self.unpack(node.targets[0], node.value)
            return
        taint = self.value(node.value)
        for target in node.targets:
            self.assign(target, taint, node if len(node.targets) == 1 else None)

    def on_annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.value(node.value), node)

    def on_augassign(self, node: ast.AugAssign) -> None:
        target = node.target
        old = self.value(_as_load(target))
        taint = joined(old, self.value(node.value))
        if not self.silent:
            self.candidate(target)
        if isinstance(target, ast.Name) and not self.scope.is_global(target.id):
            self.bind(target.id, taint)
        else:
            self.forget_owner(target)

    def on_if(self, node: ast.If) -> None:
        self.value(node.test)
        before = copy(self.env)
        after = self.block(node.body, copy(before))
        self.env = merged(after, self.block(node.orelse, before))

    def on_while(self, node: ast.While) -> None:
        self.loop(node, None, node.test)

    def on_for(self, node: "ast.For | ast.AsyncFor") -> None:
        self.value(node.iter)
        self.loop(node, node.target, None)

    on_asyncfor = on_for

    def loop(self, node: Any, target: "ast.expr | None", test: "ast.expr | None") -> None:
        entry = copy(self.env)
        self.silent += 1
        for _ in range(8):
            at_end, _ = self.turn(node, target, test, copy(entry))
            again = merged(copy(entry), at_end)
            if again == entry:
                break
            entry = again
        else:
            entry = {}
        self.silent -= 1
        at_end, breaks = self.turn(node, target, test, copy(entry))
        self.env = merged(copy(entry), at_end)
        if test is not None:
            self.value(test)
        after = self.block(node.orelse, self.env)
        for env in breaks:
            after = merged(after, env)
        self.env = after

    def turn(
        self, node: Any, target: "ast.expr | None", test: "ast.expr | None", env: "Env | None"
    ) -> "tuple[Env | None, list[Env]]":
        """One turn of a loop: (what holds at its end, what holds at each `break`)."""
        self.leaving.append(([], []))
        self.env = env
        if test is not None:
            self.value(test)
        if target is not None:
            self.assign(target, {}, None)
        end = self.block(node.body, self.env)
        continues, breaks = self.leaving.pop()
        for other in continues:
            end = merged(end, other)
        return end, breaks

    def on_continue(self, node: ast.Continue) -> None:
        if self.leaving and self.env is not None:
            self.leaving[-1][0].append(self.env)
        self.env = None

    def on_break(self, node: ast.Break) -> None:
        if self.leaving and self.env is not None:
            self.leaving[-1][1].append(self.env)
        self.env = None

    def on_try(self, node: Any) -> None:
        anywhere = without(self.env, names_bound_in(node.body))
        end = self.block(node.body, copy(self.env))
        if end is not None:
            end = self.block(node.orelse, end)
        for handler in node.handlers:
            self.env = copy(anywhere)
            if handler.type is not None:
                self.value(handler.type)
            if handler.name:
                self.forget(handler.name)
            end = merged(end, self.block(handler.body, self.env))
        if node.finalbody:
            bound = names_bound_in([*node.orelse, *(s for h in node.handlers for s in h.body)])
            reached = end is not None
            start = end if reached else without(anywhere, bound)
            end = self.block(node.finalbody, start)
            end = end if reached else None
        self.env = end

    on_trystar = on_try

    def on_with(self, node: "ast.With | ast.AsyncWith") -> None:
        for item in node.items:
            self.value(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, {}, None)
        self.block(node.body, self.env)

    on_asyncwith = on_with

    def on_match(self, node: ast.Match) -> None:
        self.value(node.subject)
        result = copy(self.env)
        for case in node.cases:
            env = without(self.env, names_bound_in([ast.Match(node.subject, [case])]))
            self.env = copy(env)
            if case.guard is not None:
                self.value(case.guard)
            result = merged(result, self.block(case.body, self.env))
            self.env = env
        self.env = result

    def on_return(self, node: "ast.Return | ast.Raise") -> None:
        for child in ast.iter_child_nodes(node):
            self.value(child)
        self.env = None

    on_raise = on_return

    def on_functiondef(self, node: Any) -> None:
        self.forget(node.name)

    on_asyncfunctiondef = on_classdef = on_functiondef


def _as_load(target: ast.expr) -> ast.expr:
    """A target as an expression that reads it."""
    return ast.parse(ast.unparse(target), mode="eval").body


frames.step_over(globals(), ours=True)

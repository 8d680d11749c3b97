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

from .access import Hooks
from .line_points import Lines
from .tree_blocks import Accesses
from .tree_nodes import HOOKS
from .variables import Variables

__all__ = ["HOOKS", "instrument"]


def instrument(tree: ast.Module, hooks: Hooks, granularity: str, stored: "set[str]") -> int:
    """Changes the tree in place; returns how many statements are not scheduling points although they might be."""
    hooks.unknown += [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _is_memoised(node)
    ]
    if granularity == "line":
        Lines(hooks).visit(tree)
    else:
        Accesses(hooks, Variables(tree, stored)).visit(tree)
    ast.fix_missing_locations(tree)
    return len(hooks.unknown)


_MEMOISING = frozenset({"lru_cache", "cache", "cached_property"})
"""What tasks share in the memory of these is not announced: a call that finds its answer there makes no point."""


def _is_memoised(node: ast.FunctionDef) -> bool:
    for decorator in node.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")
        if name in _MEMOISING:
            return True
    return False

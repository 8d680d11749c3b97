"""How the source of a function tells a variable that several tasks may share."""

import ast
from typing import NamedTuple

from . import frames
from .scopes import Scope

GLOBAL, ATTRIBUTE, ITEM = "global", "attribute", "item"


class Key(NamedTuple):
    """A variable as a function's source names it: `x`, `self.n` (base self), `counts[k]` (base counts)."""

    kind: str
    name: str  # of the global or the attribute; source text of an item's key
    base: str = ""  # source text of the owner


def key_of(node: ast.AST, scope: Scope) -> "Key | None":
    """The variable that an expression reads or writes, if it is one that could be watched."""
    if isinstance(node, ast.Name):
        return Key(GLOBAL, node.id) if scope.is_global(node.id) else None
    if isinstance(node, ast.Attribute):
        base = chain(node.value)
        return Key(ATTRIBUTE, scope.mangled(node.attr), base) if base else None
    if isinstance(node, ast.Subscript):
        base, name = chain(node.value), simple(node.slice)
        return Key(ITEM, name, base) if base and name else None
    if isinstance(node, ast.Call) and is_get(node):
        assert isinstance(node.func, ast.Attribute)
        return Key(ITEM, simple(node.args[0]), chain(node.func.value))
    return None


def chain(node: ast.AST) -> str:
    """Source text of a name or of attributes of a name, `self.bank.till`; empty for all else."""
    attributes: "list[str]" = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(attributes)]) if isinstance(node, ast.Name) else ""


def simple(node: ast.AST) -> str:
    """Source text of an item's key that can be evaluated twice, a constant or a name; empty for all else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int, bytes, bool, type(None))):
        return repr(node.value)
    return ""


def is_get(node: ast.AST) -> bool:
    """`counts.get(key, default)`"""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and bool(chain(node.func.value))
        and len(node.args) in (1, 2)
        and not node.keywords
        and bool(simple(node.args[0]))
    )


def names_of(key: Key) -> "tuple[str, ...]":
    """Names through which a variable is told."""
    if key.kind == GLOBAL:
        return ()
    root = key.base.partition(".")[0]
    return (root, key.name) if key.kind == ITEM and key.name.isidentifier() else (root,)


frames.step_over(globals(), ours=True)

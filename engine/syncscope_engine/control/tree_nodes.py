"""Parts of syntax trees, for `rewriting`."""

import ast
from typing import Any

HOOKS = "_syncscope"
HIDDEN = "_syncscope_"
READERS = {
    "len", "list", "tuple", "sorted", "sum", "min", "max", "any", "all", "set", "dict", "str", "repr", "enumerate",
    "zip", "bool", "frozenset", "reversed", "print", "map", "filter", "iter", "bytes",
}  # fmt: skip
PLAIN = {
    "super", "locals", "dir", "isinstance", "issubclass", "range", "int", "float", "id", "type", "callable", "object",
    "property", "staticmethod", "classmethod", "open", "input", "abs", "round", "divmod", "chr", "ord", "hash",
    "Exception", "ValueError", "RuntimeError", "AssertionError", "TypeError", "KeyError", "IndexError", "StopIteration",
}  # fmt: skip
UNKNOWN = {"exec", "eval", "globals", "vars"}
KNOWN = READERS | PLAIN | UNKNOWN | {"getattr", "hasattr", "setattr", "delattr", "next"}
FRESH = (
    ast.Constant, ast.JoinedStr, ast.Lambda, ast.BinOp, ast.Compare, ast.List, ast.Dict, ast.Set, ast.Tuple,
    ast.ListComp, ast.SetComp, ast.DictComp,
)  # fmt: skip
JOINING = (ast.Add, ast.Sub, ast.Mult, ast.BitOr, ast.BitAnd, ast.BitXor)


def placed(node: Any, at: Any) -> Any:
    return ast.copy_location(node, at)


def line_of(node: Any) -> int:
    line: int = node.lineno
    return line


def text_of(node: Any) -> str:
    try:
        return ast.unparse(node)
    except Exception:  # a part that is rewritten already
        return ""


def is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float, complex))


def sliced(key: Any) -> Any:
    """A slice as an argument."""
    if isinstance(key, ast.Slice):
        parts = [part or ast.Constant(None) for part in (key.lower, key.upper, key.step)]
        function = ast.Attribute(ast.Name(HOOKS, ast.Load()), "slice", ast.Load())
        return placed(ast.Call(function, parts, []), key)
    if isinstance(key, ast.Tuple):
        key.elts = [sliced(part) for part in key.elts]
    return key

"""What the program calls the objects that it makes: `lock`, `full`, `forks[2]`."""

import ast
from typing import Any

_MANY = (ast.ListComp, ast.List, ast.DictComp, ast.SetComp, ast.GeneratorExp)


def names_in(tree: ast.Module, path: str) -> "dict[tuple[str, int], list[str]]":
    """(file, line) → the names of what is made there, in the order in which it is made."""
    names: "dict[tuple[str, int], list[str]]" = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            for one, value in _pairs(target, node.value):
                call = next((part for part in ast.walk(value) if isinstance(part, ast.Call)), None)
                name = _name(one)
                if call is not None and name:
                    name += "[]" if isinstance(value, _MANY) else ""
                    names.setdefault((path, call.lineno), []).append(name)
    return names


def name_of(names: "list[str]", count: int) -> str:
    """Of the object that is made at a line as the `count`th."""
    name, turn = names[count % len(names)], count // len(names)
    if name.endswith("[]"):
        return f"{name[:-1]}{turn}]"
    return f"{name}#{turn + 1}" if turn else name


def _pairs(target: Any, value: Any) -> "list[tuple[Any, Any]]":
    several = (ast.Tuple, ast.List)
    if isinstance(target, several) and isinstance(value, several) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts))  # noqa: B905 - as long as each other
    return [(target, value)]


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript):
        return ast.unparse(target.value) + "[]"
    return ""

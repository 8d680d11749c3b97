"""What the program calls the objects that it makes: `lock`, `self.full`, `forks[2]`."""

import ast

_MANY = (ast.ListComp, ast.List, ast.Tuple, ast.DictComp, ast.SetComp)


def names_in(tree: ast.Module, path: str) -> "dict[tuple[str, int], str]":
    """(file, line) → name."""
    names: dict[tuple[str, int], str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        calls = [part for part in ast.walk(value) if isinstance(part, ast.Call)]
        if not calls:
            continue
        name = _name(target)
        if not name:
            continue
        if isinstance(value, _MANY):
            name += "[]"
        for call in calls:
            names.setdefault((path, call.lineno), name)
    return names


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript):
        return ast.unparse(target.value) + "[]"
    return ""

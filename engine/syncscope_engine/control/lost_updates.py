"""Updates that are lost: a value was computed from a variable, and written after somebody else had written it.

Which writes are computed from the variable itself is taken from the source: `x += 1`, `x = f(x)`, and `old = x` with
`x = f(old)` later in the same function.  Whether somebody else wrote meanwhile is a fact of the execution.
"""

import ast
from typing import Any

from .execution import Result


class LostUpdates:
    def __init__(self) -> None:
        self._writes: set[tuple[str, int]] = set()

    def learn(self, tree: ast.AST, file: str) -> None:
        """The lines of a module that write what is computed from the same variable."""
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)):
                self._function(node, file)

    def _function(self, function: Any, file: str) -> None:
        sources: dict[str, set[str]] = {}  # local name → the variables that its value comes from
        for node in _in_order(function):
            if isinstance(node, ast.AugAssign):
                self._writes.add((file, node.lineno))
                continue
            targets, value = _assignment(node)
            if value is None:
                continue
            used = {
                ast.unparse(part)
                for part in ast.walk(value)
                if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript))
            }
            for name in list(used):
                used |= sources.get(name, set())
            for target in targets:
                text = ast.unparse(target)
                if text in used:
                    self._writes.add((file, node.lineno))
                if isinstance(target, ast.Name):
                    sources[text] = used - {text}

    def mark(self, result: Result) -> Result:
        """An execution that went well, but lost an update, did not go well."""
        if result.outcome != "finished" or not self._writes:
            return result
        read: dict[tuple[int, int], int] = {}
        wrote: dict[int, list[tuple[int, int]]] = {}
        for n, (task, operation, _) in enumerate(result.steps):
            key = operation.key
            if operation.kind == "read":
                read[task, key] = n
            elif operation.kind == "write":
                since = read.get((task, key))
                place = (operation.file, operation.line)
                if since is not None and place in self._writes:
                    others = wrote.get(key, ())
                    if any(step > since and other != task for step, other in others):
                        result.outcome = "lost_update"
                        result.error = operation.what
                        result.where = place
                        return result
                wrote.setdefault(key, []).append((n, task))
        return result


def _in_order(function: Any) -> "list[ast.stmt]":
    """The statements of a function as they are written, without those of functions inside."""
    found: list[ast.stmt] = []
    todo = list(function.body)
    while todo:
        node = todo.pop(0)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        found.append(node)
        inside = [
            part
            for part in ast.iter_child_nodes(node)
            if isinstance(part, (ast.stmt, ast.ExceptHandler, ast.match_case))
        ]
        statements: list[Any] = []
        for part in inside:
            statements += [part] if isinstance(part, ast.stmt) else part.body
        todo = statements + todo
    return found


def _assignment(node: ast.stmt) -> "tuple[list[ast.expr], ast.expr | None]":
    if isinstance(node, ast.Assign):
        return node.targets, node.value
    if isinstance(node, ast.AnnAssign):
        return [node.target], node.value
    return [], None

"""What the program's source says about a line: is it part of a clean-up, are there time limits.

Sources are read from disk, once; of a file that cannot be read nothing is known, and whoever asks has to
be content with that.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from ..tables import Tables

_LIMITS = frozenset({"timeout", "timeout_at", "wait_for", "wait", "move_on_after", "fail_after"})


class Source:
    def __init__(self, tree: ast.AST) -> None:
        self._cleanups: list[tuple[int, int]] = []
        self.functions: dict[str, list[ast.AST]] = {}
        self.cleanup_calls: set[str] = set()
        self.calls: set[str] = set()
        self.entries: set[int] = set()
        """Lines on which an `async with` is entered, which are also those on which it is left."""
        self.constant_stores: set[int] = set()
        """Lines that store a constant: `stop = True`, `counter = 0`."""
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.AsyncWith):
                self.entries.update(range(node.lineno, max(node.body[0].lineno, node.lineno + 1)))
            elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
                self.constant_stores.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            elif isinstance(node, ast.Try | ast.TryStar):
                for statement in [*(s for h in node.handlers for s in h.body), *node.finalbody]:
                    self._cleanups.append((statement.lineno, statement.end_lineno or statement.lineno))
                    self.cleanup_calls |= called(statement)
        self.calls = called(tree)

    def is_cleanup(self, line: int) -> bool:
        """Is the line in the body of an `except` or a `finally`?"""
        return any(first <= line <= last for first, last in self._cleanups)


def called(node: ast.AST) -> set[str]:
    """Names of the functions and methods that are called in `node`."""
    names = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Name):
                names.add(inner.func.id)
            elif isinstance(inner.func, ast.Attribute):
                names.add(inner.func.attr)
    return names


@lru_cache(maxsize=256)
def source_of(file: str) -> Source | None:
    try:
        with open(file, "rb") as stream:
            return Source(ast.parse(stream.read()))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def sources(tables: Tables) -> Iterator[Source | None]:
    """Of every file that the program has been seen in."""
    for file in dict.fromkeys(place.file for place in list(tables.places.values())):
        yield source_of(file)


def may_time_out(tables: Tables) -> bool:
    """May a wait of an asyncio task be ended by a time limit around it?  Yes, unless all sources are known
    and none of them sets one."""
    known = list(sources(tables))
    return not known or any(source is None or source.calls & _LIMITS for source in known)


def reached_by_cleanup(tables: Tables) -> set[str]:
    """Names of all functions that some clean-up calls, directly or not."""
    known = [source for source in sources(tables) if source is not None]
    reached: set[str] = set()
    todo = set().union(*(source.cleanup_calls for source in known)) if known else set()
    while todo:
        name = todo.pop()
        reached.add(name)
        for source in known:
            for function in source.functions.get(name, ()):
                todo |= called(function) - reached
    return reached

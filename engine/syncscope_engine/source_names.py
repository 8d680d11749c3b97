"""Finds in a program's source what the program does with the value of a call, and so what it calls it.

A call is found by its exact position, or, without one (Python 3.10), by its line and the name of its callee.
"""

import ast
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_LONGEST_SOURCE = 2_000_000
_CONTAINERS = frozenset({"list", "tuple", "set", "frozenset", "deque", "iter", "enter_context", "closing"})
_ADDING = frozenset({"append", "appendleft", "add", "insert", "put", "put_nowait", "push"})
_TRANSPARENT = (ast.Await, ast.Starred, ast.IfExp, ast.BoolOp, ast.FormattedValue)


@dataclass(frozen=True, slots=True)
class Site:
    """A call in the program: where, and in which function (qualified name)."""

    file: str
    line: int
    position: tuple[int, int, int, int] | None = None  # line, end line, column, end column (bytes)
    function: str = ""


class Name(NamedTuple):
    text: str
    plural: bool = False  # the site makes several: each gets a number


RETURNED = Name("")
"""The value goes to the caller."""


class Source:
    def __init__(self, tree: ast.Module) -> None:
        self._parents: dict[ast.AST, ast.AST] = {}
        self._at: dict[tuple[int, int, int, int], ast.expr] = {}
        self._calls: list[ast.Call] = []
        self._functions: dict[str, ast.arguments] = {}
        todo: list[ast.AST] = [tree]
        while todo:
            node = todo.pop()
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
                todo.append(child)
            if isinstance(node, ast.Call):
                self._calls.append(node)
            if isinstance(node, ast.expr):
                place = _position(node)
                if isinstance(node, ast.Call) or place not in self._at:
                    self._at[place] = node
            self._note_parameters(node)

    def _note_parameters(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._functions.setdefault(node.name, node.args)
        elif isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and member.name == "__init__":
                    self._functions.setdefault(node.name, member.args)

    # -- where

    def expression(self, site: Site, callee: str) -> ast.expr | None:
        """The expression that `site` evaluates: a call of `callee`, if the position does not say it exactly."""
        if site.position is not None:
            exact = self._at.get(site.position)
            if exact is not None:
                return exact
            start, end = (site.position[0], site.position[2]), (site.position[1], site.position[3])
            around = [c for c in self._calls if _start(c) <= start and _end(c) >= end]
            # A method call that is spread over lines is reported from its last name on.
            same_end = [c for c in around if _end(c) == end]
            return max(same_end or around, key=_start, default=None)
        candidates = self.calls_on(site.line, callee)
        return candidates[0] if len(candidates) == 1 else None

    def calls_on(self, line: int, callee: str) -> list[ast.Call]:
        """The calls on `line`; those of `callee`, if there are any."""
        on_line = [c for c in self._calls if c.lineno <= line <= (c.end_lineno or c.lineno)]
        names = (callee, f"create_{callee.lower()}")  # loop.create_future() gives a Future
        return [c for c in on_line if _last_name(c.func) in names] or on_line

    # -- what becomes of it

    def describe(self, node: ast.expr, holder: str | None) -> Name | None:
        """The name that the program gives the value of `node`; `RETURNED`; or None: it gives none."""
        if isinstance(node, ast.Subscript):  # made by a look-up: defaultdict(Lock)
            return self._named(node, "", False, holder)
        child: ast.AST = node
        suffix, plural = "", False
        while (parent := self._parents.get(child)) is not None:
            match parent:
                case (
                    ast.Assign(targets=[target, *_])
                    | ast.AnnAssign(target=target)
                    | ast.NamedExpr(target=target)
                ):
                    target, suffix = _unpacked(target, parent.value, child, node, suffix)
                    return self._named(target, suffix, plural, holder)
                case ast.AugAssign(target=collection):
                    return self._named(collection, "", True, holder)
                case ast.withitem(optional_vars=variable):
                    return self._named(variable, suffix, plural, holder) if variable is not None else None
                case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                    suffix, plural = "", True
                case ast.DictComp(key=key):
                    suffix, plural = f"[{ast.unparse(key)}]{suffix}", True
                case ast.Set():
                    plural = True
                case ast.List(elts=items) | ast.Tuple(elts=items):
                    suffix = f"[{_index(items, child)}]{suffix}"
                case ast.Dict(keys=keys, values=values):
                    of = keys[_index(values, child)]
                    suffix = f"[{ast.unparse(of) if of else '…'}]{suffix}"
                case ast.arguments():
                    return Name(_parameter_of_default(parent, child) + suffix, plural)
                case ast.Return():
                    return RETURNED
                case ast.Lambda():
                    if not self._makes_a_field(parent):
                        return RETURNED
                case ast.Expr():
                    return RETURNED if _is_base_init(child) else None
                case ast.keyword(arg=arg):
                    call = self._parents[parent]
                    assert isinstance(call, ast.Call)
                    if _last_name(call.func) == "Condition":
                        return self._lock_of(call, holder)
                    if not (arg == "default_factory" and _last_name(call.func) == "field"):
                        return Name((arg or "**") + suffix, plural)
                    child = call
                    continue
                case ast.Call(func=func) if child is not func:
                    found = self._argument(parent, child, suffix, plural, holder)
                    if found is not None:
                        return found
                case _ if not isinstance(parent, _TRANSPARENT):
                    return None
            child = parent
        return None

    def _argument(
        self, call: ast.Call, child: ast.AST, suffix: str, plural: bool, holder: str | None
    ) -> Name | None:
        """A name from the call that the value is passed to; None: look further out."""
        callee = _last_name(call.func)
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        if callee in _CONTAINERS:
            return None
        if callee == "Condition":
            return self._lock_of(call, holder)
        if receiver is not None and callee in _ADDING:
            return self._named(receiver, suffix, True, holder)
        if receiver is not None and callee == "setdefault" and len(call.args) == 2:
            return self._named(receiver, f"[{ast.unparse(call.args[0])}]{suffix}", plural, holder)
        if callee == "setattr" and len(call.args) == 3 and isinstance(call.args[1], ast.Constant):
            return self._named(ast.Attribute(call.args[0], str(call.args[1].value)), suffix, plural, holder)
        position = _index(call.args, child)
        parameters = self._functions.get(callee)
        if parameters is not None:
            names = [p.arg for p in (*parameters.posonlyargs, *parameters.args)]
            if names[:1] in (["self"], ["cls"]):
                names = names[1:]
            if position < len(names):
                return Name(names[position] + suffix, plural)
        return Name(f"{callee or '…'}(…){suffix}", plural)

    def _lock_of(self, call: ast.Call, holder: str | None) -> Name | None:
        """The lock that a condition is made with, and that has no name of its own."""
        found = self.describe(call, holder)
        return found if found is None or found is RETURNED else Name(found.text + ".lock", found.plural)

    def _named(self, target: ast.expr, suffix: str, plural: bool, holder: str | None) -> Name:
        changing = any(
            isinstance(n, ast.Subscript) and not isinstance(n.slice, ast.Constant) for n in ast.walk(target)
        )
        return Name(self._text(target, holder) + suffix, plural or changing)

    def _text(self, target: ast.expr, holder: str | None) -> str:
        match target:
            case ast.Name(id=name):
                owner = self._parents.get(self._statement(target))
                return f"{owner.name}.{name}" if isinstance(owner, ast.ClassDef) else name
            case ast.Attribute(value=ast.Name() as receiver, attr=attribute):
                return f"{self._class_of(receiver, holder) or receiver.id}.{attribute}"
            case ast.Attribute(value=value, attr=attribute):
                return f"{self._text(value, holder)}.{attribute}"
            case ast.Subscript(value=value, slice=index):
                return f"{self._text(value, holder)}[{ast.unparse(index)}]"
        return ast.unparse(target)

    def _class_of(self, receiver: ast.Name, holder: str | None) -> str | None:
        """Class that `receiver` is an instance of, if it is the first parameter of a method around it."""
        for outer in self._around(receiver):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                first = [p.arg for p in (*outer.args.posonlyargs, *outer.args.args)][:1]
                owner = self._parents[outer]
                if first == [receiver.id] and isinstance(owner, ast.ClassDef):
                    return holder or owner.name
                holder = None  # it tells of the innermost function only
        return None

    def _makes_a_field(self, function: ast.AST) -> bool:
        keyword = self._parents.get(function)
        return isinstance(keyword, ast.keyword) and keyword.arg == "default_factory"

    def _statement(self, node: ast.AST) -> ast.AST:
        return next((n for n in self._around(node) if isinstance(n, ast.stmt)), node)

    def _around(self, node: ast.AST) -> Iterator[ast.AST]:
        outer = self._parents.get(node)
        while outer is not None:
            yield outer
            outer = self._parents.get(outer)


def read_source(file: str) -> Source | None:
    try:
        if os.stat(file).st_size > _LONGEST_SOURCE:
            return None
        with open(file, "rb") as stream:
            return Source(ast.parse(stream.read()))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _unpacked(
    target: ast.expr, value: ast.expr | None, child: ast.AST, node: ast.AST, suffix: str
) -> tuple[ast.expr, str]:
    """For `a, b = Lock(), Lock()`: the target on the left that stands where the value stands on the right."""
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and value is child and len(target.elts) == len(value.elts):
            for element, part in zip(target.elts, value.elts, strict=True):
                if any(n is node for n in ast.walk(part)):
                    return element, suffix[suffix.find("]") + 1 :]
        return target, ""
    return target, suffix


def _parameter_of_default(arguments: ast.arguments, default: ast.AST) -> str:
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = zip(reversed(positional), reversed(arguments.defaults), strict=False)
    keyword_pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for parameter, value in (*pairs, *keyword_pairs):
        if value is default:
            return parameter.arg
    return "…"


def _is_base_init(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _last_name(node.func) == "__init__"


def _index(items: Sequence[ast.AST], child: ast.AST) -> int:
    return next((i for i, item in enumerate(items) if item is child), 0)


def _last_name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _position(node: ast.expr) -> tuple[int, int, int, int]:
    return node.lineno, node.end_lineno or 0, node.col_offset, node.end_col_offset or 0


def _start(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0

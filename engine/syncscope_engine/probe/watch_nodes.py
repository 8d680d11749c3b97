"""The pieces of syntax tree that `watching` puts into a program, and the constants that they refer to."""

import ast
from types import CodeType
from typing import Any

from . import frames
from .shared_keys import ATTRIBUTE, GLOBAL, ITEM

CLOCK, OPERATORS = "\0syncscope:clock", "\0syncscope:operators"
_SITE = "\0syncscope:site:"
_SUFFIX = {GLOBAL: "", ATTRIBUTE: "_of", ITEM: "_item"}


class Site:
    """One read or write in the source.

    kind: GLOBAL, ATTRIBUTE, ITEM.  name: of the global or attribute; source text of an item's container.
    feeders: the reads that a write's value comes from; empty: none, it is blind.
    """

    __slots__ = ("feeders", "feeds", "kind", "name", "number")

    def __init__(self, kind: str, name: str, number: int, feeds: bool = False) -> None:
        self.kind = kind
        self.name = name
        self.number = number
        self.feeds = feeds
        self.feeders: "list[Site]" = []


def placeholder(site: Site) -> str:
    return f"{_SITE}{site.number}"


def furnished(code: CodeType, constants: "dict[str, Any]") -> CodeType:
    """`code` with the objects in place of their placeholders."""
    own: "list[Any]" = []
    for constant in code.co_consts:
        if type(constant) is CodeType:
            own.append(furnished(constant, constants))
        elif type(constant) is str and constant[:1] == "\0":
            own.append(constants.get(constant, constant))
        else:
            own.append(constant)
    return code.replace(co_consts=tuple(own))


class Nodes:
    """Makes nodes with the positions of others, so that tracebacks stay what they were."""

    def __init__(self) -> None:
        self.sites: "list[Site]" = []

    def site(self, kind: str, name: str, feeds: bool = False) -> Site:
        site = Site(kind, name, len(self.sites), feeds)
        self.sites.append(site)
        return site

    def hidden(self, site: Site, what: str = "owner") -> str:
        return f".{what}{site.number}"

    def at(self, node: Any, like: ast.AST) -> Any:
        return ast.fix_missing_locations(ast.copy_location(node, like))

    def constant(self, text: str, like: Any, attribute: str) -> ast.expr:
        """`constant.attribute`, on one line: the position of a call is taken from here if it is on several."""
        node = self.at(ast.Attribute(ast.Constant(text), attribute, ast.Load()), like)
        for part in (node, node.value):
            part.end_lineno, part.end_col_offset = part.lineno, part.col_offset
        result: ast.expr = node
        return result

    def tick(self, like: ast.AST) -> ast.expr:
        return self.constant(CLOCK, like, "tick")

    def hook(self, site: Site, verb: str, arguments: "list[ast.expr]", like: ast.AST) -> ast.expr:
        function = self.constant(placeholder(site), like, verb + _SUFFIX[site.kind])
        call: ast.expr = self.at(ast.Call(function, arguments, []), like)
        return call


def again(node: Any) -> Any:
    """The same name, constant, or access through them, once more, to be loaded."""
    if isinstance(node, ast.Name):
        new: Any = ast.Name(node.id, ast.Load())
    elif isinstance(node, ast.Constant):
        new = ast.Constant(node.value)
    elif isinstance(node, ast.Attribute):
        new = ast.Attribute(again(node.value), node.attr, ast.Load())
    else:
        new = ast.Subscript(again(node.value), again(node.slice), ast.Load())
    return ast.copy_location(new, node)


frames.step_over(globals(), ours=True)

"""What the value of a local name comes from: the algebra of `flows`."""

import ast
from typing import NamedTuple

from . import frames
from .shared_keys import Key, names_of


class Source(NamedTuple):
    reads: "frozenset[ast.AST]"  # the newest of these that ran is where the value comes from
    changed: bool  # something was computed from it


Taint = dict[Key, Source]
Env = dict[str, Taint]
"""Local name -> what its value comes from.  None in place of an Env: this point is never reached."""


def joined(*taints: Taint) -> Taint:
    """Computed from all of these."""
    result: Taint = {}
    for taint in taints:
        for key, source in taint.items():
            known = result.get(key)
            result[key] = Source(source.reads | known.reads if known else source.reads, True)
    return result


def common(one: Taint, two: Taint) -> Taint:
    """One or the other: what comes from a variable either way."""
    return {
        key: Source(one[key].reads | two[key].reads, one[key].changed or two[key].changed)
        for key in one.keys() & two.keys()
    }


def copy(env: "Env | None") -> "Env | None":
    return None if env is None else dict(env)


def without(env: "Env | None", names: "set[str]") -> "Env | None":
    if env is None:
        return None
    return {
        name: {key: s for key, s in taint.items() if names.isdisjoint(names_of(key))}
        for name, taint in env.items()
        if name not in names
    }


def merged(one: "Env | None", two: "Env | None") -> "Env | None":
    """What holds on both of two paths that meet."""
    if one is None or two is None:
        return two if one is None else one
    merged = {name: common(one[name], two[name]) for name in one.keys() & two.keys()}
    return {name: taint for name, taint in merged.items() if taint}


frames.step_over(globals(), ours=True)

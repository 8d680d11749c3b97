"""The name that a created object is stored into, read from the bytecode after the creating call.

Works without source (exec, generated code).  Where source exists, the observer finds better names.
"""

import dis
from types import CodeType
from typing import Any

from . import frames

_instructions: "dict[int, list[Any]]" = {}
_SKIPPED = frozenset({"CACHE", "NOP", "EXTENDED_ARG"})
_NEUTRAL = frozenset(
    {"COPY", "DUP_TOP"}
)  # not SWAP: in `a, b = f(), g()` the next store is not of the last call
_PLAIN_STORES = frozenset({"STORE_NAME", "STORE_GLOBAL", "STORE_FAST", "STORE_DEREF"})
_PAIR_STORES = frozenset({"STORE_FAST_LOAD_FAST", "STORE_FAST_STORE_FAST", "STORE_FAST_MAYBE_NULL"})


def name_stored_after(code: CodeType, lasti: int) -> "str | None":
    """`x`, `self.x` or `d['k']` when the call at `lasti` is stored right away; None otherwise."""
    listing = _instructions.get(id(code))
    if listing is None:
        listing = [i for i in dis.get_instructions(code) if i.opname not in _SKIPPED]
        _instructions[id(code)] = listing
    start = next((k for k, i in enumerate(listing) if i.offset >= lasti), None)
    if start is None:
        return None
    if listing[start].offset == lasti:
        start += 1
    loaded: list[str] = []
    for _ in range(8):
        if start >= len(listing):
            return None
        op, arg = listing[start].opname, listing[start].argval
        start += 1
        if op == "JUMP_FORWARD":  # `make() if missing else given`, as in the __init__ of a dataclass
            start = next((k for k in range(start, len(listing)) if listing[k].offset >= arg), len(listing))
            continue
        if op in _PLAIN_STORES:
            return str(arg)
        if op in _PAIR_STORES:
            return str(arg[0] if isinstance(arg, tuple) else arg)
        if op == "STORE_ATTR":
            return f"{loaded[-1] if loaded else '?'}.{arg}"
        if op == "STORE_SUBSCR":
            return f"{loaded[-2]}[{loaded[-1]!r}]" if len(loaded) > 1 else None
        if op == "LOAD_ATTR" and loaded:
            loaded[-1] = f"{loaded[-1]}.{arg}"
        elif op.startswith("LOAD_FAST") and isinstance(arg, tuple):
            loaded.extend(str(a) for a in arg)
        elif op.startswith("LOAD_"):
            loaded.append(str(arg))
        elif op not in _NEUTRAL:
            return None
    return None


frames.step_over(globals(), ours=True)

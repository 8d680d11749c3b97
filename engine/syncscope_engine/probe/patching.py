"""Replace a method of a class in place, so that old references, subclasses and isinstance go on working."""

from collections.abc import Callable
from typing import Any

from . import frames

PROBE = "_syncscope"
"""Attribute of an instrumented object that holds its probe; None on the class: not instrumented."""


def wrap(cls: type, name: str, make: "Callable[[Any], Any]") -> Any:
    """Put `make(original)` in the place of `cls.name`; returns the original."""
    original = cls.__dict__[name]
    new = make(original)
    for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
        try:
            setattr(new, attribute, getattr(original, attribute))
        except AttributeError:
            pass
    new.__wrapped__ = original
    setattr(cls, name, new)
    return original


frames.step_over(globals(), ours=True)

"""Generators that tasks share: who draws first gets another number, so that each draw is an access to the generator."""

import random
from collections.abc import Callable
from typing import Any

from .run import current

_shared: Any = random._inst


def _announce(generator: Any) -> None:
    run = current()
    if run is not None and not run.solo and not run.ending:
        run.point("write", run.key(generator), True, "random")


def _drawing(original: "Callable[..., Any]") -> "Callable[..., Any]":
    def draw(*args: Any, **named: Any) -> Any:
        _announce(_shared)
        return original(*args, **named)

    draw.__name__ = original.__name__
    return draw


class Random(random.Random):
    """All other methods draw by these two."""

    def random(self) -> float:
        _announce(self)
        return super().random()

    def getrandbits(self, k: int, /) -> int:
        _announce(self)
        return super().getrandbits(k)


REPLACEMENTS: "list[tuple[Any, str, Any]]" = [
    (random, name, _drawing(function))
    for name, function in vars(random).items()
    if getattr(function, "__self__", None) is _shared
]
REPLACEMENTS.append((random, "Random", Random))

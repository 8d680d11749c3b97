"""A signal handler runs while a thread is held up, and may raise there: nobody stays locked out."""

from collections.abc import Callable

import pytest

import pythons
from running import printed
from slowed_programs import HANDLED, INTERRUPTED
from syncscope_engine.session import Session

Slowed = Callable[..., Session]
FEW = [version for version in pythons.installed() if version in ("3.10", "3.13")] or pythons.installed()[:1]

UNTOUCHED = "interrupted False False 1 False 0 1 0 False False 1"
ACTS = (
    *("lock", "rlock", "semaphore", "condition", "mp lock", "mp semaphore"),
    *("put", "get", "simple put", "set", "wait", "start"),
)


@pytest.mark.parametrize("version", FEW)
def test_who_is_interrupted_leaves_everything_as_it_was(version: str, slowed: Slowed) -> None:
    session = slowed(version, INTERRUPTED, 300)
    expected = [f"{name} {UNTOUCHED}" for name in ACTS for _ in range(2 if name in ACTS[:6] else 1)]
    assert printed(session).splitlines() == expected
    assert (session.outcome, printed(session, "stderr")) == ("finished", "")


@pytest.mark.parametrize("version", FEW[-1:])
def test_a_signal_handler_is_not_held_up(version: str, slowed: Slowed) -> None:
    session = slowed(version, HANDLED, 400, "400")
    assert printed(session).splitlines() == ["2 True"]
    assert (session.outcome, printed(session, "stderr")) == ("finished", "")

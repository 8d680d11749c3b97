"""Programs that are slowed, in real sessions."""

from collections.abc import Callable
from pathlib import Path

import pytest

import pythons
from running import run
from syncscope_engine.model.validate import validate
from syncscope_engine.replay import analyse
from syncscope_engine.session import Options, Session

Slowed = Callable[..., Session]


@pytest.fixture(params=pythons.installed())
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def slowed(tmp_path: Path) -> Slowed:
    """slowed(version, source, delay in ms, *arguments): the session of a program that has ended."""

    def play(version: str, source: str, delay_ms: int, *args: str) -> Session:
        options = Options(python=pythons.find(version), slow_ns=delay_ms * 1_000_000, watch=False)
        session = run(tmp_path, source, options, *args)
        assert not [note for note in session.recording.tables.notes if "probe failed" in note]
        validate(analyse(session.recording).state, session.recording.tables)
        return session

    return play

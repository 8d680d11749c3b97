from collections.abc import Callable
from pathlib import Path

import pytest

import pythons
import stories


@pytest.fixture(params=pythons.installed())
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def play(tmp_path: Path, version: str) -> Callable[..., stories.Story]:
    """`stories.play` with each interpreter."""
    return lambda source, *cues, **more: stories.play(tmp_path, version, source, *cues, **more)

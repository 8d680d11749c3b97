"""Recordings of small real programs, one run for each interpreter and program, looked at by many tests."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import pythons
from running import printed, run
from syncscope_engine.events import Event, Flag, Kind
from syncscope_engine.session import Options, Session


class Story:
    """What a session recorded, asked for by names."""

    def __init__(self, session: Session, version: str) -> None:
        self.session = session
        self.tables = session.recording.tables
        self.events = list(session.recording)
        self.printed = printed(session)
        self.errors = printed(session, "stderr")
        self.version = tuple(int(n) for n in version.split("."))
        assert not [n for n in self.tables.notes if "probe failed" in n], self.tables.notes
        assert session.recording.dropped == 0

    def name(self, id_: int) -> str:
        if not id_:
            return ""
        return self.tables.task_name(id_) if id_ in self.tables.tasks else self.tables.resource_name(id_)

    def line(self, event: Event) -> int:
        place = self.tables.places.get(event.place)
        return place.line if place else 0

    def function(self, event: Event) -> str:
        place = self.tables.places.get(event.place)
        return place.function.rpartition(".")[2] if place else ""

    def of(self, task: str, *kinds: Kind) -> list[Event]:
        return [e for e in self.events if self.name(e.task) == task and (not kinds or e.kind in kinds)]

    def on(self, obj: str, *kinds: Kind) -> list[Event]:
        return [e for e in self.events if self.name(e.obj) == obj and (not kinds or e.kind in kinds)]

    def kinds(self, events: list[Event]) -> list[str]:
        return [Kind(e.kind).name + ("*" if e.flags & Flag.IN_CONDITION else "") for e in events]

    def task(self, name: str) -> int:
        (found,) = [id_ for id_, info in self.tables.tasks.items() if info.name == name]
        return found


Record = Callable[..., Story]


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """record(version, name, source, *arguments): the story of a program, run once for each version and name."""
    known: dict[tuple[str, str], Story] = {}

    def once(version: str, name: str, source: str, *arguments: str) -> Story:
        if (version, name) not in known:
            folder: Path = tmp_path_factory.mktemp(name)
            session = run(folder, textwrap.dedent(source), Options(python=pythons.find(version)), *arguments)
            known[version, name] = Story(session, version)
        return known[version, name]

    return once


@pytest.fixture(params=pythons.installed())
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)

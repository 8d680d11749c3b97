"""Recordings of small asyncio programs, one run for each interpreter and program, looked at by many tests."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import pythons
from running import printed, run
from syncscope_engine.analysis import Analysis
from syncscope_engine.events import Awaited, Event, Kind
from syncscope_engine.model.spans import Link
from syncscope_engine.model.waits import describe_wait
from syncscope_engine.session import Options, Session


class Story:
    """What a session recorded, asked for by names."""

    def __init__(self, session: Session, version: str) -> None:
        self.session = session
        self.tables = session.recording.tables
        self.events = list(session.recording)
        self.version = tuple(int(n) for n in version.split("."))
        self.printed = printed(session)
        self.errors = printed(session, "stderr")
        self.analysis = Analysis(session.recording, live=False)
        assert not [n for n in self.tables.notes if "probe failed" in n], self.tables.notes
        assert session.recording.dropped == 0
        self.said: dict[str, list[str]] = {}
        self._reduce()

    def _reduce(self) -> None:
        """`said`: the words of every wait, just after it began."""
        last = 0
        for event in self.events:
            self.analysis.update(event.t_ns, until=event.n)
            last = event.t_ns
            if event.kind == Kind.SUSPEND:
                wait = describe_wait(event.task, self.analysis.state, self.tables, event.t_ns)
                if wait is not None:
                    self.said.setdefault(self.name(event.task), []).append(wait.reason("en", self.tables))
        self.analysis.update(last, final=True)

    def name(self, id_: int) -> str:
        if not id_:
            return ""
        return self.tables.task_name(id_) if id_ in self.tables.tasks else self.tables.resource_name(id_)

    def line(self, event: Event) -> int:
        place = self.tables.places.get(event.place)
        return place.line if place else 0

    def of(self, task: str, *kinds: Kind) -> list[Event]:
        return [e for e in self.events if self.name(e.task) == task and (not kinds or e.kind in kinds)]

    def kind(self, *kinds: Kind) -> list[Event]:
        return [e for e in self.events if e.kind in kinds]

    def awaited(self, task: str) -> list[tuple[str, str]]:
        """(what, of what) each of its suspensions waited for."""
        return [(Awaited(e.b).name, self.name(e.obj)) for e in self.of(task, Kind.SUSPEND)]

    def together(self, task: str) -> list[tuple[str, bool, int]]:
        """(which, all of them, how many) of what it awaited together."""
        return [(self.name(e.obj), bool(e.a), e.b) for e in self.of(task, Kind.AWAITS)]

    def links(self, kind: Kind) -> list[tuple[str, str, str]]:
        links: list[Link] = [
            link for link in self.analysis.spans.links_between(0, 1 << 62) if link.kind == kind
        ]
        return [(self.name(x.source), self.name(x.target), self.name(x.obj)) for x in links]

    def found(self) -> list[str]:
        return sorted(f"{finding.kind}.{finding.variant}" for finding in self.analysis.findings)


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Story]:
    """record(version, name, source): the story of a program, run once for each version and name."""
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


@pytest.fixture(params=dict.fromkeys((pythons.installed()[0], pythons.installed()[-1])))
def oldest_and_newest(request: pytest.FixtureRequest) -> str:
    return str(request.param)

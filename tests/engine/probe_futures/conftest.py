"""Recordings of small programs with futures and pools, on every interpreter."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import pythons
from running import printed, run
from syncscope_engine.events import Event, Got, Kind, Outcome
from syncscope_engine.model.reducer import Reducer
from syncscope_engine.model.validate import validate
from syncscope_engine.session import Options, Session
from syncscope_engine.tables import ResourceInfo


class Story:
    """What a session recorded.  The life of a future reads `main SUBMIT`, `Worker_0 PICKED`, ..."""

    def __init__(self, session: Session) -> None:
        self.tables = session.recording.tables
        self.events = list(session.recording)
        self.printed = printed(session)
        self.errors = printed(session, "stderr")
        self.sampled = session.recording.sampled
        assert not [n for n in self.tables.notes if "probe failed" in n], self.tables.notes
        reducer = Reducer(self.tables)
        for event in self.events:
            reducer.handle(event)
        self.state = reducer.state
        self.spans = reducer.spans
        validate(self.state, self.tables)

    def who(self, task: int) -> str:
        """A thread's name; that of its process for the main thread of a child."""
        info = self.tables.tasks[task]
        process = self.tables.tasks[info.process]
        if info.name != "MainThread":
            return info.name
        return process.name if process.parent else "main"

    def resource(self, name: str) -> ResourceInfo:
        (found,) = [r for r in self.tables.resources.values() if r.name == name]
        return found

    def counts(self, executor: str) -> tuple[int, int, int]:
        """Calls that wait, calls submitted, calls resolved."""
        state = self.state.resources[self.resource(executor).id]
        return state.value, state.n_acquired, state.n_released

    def on(self, name: str, *kinds: Kind) -> list[Event]:
        obj = self.resource(name).id
        return [e for e in self.events if e.obj == obj and (not kinds or e.kind in kinds)]

    def life(self, name: str) -> list[str]:
        return [self.text(event) for event in self.on(name) if event.kind != Kind.SUSPEND]

    def text(self, event: Event) -> str:
        words = [self.who(event.task), Kind(event.kind).name]
        if event.kind == Kind.RESOLVED:
            words.append(Outcome(event.a).name)
        elif event.kind == Kind.RESULT:
            words.append(Got(event.b).name)
        return " ".join(words)

    def line(self, event: Event) -> int:
        place = self.tables.places.get(event.place)
        return place.line if place else 0


Record = Callable[..., Story]


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """record(version, name, source, *arguments): the story of a program, run once for each version and name."""
    known: dict[tuple[str, ...], Story] = {}

    def once(version: str, name: str, source: str, *arguments: str) -> Story:
        key = (version, name, *arguments)
        if key not in known:
            folder: Path = tmp_path_factory.mktemp(name)
            options = Options(python=pythons.find(version))
            known[key] = Story(run(folder, textwrap.dedent(source), options, *arguments))
        return known[key]

    return once


@pytest.fixture
def story_of() -> Callable[[Session], Story]:
    return Story


@pytest.fixture(params=pythons.installed())
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=dict.fromkeys((pythons.installed()[0], pythons.installed()[-1])))
def oldest_and_newest(request: pytest.FixtureRequest) -> str:
    return str(request.param)

"""Programs of several processes, run once for each start method; every interpreter forks."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import pythons
import stories
from running import PATIENCE_S, finish, follow, printed, session_for
from stories import Cue
from syncscope_engine.session import Options, Session

HERE = pythons.installed()[1:2] or pythons.installed()
_RUNS = [
    *((version, "fork") for version in pythons.installed()),
    *((HERE[0], m) for m in ("spawn", "forkserver")),
]


class Story(stories.Story):
    """Main threads are called by their processes."""

    def name(self, id_: int) -> str:
        info = self.tables.tasks.get(id_)
        if info is not None and info.name == "MainThread":
            return super().name(info.process) if info.process != 1 else "main"
        return super().name(id_)


def started(
    folder: Path, version: str, how: str, source: str, *cues: Cue, budget: int = 64, **options: object
) -> Story:
    """As `stories.play`; `HOW` in the source is the start method."""
    source = textwrap.dedent(source).lstrip().replace("HOW", repr(how))
    source = "import sys; go = sys.stdin.readline\n" + source
    chosen = Options(python=pythons.find(version), budget=budget, timeout_s=PATIENCE_S, **options)  # type: ignore[arg-type]
    with session_for(folder, source, chosen) as session:
        session.start()
        seen = 0
        for cue in cues:
            seen = _await(session, seen, cue)
            session.send_input("\n")
        session.close_input()
        finish(session)
        notes = session.recording.tables.notes
        assert not [n for n in notes if "probe failed" in n], notes
        assert session.recording.dropped == 0
        return Story(session)


def _await(session: Session, seen: int, cue: Cue) -> int:
    """Poll until an event after the first `seen` ones is as the cue says; how many have been seen then."""

    def found() -> int:
        story = Story(session)
        for i, event in enumerate(story.events[seen:], seen):
            if event.kind == cue[1] and story.name(event.task) == cue[0]:
                return i + 1
        return 0

    follow(session, lambda: found() or session.status == "ended")
    at = found()
    assert at, f"no {cue}: {printed(session, 'stderr')}"
    return at


Play = Callable[..., Story]


@pytest.fixture(scope="session")
def known() -> dict[tuple[str, ...], Story]:
    return {}


@pytest.fixture(params=_RUNS, ids="-".join)
def play(request: pytest.FixtureRequest, tmp_path: Path, known: dict[tuple[str, ...], Story]) -> Play:
    """play(source, *cues): by every start method; the same program runs only once for each."""
    version, how = request.param

    def once(source: str, *cues: Cue, **more: int) -> Story:
        key = version, how, source
        if key not in known:
            known[key] = started(tmp_path, version, how, source, *cues, **more)
        return known[key]

    return once


@pytest.fixture
def fork(tmp_path: Path) -> Play:
    """The same with one interpreter, forking."""
    return lambda source, *cues, **more: started(tmp_path, HERE[0], "fork", source, *cues, **more)

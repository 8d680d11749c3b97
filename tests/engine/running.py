"""Runs small programs in a real session, for tests."""

import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from syncscope_engine.events import Kind
from syncscope_engine.session import Options, Session, Target

PATIENCE_S = 30.0


def session_for(folder: Path, source: str, options: Options = Options(), *args: str) -> Session:  # noqa: B008
    script = folder / "program.py"
    script.write_text(textwrap.dedent(source))
    return Session(Target("program", script, args=args), options)


def follow(session: Session, until: Callable[[], object]) -> None:
    """Poll until something is true."""
    deadline = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < deadline, f"{session.status}: {printed(session)}"
        session.poll()
        time.sleep(0.005)


def finish(session: Session) -> Session:
    follow(session, lambda: session.status == "ended")
    return session


def run(folder: Path, source: str, options: Options = Options(), *args: str) -> Session:  # noqa: B008
    """The session of a program that has ended."""
    with session_for(folder, source, options, *args) as session:
        session.start()
        return finish(session)


def printed(session: Session, stream: str = "stdout") -> str:
    return "".join(output.text for output in session.recording.outputs if output.stream == stream)


def wait_for(session: Session, text: str) -> None:
    """Until the program has printed `text`."""
    follow(session, lambda: text in printed(session))


def told(session: Session, *kinds: Kind) -> list[tuple[str, str, int, int]]:
    """(kind, object, a, b) of the events of these kinds."""
    tables = session.recording.tables
    return [
        (Kind(e.kind).name, tables.task_name(e.obj), e.a, e.b) for e in session.recording if e.kind in kinds
    ]

"""A program that is slowed does what it does bare, later."""

import subprocess
import sys
import textwrap
from collections.abc import Callable

import pytest

import pythons
from running import printed
from slowed_programs import ALONE, PROCESSES, TASKS, THREADS
from syncscope_engine.events import Kind
from syncscope_engine.session import Session

Slowed = Callable[..., Session]
FEW = [version for version in pythons.installed() if version in ("3.10", "3.13")] or pythons.installed()[:1]


def bare(version: str, source: str) -> str:
    python = pythons.find(version) or sys.executable
    program = textwrap.dedent(source)
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    return done.stdout


@pytest.mark.parametrize(
    ("version", "source"),
    [
        *(pytest.param(version, THREADS, id=f"threads-{version}") for version in pythons.installed()),
        *(pytest.param(version, TASKS, id=f"tasks-{version}") for version in FEW),
    ],
)
def test_the_same_output(version: str, source: str, slowed: Slowed) -> None:
    session = slowed(version, source, 3)
    assert printed(session) == bare(version, source)
    assert (session.outcome, printed(session, "stderr")) == ("finished", "")


@pytest.mark.parametrize(("version", "how"), [(FEW[0], "fork"), (FEW[-1], "spawn")])
def test_processes_are_slowed_from_their_beginning(version: str, how: str, slowed: Slowed) -> None:
    session = slowed(version, PROCESSES, 4, how, "4")
    assert printed(session).splitlines() == ["from a child True", "0"] * 2
    assert (session.outcome, printed(session, "stderr")) == ("finished", "")


def told(session: Session) -> list[tuple[str, str]]:
    tables = session.recording.tables
    of_observer = {Kind.STATE, Kind.SLOWED}
    return [
        (Kind(e.kind).name, tables.resources[e.obj].kind if e.obj in tables.resources else "")
        for e in session.recording
        if e.kind not in of_observer
    ]


def test_it_is_recorded_as_if_it_were_not_slowed(slowed: Slowed) -> None:
    version = pythons.installed()[-1]
    free, slow = slowed(version, ALONE, 0), slowed(version, ALONE, 2)
    assert told(slow) == told(free)
    assert printed(slow) == printed(free)
    assert [e.a for e in slow.recording if e.kind == Kind.SLOWED] == [2_000_000]
    assert not [e for e in free.recording if e.kind == Kind.SLOWED]

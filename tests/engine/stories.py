"""Small real programs under the probe, their tapes written as lines that a test can compare literally."""

import textwrap
from pathlib import Path

import pythons
from running import PATIENCE_S, finish, follow, printed, session_for
from syncscope_engine.events import Event, Failure, Flag, Kind, Outcome
from syncscope_engine.model.reducer import Reducer
from syncscope_engine.session import Options, Session
from syncscope_engine.tables import ResourceInfo, TaskInfo

_FLAGS = {Flag.SAMPLED: "sampled", Flag.TIMED: "timed", Flag.REENTRANT: "inner", Flag.IN_CONDITION: "cond"}
_HOW = {Kind.WOKE: ("limit", "notified", "interrupted"), Kind.JOINED: ("limit", "ended")}
_LIMITED = (Kind.WAIT, Kind.JOIN, Kind.PUT_WAIT, Kind.GET_WAIT, Kind.SLEEP)
_COUNTED = (
    Kind.ACQUIRED, Kind.RELEASE, Kind.PUT, Kind.GET, Kind.TASK_DONE, Kind.QUEUE_JOIN,
)  # fmt: skip
_MAY_WAIT = (Kind.ACQUIRED, Kind.PUT, Kind.GET, Kind.WOKE, Kind.JOINED, Kind.BROKEN, Kind.QUEUE_JOINED)

FRAME = (Kind.PROGRAM_START, Kind.PROGRAM_END, Kind.STATE, Kind.SLEEP, Kind.SLEPT)


class Story:
    """What a session recorded.  An event reads `T1 ACQUIRED lock 2 waited cond :12`."""

    def __init__(self, session: Session) -> None:
        self.tables = session.recording.tables
        self.events = list(session.recording)
        self.sampled = session.recording.sampled
        self.printed = printed(session)
        self.errors = printed(session, "stderr")
        self.exit_code = session.exit_code
        reducer = Reducer(self.tables)
        for event in self.events:
            reducer.handle(event)
        self.state = reducer.state

    def name(self, id_: int) -> str:
        if id_ in self.tables.tasks:
            return "main" if self.tables.tasks[id_].name == "MainThread" else self.tables.tasks[id_].name
        return self.tables.resources[id_].name if id_ in self.tables.resources else ""

    def task(self, name: str) -> TaskInfo:
        (found,) = [t for t in self.tables.tasks.values() if self.name(t.id) == name]
        return found

    def resource(self, name: str) -> ResourceInfo:
        (found,) = [r for r in self.tables.resources.values() if r.name == name]
        return found

    def line(self, event: Event) -> int:
        place = self.tables.places.get(event.place)
        return place.line if place else 0

    def text(self, event: Event) -> str:
        kind = Kind(event.kind)
        words = [self.name(event.task), kind.name, self.name(event.obj)]
        if kind in _LIMITED and event.a >= 0:
            words.append(f"{event.a / 1e6:g}ms")
        if kind in (Kind.WAIT, Kind.NOTIFY) and self.kind(event.obj) != "event":
            words.append(str(event.a if kind is Kind.NOTIFY else event.b))
        if kind is Kind.NOTIFY and event.b:
            words.append(self.name(event.b))
        if kind is Kind.ACQUIRE and event.a:
            words.append(f"of {self.name(event.a)}")
        if kind in _COUNTED:
            words.append(str(event.b))
        if kind is Kind.RELEASE and event.a != 1:
            words.append(f"gives {event.a}")
        if kind in _MAY_WAIT and event.a > 0:
            words.append("waited")
        if kind in _HOW:
            words.append(_HOW[kind][event.b])
        if kind.name.endswith("_FAILED"):
            words.append(Failure(event.b).name)
        if kind is Kind.EXIT:
            words.append(Outcome(event.a).name)
        words += [word for flag, word in _FLAGS.items() if event.flags & flag]
        if self.line(event):
            words.append(f":{self.line(event)}")
        return " ".join(word for word in words if word)

    def kind(self, id_: int) -> str:
        return self.tables.resources[id_].kind if id_ in self.tables.resources else ""

    def lines(self, task: str = "", on: str = "", without: tuple[Kind, ...] = FRAME) -> list[str]:
        """The events of one task, or on one object, or all; not those of processes."""
        return [
            self.text(e)
            for e in self.events
            if e.kind not in without
            and not (e.obj in self.tables.tasks and self.tables.tasks[e.obj].kind == "process")
            and (not task or self.name(e.task) == task)
            and (not on or self.name(e.obj) == on)
        ]


Cue = tuple[str, Kind]


def play(folder: Path, version: str, source: str, *cues: Cue, budget: int = 64) -> Story:
    """Run a program to its end.

    It waits by calling `go()` (which reads a line); it gets one when the event of the next cue, (task, kind),
    is on the tape.
    """
    source = "import sys, threading; go = sys.stdin.readline\n" + textwrap.dedent(source).lstrip()
    options = Options(python=pythons.find(version), budget=budget, timeout_s=PATIENCE_S)
    with session_for(folder, source, options) as session:
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
    story = Story(session)

    def found() -> int:
        events = list(session.recording)
        for i, event in enumerate(events[seen:], seen):
            if event.kind == cue[1] and story.name(event.task) == cue[0]:
                return i + 1
        return 0

    follow(session, lambda: found() or session.status == "ended")
    at = found()
    assert at, f"no {cue}: {printed(session, 'stderr')}"
    return at

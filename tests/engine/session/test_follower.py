"""Several processes on one tape: ids, places, order, ends."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ring_writer import RingWriter
from syncscope_engine.events import Event, Kind, Outcome
from syncscope_engine.exits import ExitWatch
from syncscope_engine.follower import Follower
from syncscope_engine.recording import Recording
from syncscope_engine.wire import CAPACITY

MAIN, CHILD = 101, 102


class Deaths(ExitWatch):
    """Processes end when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.watched: list[int] = []
        self.now: list[tuple[int, int | None]] = []

    def add(self, pid: int) -> None:
        self.watched.append(pid)

    def ended(self) -> list[tuple[int, int | None]]:
        now, self.now = self.now, []
        return now


class Program:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.recording = Recording()
        self.tables = self.recording.tables
        self.deaths = Deaths()
        self.follower = Follower(str(directory), self.recording, self.deaths)
        self.follower.expect(MAIN)
        self.writers: list[RingWriter] = []

    def process(self, pid: int = MAIN, **about: Any) -> RingWriter:
        writer = RingWriter(self.directory, pid, t_ns=len(self.writers) + 1, **about)
        self.writers.append(writer)
        return writer

    def told(self) -> list[tuple[Any, ...]]:
        """All events so far in words: (kind, task, object, a, b)."""
        self.follower.poll()
        self.follower.poll(final=True)
        return [self.in_words(event) for event in self.recording]

    def in_words(self, event: Event) -> tuple[Any, ...]:
        name = self.tables.task_name if event.obj in self.tables.tasks else self.tables.resource_name
        return Kind(event.kind).name, self.tables.task_name(event.task), name(event.obj), event.a, event.b


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.follower.close()
    for writer in program.writers:
        writer.close()


def test_ids_names_and_places_become_global(program: Program) -> None:
    main = program.process()
    main.task(5, "thread", "T1", native=55)
    main.task(6, "asyncio", "job", thread=5, spawner=5)
    main.resource(9, "lock", "lock")
    main.code(1000, "/p.py", [10, 10, 11])
    main.record(Kind.START, 5, thread=5, a=0, t_ns=1)
    main.record(Kind.ACQUIRE, 9, thread=5, task=6, code=1000, lasti=4, a=2, t_ns=2)
    main.record(Kind.NOTIFY, 9, thread=2, a=1, b=6, t_ns=3)
    assert program.told() == [
        ("START", "T1", "T1", 0, 0),
        ("ACQUIRE", "job", "lock", 2, 0),  # 2: the main thread, after the process
        ("NOTIFY", "MainThread", "lock", 1, 4),
    ]
    event = program.recording[2]
    place = program.tables.places[event.place]
    assert (place.file, place.line, place.function) == ("/p.py", 11, "work")
    assert program.tables.tasks[event.task].kind == "asyncio"
    assert program.tables.task_name(event.thread) == "T1"
    kinds = [(t.name, t.kind, program.tables.task_name(t.parent)) for t in program.tables.tasks.values()]
    assert kinds == [
        ("MainProcess", "process", "?"),
        ("MainThread", "thread", "MainProcess"),
        ("T1", "thread", "MainProcess"),
        ("job", "asyncio", "T1"),
    ]
    assert program.tables.python == "3.11.7"


def test_threads_get_their_native_id_when_they_start(program: Program) -> None:
    main = program.process()
    main.task(5, "thread", "T1")
    main.record(Kind.START, 5, thread=5, a=4711)
    main.meta("rename", id=5, name="loader")
    program.told()
    assert [(t.name, t.native) for t in program.tables.tasks.values() if t.id == 3] == [("loader", 4711)]


def test_processes_are_merged_in_the_order_of_time(program: Program) -> None:
    main = program.process()
    child = program.process(CHILD, how="spawn", ppid=MAIN)
    for t_ns in (10, 40, 20):  # a thread may be interrupted between clock and ring
        main.record(Kind.SET, t_ns=t_ns)
    for t_ns in (30, 15):
        child.record(Kind.SET, t_ns=t_ns)
    program.told()
    assert [event.t_ns for event in program.recording] == [10, 15, 20, 30, 40]
    assert [event.n for event in program.recording] == [1, 2, 3, 4, 5]


def test_young_records_wait_for_older_ones(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000_000
    monkeypatch.setattr("syncscope_engine.follower.perf_counter_ns", lambda: now)
    main = program.process()
    main.record(Kind.SET, t_ns=now - 1_000_000)
    assert program.follower.poll() == []
    main.record(Kind.CLEAR, t_ns=now - 2_000_000)
    now += 10_000_000
    assert [event.kind for event in program.follower.poll()] == [Kind.CLEAR, Kind.SET]


def test_a_child_is_the_task_that_its_starter_declared(program: Program) -> None:
    main = program.process()
    main.task(8, "process", "worker-1")
    main.record(Kind.SPAWN, 8, t_ns=1)
    child = program.process(CHILD, how="spawn", ppid=MAIN, as_=(MAIN, 8))
    child.record(Kind.START, 1, thread=2, a=CHILD, t_ns=2)
    assert program.told() == [
        ("SPAWN", "MainThread", "worker-1", 0, 0),
        ("START", "MainThread", "worker-1", CHILD, 0),
    ]
    worker = next(t for t in program.tables.tasks.values() if t.name == "worker-1")
    assert (worker.pid, worker.parent, worker.process) == (CHILD, 1, worker.id)


def test_a_child_is_linked_by_its_pid_when_it_knows_nothing_better(program: Program) -> None:
    main = program.process()
    main.task(8, "process", "worker-1")
    main.meta("child", id=8, pid=CHILD, t_ns=0)
    program.follower.poll()
    child = program.process(CHILD, how="exec", ppid=MAIN)
    child.record(Kind.START, 1, thread=2)
    assert program.told() == [("START", "MainThread", "worker-1", 0, 0)]


def test_a_child_of_the_fork_server_waits_for_its_role(program: Program) -> None:
    main = program.process()
    main.task(8, "process", "worker-1")
    server = program.process(200, how="forkserver", ppid=MAIN)
    server.record(Kind.FORK, t_ns=1)
    child = program.process(CHILD, how="fork", ppid=200)
    child.record(Kind.START, 1, thread=2, t_ns=2)
    program.follower.poll()
    assert [program.in_words(event)[0] for event in program.recording] == ["FORK"]
    child.meta("role", **{"as": (MAIN, 8)}, name="worker-1")
    assert program.told()[1:] == [("START", "MainThread", "worker-1", 0, 0)]
    assert [t.name for t in program.tables.tasks.values() if t.internal] == ["forkserver"]


def test_a_child_of_the_fork_server_without_a_role_is_shown_anyway(program: Program) -> None:
    program.process()
    program.process(200, how="forkserver", ppid=MAIN)
    program.process(CHILD, how="fork", ppid=200).record(Kind.START, 1, thread=2)
    assert program.told() == [("START", "MainThread", f"fork {CHILD}", 0, 0)]


def test_a_forked_child_has_its_own_copies(program: Program) -> None:
    main = program.process()
    main.code(1000, "/p.py", [10])
    main.resource(3, "lock", "lock", slot=1)
    main.resource(4, "condition", "ready", lock=3)
    main.record(Kind.ACQUIRED, 3, t_ns=1)
    child = program.process(CHILD, how="fork", ppid=MAIN, first_id=5)
    child.resource(5, "lock", "own")
    child.record(Kind.WAIT, 4, code=1000, t_ns=2)
    child.record(Kind.RELEASE, 3, t_ns=3)
    main.resource(5, "event", "after")  # the same number, after the fork
    main.record(Kind.SET, 5, t_ns=4)
    assert [words[:3] for words in program.told()] == [
        ("ACQUIRED", "MainThread", "lock"),
        ("WAIT", "MainThread", "ready"),
        ("RELEASE", "MainThread", "lock"),
        ("SET", "MainThread", "after"),
    ]
    acquired, wait, release, _ = program.recording
    assert acquired.obj != release.obj
    assert program.tables.resources[wait.obj].lock == release.obj
    assert program.tables.resources[release.obj].process == program.tables.tasks[release.task].process
    assert program.tables.places[wait.place].line == 10


def test_lost_records_leave_a_gap_and_exact_states(program: Program) -> None:
    main = program.process()
    main.resource(3, "lock", "lock", slot=1)
    main.resource(4, "lock", "unused", slot=2)
    main.words(1, value=0, n_in=0, n_out=0, n_dropped=0)
    program.follower.poll()
    main.flood(CAPACITY + 5)
    main.words(1, value=2, n_in=70_000, n_out=69_999, n_dropped=0)
    program.follower.poll()
    program.follower.poll(final=True)
    events = [event for event in program.recording if event.kind != Kind.CLEAR]
    assert [program.in_words(event) for event in events] == [
        ("GAP", "?", "MainProcess", 5, 0),
        ("STATE", "?", "lock", 2, 70_000),
    ]
    assert program.recording[1].kind == Kind.GAP
    assert program.recording.dropped == 5


def test_what_was_only_counted_becomes_a_state(program: Program) -> None:
    main = program.process()
    main.task(7, "thread", "T1")
    main.resource(3, "lock", "lock", slot=1)
    main.resource(4, "semaphore", "slots", slot=2)
    main.words(2, value=3, n_in=1, n_out=1, n_dropped=0)
    program.follower.poll()
    main.words(1, value=7, n_in=500, n_out=499, n_dropped=436)
    main.header(6, 436)
    assert program.told() == [("STATE", "?", "lock", 3, 500)]  # 3: T1
    assert program.recording.sampled == 436
    assert program.recording.dropped == 0


@pytest.mark.parametrize(
    ("value", "n_in", "expected"),
    [
        (2, 1, []),  # as recorded
        (0, 1, [("STATE", "?", "lock", 0, 1)]),  # given back quietly
        (2, 9, [("STATE", "?", "lock", 2, 9)]),  # taken and given back quietly, then taken again
    ],
)
def test_a_lock_that_is_not_as_recorded_is_told(
    program: Program, value: int, n_in: int, expected: list[tuple[Any, ...]]
) -> None:
    main = program.process()
    main.resource(3, "lock", "lock", slot=1)
    main.record(Kind.RELEASE, 3, a=1, b=0)
    main.record(Kind.ACQUIRED, 3, b=1)
    main.words(1, value=value, n_in=n_in, n_out=0, n_dropped=0)
    assert [words for words in program.told() if words[0] == "STATE"] == expected


def test_a_lock_that_is_given_back_quietly_is_told_later(program: Program) -> None:
    main = program.process()
    main.resource(3, "lock", "lock", slot=1)
    main.record(Kind.ACQUIRED, 3, b=1)
    main.words(1, value=2, n_in=1, n_out=0, n_dropped=0)
    program.follower.poll()
    main.words(1, value=0, n_in=1, n_out=0, n_dropped=0)
    assert [words for words in program.told() if words[0] == "STATE"] == [("STATE", "?", "lock", 0, 1)]


def test_a_fork_does_not_repeat_the_states_of_its_parent(program: Program) -> None:
    main = program.process()
    main.resource(3, "lock", "lock", slot=1)
    main.words(1, value=0, n_in=500, n_out=500, n_dropped=400)
    main.header(6, 400)
    child = program.process(CHILD, how="fork", ppid=MAIN, first_id=5)
    child.words(1, value=0, n_in=500, n_out=500, n_dropped=400)
    program.follower.poll()
    child.words(1, value=2, n_in=900, n_out=899, n_dropped=700)
    child.header(6, 300)
    program.told()
    states = [event for event in program.recording if event.kind == Kind.STATE]
    assert [(program.tables.resources[e.obj].process, e.b) for e in states] == [(1, 500), (4, 900)]
    assert program.recording.sampled == 700


def test_a_killed_child_gets_its_end_from_the_operating_system(program: Program) -> None:
    main = program.process()
    main.task(8, "process", "worker-1")
    child = program.process(CHILD, how="spawn", ppid=MAIN, as_=(MAIN, 8))
    child.record(Kind.START, 1, thread=2, t_ns=1)
    program.follower.poll()
    assert program.deaths.watched == [CHILD]
    child.record(Kind.SET, t_ns=2)
    program.deaths.now = [(CHILD, -9)]
    assert program.told()[1:] == [
        ("SET", "MainThread", "?", 0, 0),
        ("EXIT", "worker-1", "worker-1", Outcome.FAILED, -9),
    ]
    assert not Path(child.base + ".ring").exists()


def test_the_starter_may_tell_how_a_child_ended(program: Program) -> None:
    main = program.process()
    main.task(8, "process", "never")  # killed before it could open a ring
    main.meta("child", id=8, pid=CHILD, t_ns=0)
    main.meta("exit", id=8, pid=CHILD, status=-15, t_ns=0)
    assert program.told() == [("EXIT", "never", "never", Outcome.FAILED, -15)]


def test_an_end_that_was_recorded_is_not_told_twice(program: Program) -> None:
    main = program.process()
    main.task(8, "process", "worker-1")
    child = program.process(CHILD, how="spawn", ppid=MAIN, as_=(MAIN, 8))
    child.record(Kind.EXIT, 1, thread=1, a=Outcome.FAILED, b=1)
    program.follower.poll()
    program.deaths.now = [(CHILD, None)]
    main.meta("exit", id=8, pid=CHILD, status=1, t_ns=0)
    assert program.told() == [("EXIT", "worker-1", "worker-1", Outcome.FAILED, 1)]


def test_the_operating_system_has_the_last_word_on_an_end(program: Program) -> None:
    main = program.process()
    main.record(Kind.EXIT, 1, thread=1, a=Outcome.DONE, b=0)
    program.follower.poll()
    program.follower.main_ended(-11)
    assert [words[3:] for words in program.told()] == [(Outcome.DONE, 0), (Outcome.FAILED, -11)]


def test_an_unknown_status_is_said_and_not_invented(program: Program) -> None:
    program.process()
    program.process(CHILD, how="fork", ppid=MAIN)
    program.follower.poll()
    program.deaths.now = [(CHILD, None)]
    assert program.told() == [("EXIT", f"fork {CHILD}", f"fork {CHILD}", Outcome.DONE, 0)]
    assert "its exit status could not be observed" in program.tables.notes[0]


def test_exceptions_notes_and_faults(program: Program) -> None:
    main = program.process()
    main.task(5, "thread", "T1")
    main.meta(
        "exception", task=5, type="KeyError", message="'k'", tb=[["/p.py", 3, "f"]], where="thread", t_ns=9
    )
    main.meta("note", text="A limit.", t_ns=0)
    main.meta("note", text="A limit.", t_ns=0)
    main.meta("fault", where="queues", message="TypeError: no")
    program.told()
    (error,) = program.tables.exceptions
    assert (program.tables.task_name(error.task), error.type, error.traceback) == (
        "T1",
        "KeyError",
        (("/p.py", 3, "f"),),
    )
    assert program.tables.notes == [
        "A limit.",
        "A probe failed and stands aside there (queues): TypeError: no",
    ]


def test_unknown_kinds_and_impossible_times_are_left_out_and_counted(program: Program) -> None:
    main = program.process()
    main.record(Kind.STATE, 1)  # only the observer writes it
    main.record(Kind.SET, t_ns=1 << 62)
    main.record(Kind.CLEAR)
    main.meta("unheard of")
    main.meta("task", id="five", kind="thread", name="T1")
    main.meta("task", id=5, kind="fibre", name="T1")
    assert [words[0] for words in program.told()] == ["CLEAR"]
    assert program.follower.n_damaged == 5


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
_keys = st.sampled_from(
    [
        "id",
        "kind",
        "name",
        "spawner",
        "thread",
        "native",
        "code",
        "lasti",
        "callee",
        "up",
        "store",
        "holder",
        "part_of",
        "lock",
        "slot",
        "capacity",
        "file",
        "func",
        "first",
        "lines",
        "pos",
        "task",
        "type",
        "message",
        "tb",
        "as",
        "pid",
        "status",
        "first_id",
        "ppid",
        "how",
    ]
)
_small = st.integers(-2, 12) | st.sampled_from(["thread", "asyncio", "process", "lock", "/x.py"]) | st.none()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "process",
                    "role",
                    "task",
                    "rename",
                    "child",
                    "exit",
                    "resource",
                    "variable",
                    "code",
                    "exception",
                    "note",
                    "fault",
                ]
            ),
            st.dictionaries(_keys, _small | _json, max_size=12),
        ),
        max_size=8,
    ),
    records=st.lists(
        st.tuples(
            st.sampled_from(list(Kind)),
            st.integers(0, 12),  # obj
            st.integers(0, 12),  # thread
            st.integers(0, 3),  # code
            st.integers(0, 12),  # task
            st.integers(-3, 1 << 62),  # a
        ),
        max_size=8,
    ),
    how=st.sampled_from(["run", "fork", "spawn", "forkserver"]),
)
def test_no_lines_and_no_records_can_make_it_raise(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[tuple[str, dict[str, Any]]],
    records: list[tuple[Kind, int, int, int, int, int]],
    how: str,
) -> None:
    program = Program(tmp_path_factory.mktemp("session"))
    first = program.process()
    second = program.process(CHILD, how=how, ppid=MAIN, as_=(MAIN, 3), first_id=6)
    for writer in (first, second):
        for k, line in lines:
            writer.meta(k, **line)
        for kind, obj, thread, code, task, a in records:
            writer.record(kind, obj, thread=thread, code=code, task=task, a=a, b=a)
    program.follower.poll()
    program.deaths.now = [(CHILD, -9)]
    program.told()
    times = [event.t_ns for event in program.recording]
    assert times == sorted(times)
    program.follower.close()
    for writer in program.writers:
        writer.close()


def test_records_without_metadata_do_not_stop_the_others(program: Program) -> None:
    program.process(200, about=False).record(Kind.SET)
    program.process().record(Kind.CLEAR)
    assert [words[0] for words in program.told()] == ["CLEAR"]


def test_a_file_that_is_no_ring_is_left_alone(program: Program, tmp_path: Path) -> None:
    (tmp_path / "7-7.ring").write_bytes(os.urandom(5000))
    program.process().record(Kind.CLEAR)
    assert [words[0] for words in program.told()] == ["CLEAR"]
    assert program.follower.n_damaged == 1

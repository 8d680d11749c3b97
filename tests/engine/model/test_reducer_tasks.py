"""The life of tasks: what events of spawning, stepping, joining and ending make of the state."""

from syncscope_engine.events import Awaited, Kind, Outcome
from syncscope_engine.model.spans import Link
from syncscope_engine.model.state import Run
from syncscope_engine.recording import Recording
from tape import MS, Tape


def runs(reducer, task):
    """States of a task one after the other."""
    return [span.run for span in reducer.spans.between(task, 0, reducer.state.t_ns + 1)]


def test_a_thread_is_created_runs_and_ends(reduce):
    tape = Tape()
    t1 = tape.thread("T1", started=False)
    assert reduce(tape).state.tasks[t1].run is Run.CREATED
    tape.start(t1)
    tape.exit(t1)
    reducer = reduce(tape)
    assert runs(reducer, t1) == [Run.CREATED, Run.RUNNING, Run.DONE]
    assert reducer.state.n_gaps == 0
    (link,) = reducer.spans.links_between(0, tape.now_ns + 1)
    assert (link.source, link.target, link.kind) == (tape.main, t1, Kind.SPAWN)


def test_join_waits_until_the_other_ends(reduce):
    tape = Tape()
    t1 = tape.thread("T1")
    tape.join(tape.main, t1, line=9)
    main = reduce(tape).state.tasks[tape.main]
    assert (main.run, main.wait.kind, main.wait.obj, main.wait.timed) == (Run.BLOCKED, Kind.JOIN, t1, False)
    tape.pass_ms(4)
    tape.exit(t1)
    tape.joined(tape.main, t1)
    reducer = reduce(tape)
    main = reducer.state.tasks[tape.main]
    assert (main.run, main.wait, main.n_waits) == (Run.RUNNING, None, 1)
    assert main.wait_ns == 4 * MS + 2000
    joined = tape.recording[len(tape.recording)]
    assert reducer.spans.links_between(0, tape.now_ns + 1)[-1] == Link(
        joined.t_ns, t1, tape.main, t1, Kind.EXIT
    )


def test_sleeping_is_not_waiting(reduce):
    tape = Tape()
    tape.sleep(tape.main, 10)
    task = reduce(tape).state.tasks[tape.main]
    assert (task.run, task.wait.detail, task.wait.timed) == (Run.SLEEPING, 10 * MS, True)
    tape.pass_ms(10)
    tape.slept(tape.main)
    task = reduce(tape).state.tasks[tape.main]
    assert (task.run, task.wait_ns, task.n_waits) == (Run.RUNNING, 0, 0)


def test_an_asyncio_task_suspends_on_what_it_awaits(reduce):
    tape = Tape()
    one, two = tape.aio_task("one"), tape.aio_task("two")
    assert reduce(tape).state.tasks[one].run is Run.CREATED
    tape.step(one)
    tape.suspend(one, two)
    task = reduce(tape).state.tasks[one]
    assert (task.run, task.wait.kind, task.wait.obj) == (Run.BLOCKED, Kind.SUSPEND, two)
    tape.step(two)
    tape.suspend(two, awaited=Awaited.SLEEP)
    assert reduce(tape).state.tasks[two].run is Run.SLEEPING
    tape.step(two)
    tape.suspend(two, awaited=Awaited.YIELD)
    assert reduce(tape).state.tasks[two].run is Run.READY
    tape.step(two)
    tape.exit(two)
    tape.step(one)
    reducer = reduce(tape)
    assert runs(reducer, one) == [Run.CREATED, Run.RUNNING, Run.BLOCKED, Run.RUNNING]
    assert reducer.spans.links_between(0, tape.now_ns + 1)[-1].source == two
    assert reducer.state.n_gaps == 0


def test_a_cancelled_task_names_who_cancelled_it(reduce):
    tape = Tape()
    one, two = tape.aio_task("one"), tape.aio_task("two")
    tape.step(one)
    tape.suspend(one, awaited=Awaited.SLEEP)
    tape.step(two)
    tape.cancel(two, one)
    assert reduce(tape).state.tasks[one].cancel_requests == 1
    tape.suspend(two, one)
    tape.step(one)
    tape.exit(one, Outcome.CANCELLED, status=1)
    reducer = reduce(tape)
    assert reducer.state.tasks[one].run is Run.CANCELLED
    assert reducer.spans.links_between(0, tape.now_ns + 1)[-1].source == two


def test_a_timeout_takes_its_request_back(reduce):
    tape = Tape()
    one = tape.aio_task("one")
    tape.step(one)
    tape.suspend(one, awaited=Awaited.SLEEP)
    tape.cancel(tape.main, one)
    tape.step(one)
    tape.uncancel(one)
    assert reduce(tape).state.tasks[one].cancel_requests == 0


def test_a_process_takes_its_tasks_with_it(reduce):
    tape = Tape()
    lock = tape.lock()
    child = tape.process("worker")
    main = tape.main_of(child)
    tape.acquired(tape.main, lock)
    tape.acquire(main, lock)
    tape.exit(child, Outcome.FAILED, status=-9)
    state = reduce(tape).state
    assert (state.tasks[child].run, state.tasks[child].exit_code) == (Run.FAILED, -9)
    assert state.tasks[main].run is Run.FAILED
    assert state.resources[lock].waiters == []


def test_daemons_vanish_with_a_process_that_is_done(reduce):
    tape = Tape()
    daemon = tape.thread("daemon", daemon=True)
    tape.emit(Kind.PROGRAM_END, tape.main, tape.process_id)
    tape.exit(tape.main)
    tape.exit(tape.process_id)
    assert reduce(tape).state.tasks[daemon].run is Run.DONE


def test_after_the_program_the_main_thread_waits_for_the_threads_that_remain(reduce):
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    tape.thread("daemon", daemon=True)
    tape.emit(Kind.PROGRAM_END, tape.main, tape.process_id)
    main = reduce(tape).state.tasks[tape.main]
    assert (main.run, main.wait.kind) == (Run.BLOCKED, Kind.PROGRAM_END)
    tape.exit(t1)
    assert reduce(tape).state.tasks[tape.main].run is Run.BLOCKED
    t3 = tape.thread("T3", t2)
    tape.exit(t2)
    assert reduce(tape).state.tasks[tape.main].run is Run.BLOCKED
    tape.exit(t3)
    assert reduce(tape).state.tasks[tape.main].run is Run.RUNNING
    tape.exit(tape.main)
    assert reduce(tape).state.n_gaps == 0


def test_the_joins_of_the_interpreters_end_follow_that_wait(reduce):
    tape = Tape()
    t1 = tape.thread("T1", line=6)
    tape.emit(Kind.PROGRAM_END, tape.main, tape.process_id)
    tape.join(tape.main, t1)
    reducer = reduce(tape)
    main = reducer.state.tasks[tape.main]
    assert (main.wait.kind, main.place) == (Kind.JOIN, 0), "it is nowhere in the program any more"
    tape.exit(t1)
    tape.joined(tape.main, t1)
    assert reduce(tape).state.n_gaps == 0


def test_a_start_that_is_read_before_the_spawn_is_no_gap(reduce):
    tape = Tape()
    child = tape.process("worker", main=False)
    events = list(tape.recording)
    assert [event.kind for event in events[3:]] == [Kind.SPAWN, Kind.START]
    tables = tape.recording.tables
    tape.recording = Recording()
    tape.recording.tables = tables
    tape.recording.append([*events[:3], events[4], events[3]])
    reducer = reduce(tape)
    assert reducer.state.tasks[child].run is Run.RUNNING
    assert reducer.state.n_gaps == 0


def test_records_of_a_process_that_are_read_after_its_end(reduce):
    tape = Tape()
    child = tape.process("worker", main=False)
    tape.exit(child, Outcome.FAILED, status=-9)
    late = tape._new_thread("MainThread", child, spawner=child)
    lock = tape.lock()
    tape.emit(Kind.START, late, child)
    tape.start(late)
    tape.acquired(late, lock)
    tape.sleep(late, 5)
    state = reduce(tape).state
    assert (state.tasks[late].run, state.resources[lock].owner, state.n_gaps) == (Run.FAILED, late, 0)

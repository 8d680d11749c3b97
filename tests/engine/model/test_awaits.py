"""Several tasks awaited together, calls into loops of other threads, futures of asyncio."""

from syncscope_engine.events import Awaited, Flag, Kind, Outcome
from syncscope_engine.model.waits import describe_wait, left_of, wait_chain
from tape import Tape


def gathering(tape: Tape, *names: str, needs_all: bool = True) -> tuple[int, list[int]]:
    parent = tape.aio_task("parent")
    children = [tape.aio_task(name, parent) for name in names]
    for child in children:
        tape.step(child)
        tape.suspend(child, awaited=Awaited.FUTURE)
    tape.step(parent)
    for child in children:
        tape.emit(Kind.AWAITS, parent, child, a=int(needs_all), b=len(children))
    tape.suspend(parent, children[0], Awaited.TASKS)
    return parent, children


def words(reduce, tape: Tape, task: int) -> str:
    wait = describe_wait(task, reduce(tape).state, tape.tables, tape.now_ns)
    assert wait is not None
    return wait.reason("en", tape.tables)


def test_several_are_named_until_one_is_left(reduce):
    tape = Tape()
    parent, (a, b, c, d) = gathering(tape, "A", "B", "C", "D")
    assert words(reduce, tape, parent) == "waits for 4 tasks: A, B, C and 1 more"
    tape.exit(a)
    assert words(reduce, tape, parent) == "waits for 3 tasks: B, C and D"
    assert wait_chain(parent, reduce(tape).state, tape.tables) == [parent]
    tape.exit(b)
    tape.exit(c)
    assert words(reduce, tape, parent) == "waits for D"
    assert wait_chain(parent, reduce(tape).state, tape.tables) == [parent, d]


def test_some_of_several(reduce):
    tape = Tape()
    parent, (a, b) = gathering(tape, "A", "B", needs_all=False)
    assert words(reduce, tape, parent) == "waits for some of 2 tasks: A and B"
    state = reduce(tape).state
    assert left_of(state.tasks[parent], state) == [a, b]
    tape.exit(a)
    state = reduce(tape).state
    assert left_of(state.tasks[parent], state) is None  # it goes on as soon as it can


def test_who_ended_lets_it_go_on(reduce):
    tape = Tape()
    parent, (a, b) = gathering(tape, "A", "B")
    tape.exit(b)
    tape.exit(a)
    tape.step(parent)
    reducer = reduce(tape)
    links = reducer.spans.links_between(0, tape.now_ns + 1)
    ends = {(link.source, link.target) for link in links if link.kind == Kind.EXIT}
    assert ends == {(a, parent), (b, parent)}
    assert reducer.state.tasks[parent].awaits == ()


def test_a_call_from_another_thread(reduce):
    tape = Tape()
    other = tape.thread("other")
    tape.emit(Kind.CALL, other, tape.main, a=7)
    tape.emit(Kind.CALLED, tape.main, a=7, b=1000)
    links = reduce(tape).spans.links_between(0, tape.now_ns + 1)
    assert (other, tape.main, Kind.CALL) in {(link.source, link.target, link.kind) for link in links}


def test_a_known_limit(reduce):
    tape = Tape()
    task = tape.aio_task("one")
    tape.step(task)
    tape.emit(Kind.SUSPEND, task, b=Awaited.FUTURE, flags=Flag.TIMED)
    wait = reduce(tape).state.tasks[task].wait
    assert wait is not None
    assert wait.timed


def test_who_destroyed_it_changes_nothing(reduce):
    tape = Tape()
    task = tape.aio_task("one")
    tape.step(task)
    tape.exit(task, Outcome.CANCELLED)
    tape.emit(Kind.LEAKED, tape.main, task)
    tape.emit(Kind.UNREAD, tape.main, task)
    tape.emit(Kind.HELD, tape.main, task, a=10**9)
    assert reduce(tape).state.n_gaps == 0

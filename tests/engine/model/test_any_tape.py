"""Whatever can be decoded leaves a valid state, and never raises."""

from hypothesis import given, settings
from hypothesis import strategies as st

from syncscope_engine.events import Event, Kind
from syncscope_engine.model.reducer import Reducer
from syncscope_engine.model.validate import validate
from tape import Tape

BIG = (1 << 63) - 1


def a_program() -> Tape:
    """A bit of everything, so that ids of all kinds are among the first thirty."""
    tape = Tape()
    t1 = tape.thread("T1")
    tape.thread("T2", daemon=True)
    tape.process("worker")
    tape.aio_task("Task-1", t1)
    tape.aio_task("Task-2", t1)
    tape.lock("lock")
    tape.rlock("rlock")
    tape.condition("condition")
    tape.semaphore("semaphore", 2)
    tape.event("event")
    tape.barrier("barrier")
    tape.queue("queue")
    tape.variable("counter")
    tape.lock("asyncio lock", asyncio=True)
    tape.condition("asyncio condition", asyncio=True)
    tape.queue("asyncio queue", asyncio=True)
    return tape


LAST_ID = max(a_program().tables.resources)
ids = st.integers(0, LAST_ID + 2)
numbers = st.one_of(st.integers(-2, 6), st.integers(0, LAST_ID), st.sampled_from([BIG, -BIG]))
events = st.builds(
    Event,
    n=st.just(0),
    t_ns=st.integers(0, 50),
    kind=st.sampled_from([*Kind, 255]),  # type: ignore[list-item]
    task=ids,
    obj=ids,
    place=st.integers(0, 3),
    a=numbers,
    b=numbers,
    flags=st.integers(0, 31),
    thread=ids,
)


@settings(max_examples=300, deadline=None)
@given(tape=st.lists(events, max_size=80), started=st.booleans())
def test_any_sequence_of_events_leaves_a_valid_state(tape: list[Event], started: bool):
    program = a_program()
    reducer = Reducer(program.tables)
    if started:
        for event in program.recording:
            reducer.handle(event)
    t_ns = program.now_ns
    for n, event in enumerate(tape, len(program.recording) + 1):
        t_ns += event.t_ns
        reducer.handle(event._replace(n=n, t_ns=t_ns))
        validate(reducer.state, program.tables)

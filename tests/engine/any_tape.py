"""Programs and events at random, for property tests: whatever a damaged or partly lost recording may say."""

from hypothesis import strategies as st

from syncscope_engine.events import Event, Kind
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

"""Whatever can be decoded leaves a valid state, and never raises."""

from hypothesis import given, settings
from hypothesis import strategies as st

from any_tape import a_program, events
from syncscope_engine.events import Event
from syncscope_engine.model.reducer import Reducer
from syncscope_engine.model.validate import validate


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

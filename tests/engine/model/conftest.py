"""Runs a tape through the reducer; every test's last state is checked for what is always true."""

from collections.abc import Callable, Iterator

import pytest

from syncscope_engine.model.reducer import Reducer
from syncscope_engine.model.validate import validate
from tape import Tape

Reduce = Callable[[Tape], Reducer]


@pytest.fixture
def reduce() -> Iterator[Reduce]:
    """Call it with a tape: the reducer after the tape's last event."""
    used: list[tuple[Reducer, Tape]] = []

    def run(tape: Tape) -> Reducer:
        reducer = Reducer(tape.tables)
        for event in tape.recording:
            reducer.handle(event)
        used.append((reducer, tape))
        return reducer

    yield run
    for reducer, tape in used:
        validate(reducer.state, tape.tables)

"""The state at any moment is what reducing everything up to there gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_tape import a_program, events
from syncscope_engine.events import Event, Kind
from syncscope_engine.model import past
from syncscope_engine.model.past import Checkpoints, Past
from syncscope_engine.model.reducer import Reducer


@pytest.fixture(autouse=True)
def close_checkpoints(monkeypatch):
    monkeypatch.setattr(past, "SPACING", 3)


def reduced(recording, n):
    reducer = Reducer(recording.tables)
    for event in recording.between(1, n):
        reducer.handle(event)
    return reducer.state


def kept(recording):
    checkpoints, reducer = Checkpoints(), Reducer(recording.tables)
    for event in recording:
        reducer.handle(event)
        if event.n >= checkpoints.next_n:
            checkpoints.keep(reducer)
    return checkpoints


@settings(max_examples=80, deadline=None)
@given(st.lists(events, max_size=60), st.lists(st.integers(0, 80), min_size=1, max_size=12))
def test_any_moment_of_any_tape(more, moments):
    recording = a_program().recording
    recording.append(more)
    seeker = Past(recording, kept(recording))
    for n in moments:
        n = min(n, len(recording))
        assert seeker.at(n) == reduced(recording, n)


def test_what_an_event_made_that_did_not_fit():
    program = a_program()
    condition = next(r.id for r in program.tables.resources.values() if r.kind == "condition")
    recording = program.recording
    recording.append([Event(0, 0, Kind.WAIT, 0, condition)])
    seeker = Past(recording, Checkpoints())
    for n in (len(recording) - 1, len(recording)):
        assert seeker.at(n) == reduced(recording, n)
    assert condition in seeker.at(len(recording)).resources


def test_a_moment_between_two_events_is_that_after_the_first():
    recording = a_program().recording
    seeker = Past(recording, kept(recording))
    for event in recording:
        assert seeker.at_time(event.t_ns).n == recording.index_at(event.t_ns)
    assert seeker.at_time(recording[1].t_ns - 1).n == 0


def test_what_was_given_away_does_not_change():
    recording = a_program().recording
    seeker = Past(recording, kept(recording))
    early = seeker.at(4)
    before = repr(early)
    seeker.at(len(recording))
    assert repr(early) == before

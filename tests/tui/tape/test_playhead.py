"""The playhead: live, still, moving, from event to event."""

import pytest

from syncscope.playhead import SPEEDS, Playhead
from syncscope_engine.events import Event, Kind
from syncscope_engine.recording import Recording

S = 1_000_000_000
TIMES = (1, 2, 2, 2, 5, 9)


@pytest.fixture
def playhead():
    recording = Recording()
    recording.tables.start_ns = 0
    recording.append(Event(0, t * S, Kind.STEP, 2 + i % 2, 0) for i, t in enumerate(TIMES))
    playhead = Playhead(recording)
    playhead.tick(0, 10 * S)
    return playhead


def at(playhead):
    position = playhead.position
    return position.n, position.t_ns / S


def test_live_is_the_end_of_the_tape(playhead):
    assert playhead.position.live
    playhead.tick(S, 11 * S)
    assert at(playhead) == (6, 11)


def test_played_from_the_present_it_begins_anew(playhead):
    playhead.toggle()
    playhead.tick(S, 10 * S)
    assert at(playhead) == (1, 1)


def test_stopped_it_stays_while_the_tape_goes_on(playhead):
    playhead.stop()
    playhead.tick(S, 12 * S)
    assert at(playhead) == (6, 10)
    playhead.go_live()
    assert at(playhead) == (6, 12)


def test_a_moment_and_beyond_the_edges(playhead):
    playhead.seek(3 * S)
    assert at(playhead) == (4, 3)
    assert not playhead.position.live
    playhead.shift(-100 * S)
    assert at(playhead) == (0, 0)
    playhead.shift(100 * S)
    assert at(playhead) == (6, 10)


def test_step_by_step_through_events_of_one_moment(playhead):
    playhead.seek(1 * S)
    seen = []
    while playhead.step(1):
        seen.append(at(playhead))
    assert seen == [(2, 2), (3, 2), (4, 2), (5, 5), (6, 9)]
    back = []
    while playhead.step(-1):
        back.append(at(playhead)[0])
    assert back == [5, 4, 3, 2, 1, 0]
    assert not playhead.step(-1)


def test_steps_of_one_task(playhead):
    playhead.seek(0)
    seen = []
    while playhead.step(1, task=3):
        seen.append(at(playhead)[0])
    assert seen == [2, 4, 6]
    assert playhead.step(-1, task=2)
    assert at(playhead)[0] == 5
    assert not playhead.step(1, task=99)


def test_play_at_any_speed_to_the_end(playhead):
    playhead.seek(0)
    playhead.play()
    playhead.tick(S // 2, 10 * S)
    assert at(playhead) == (0, 0.5)
    playhead.faster(-1)
    assert playhead.position.speed == 0.5
    playhead.tick(S, 10 * S)
    assert at(playhead) == (1, 1)
    playhead.faster(+99)
    assert playhead.position.speed == SPEEDS[-1] == 100
    playhead.tick(S, 10 * S)
    assert at(playhead) == (6, 10)
    assert not playhead.position.playing
    playhead.toggle()
    assert at(playhead) == (0, 0), "from the beginning again"
    playhead.faster(-99)
    assert playhead.position.speed == 1 / 1000
    playhead.toggle()
    assert not playhead.position.playing

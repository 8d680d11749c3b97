"""The builder of literal tapes fills in what a probe would know."""

from itertools import pairwise

from syncscope_engine.events import Flag, Kind
from tape import Tape


def test_a_contended_lock_carries_owner_and_waited_time():
    tape = Tape()
    t1, t2, lock = tape.thread("T1"), tape.thread("T2"), tape.lock()
    tape.acquired(t1, lock)
    asked = tape.acquire(t2, lock, line=7)
    tape.pass_ms(3)
    tape.release(t1, lock)
    got = tape.acquired(t2, lock)
    assert (asked.kind, asked.a) == (Kind.ACQUIRE, t1)
    assert got.a == got.t_ns - asked.t_ns == 3_002_000
    assert tape.tables.places[asked.place].line == 7


def test_the_inner_levels_of_an_rlock_are_reentrant():
    tape = Tape()
    rlock = tape.rlock()
    flags = [
        event.flags
        for event in (
            tape.acquired(tape.main, rlock),
            tape.acquired(tape.main, rlock),
            tape.release(tape.main, rlock),
            tape.release(tape.main, rlock),
        )
    ]
    assert flags == [0, Flag.REENTRANT, Flag.REENTRANT, 0]


def test_numbers_and_times_go_up_without_holes():
    tape = Tape()
    tape.thread("T1")
    events = list(tape.recording)
    assert [event.n for event in events] == list(range(1, len(events) + 1))
    assert all(one.t_ns < two.t_ns for one, two in pairwise(events))

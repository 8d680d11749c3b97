"""Locks held across sleeps and waits while others stand in line, and holds that are as long as they must be."""

import pytest

from syncscope_engine.events import Flag
from syncscope_engine.texts import finding_text
from tape import Tape


@pytest.fixture
def tape():
    return Tape()


def holds(tape: Tape, n: int, ms: float = 150, asleep: float = 1.0, in_line: float = 1.0, **made) -> int:
    """Two tasks take turns `n` times: each hold takes `ms`, of which the owner sleeps a part, while the other
    one waits for the same or another part."""
    lock = tape.lock(**made)
    owner, other = tape.thread("T1"), tape.thread("T2")
    tape.acquired(owner, lock, line=10)
    for _ in range(n):
        tape.pass_ms(ms * (1 - in_line))
        tape.acquire(other, lock, line=10)
        tape.pass_ms(ms * in_line * (1 - asleep))
        if asleep:
            tape.sleep(owner, ms * asleep, line=12)
            tape.pass_ms(ms * in_line * asleep)
            tape.slept(owner)
        tape.release(owner, lock)
        tape.acquired(other, lock, line=10)
        owner, other = other, owner
    tape.release(owner, lock)
    return lock


def test_asleep_with_the_lock_in_hand(tape, judge):
    lock = holds(tape, 12)
    (finding,) = judge(tape)
    assert (finding.kind, finding.severity) == ("oversized_critical_section", "note")
    assert (finding.resources, finding.basis) == ((lock,), "observed")
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "`lock` is held while its owners sleep or wait"
    assert text.explanation.startswith(
        "In 1.8 s `lock` was held 13 times, 1.8 s in all; for 100 % of that its owners slept or waited"
    )


def test_waiting_for_another_thing_counts_as_well(tape, judge):
    lock, queue = tape.lock(), tape.queue()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    for _ in range(12):
        tape.acquired(t1, lock)
        tape.acquire(t2, lock)
        tape.get_wait(t1, queue, line=12)
        tape.pass_ms(100)
        tape.put(tape.main, queue)
        tape.get(t1, queue, line=12)
        tape.release(t1, lock)
        tape.acquired(t2, lock)
        tape.release(t2, lock)
    (finding,) = judge(tape)
    assert [tape.tables.places[place].line for place in finding.places] == [12]


@pytest.mark.parametrize(
    "healthy",
    [
        {"n": 5},
        {"n": 12, "ms": 20},
        {"n": 12, "asleep": 0.0},
        {"n": 12, "asleep": 0.4},
        {"n": 12, "in_line": 0.3},
        {"n": 12, "asyncio": True},
    ],
    ids=lambda options: ",".join(options),
)
def test_what_costs_little_or_must_be(tape, judge, healthy):
    holds(tape, **healthy)
    assert judge(tape) == []


def test_holds_that_were_not_recorded_may_have_been_short(tape, judge):
    lock = holds(tape, 12)
    tape.acquired(tape.main, lock, flags=Flag.SAMPLED)
    tape.release(tape.main, lock)
    assert judge(tape) == []


def test_a_condition_gives_its_lock_up(tape, judge):
    lock = tape.lock()
    condition = tape.condition(lock=lock)
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    for _ in range(12):
        tape.acquired(t1, lock)
        tape.wait(t1, condition)
        tape.acquired(t2, lock)
        tape.pass_ms(120)
        tape.notify(t2, condition, t1)
        tape.release(t2, lock)
        tape.woke(t1, condition)
        tape.release(t1, lock)
    assert judge(tape) == []

"""Locks taken in opposite orders: told, whether or not they met; and the orders that never can meet."""

import pytest

from syncscope_engine.events import Awaited, Flag
from syncscope_engine.texts import finding_text
from tape import Tape


@pytest.fixture
def tape():
    return Tape()


def nested(tape: Tape, task: int, *locks: int, line: int = 10, flags: int = 0) -> None:
    """Takes the locks one inside the other, and gives them back."""
    for n, lock in enumerate(locks):
        tape.acquired(task, lock, line=line + n, flags=flags if n else 0)
    for lock in reversed(locks):
        tape.release(task, lock)


def two(tape: Tape) -> tuple[int, int, int, int]:
    return tape.thread("T1"), tape.thread("T2"), tape.lock("a"), tape.lock("b")


def test_opposite_orders_that_did_not_meet(tape, judge):
    t1, t2, a, b = two(tape)
    nested(tape, t1, a, b, line=10)
    nested(tape, t2, b, a, line=20)
    (finding,) = judge(tape)
    assert (finding.kind, finding.severity, finding.basis) == ("lock_order_inversion", "warning", "inferred")
    assert (finding.resources, finding.tasks) == ((a, b), (t1, t2))
    assert sorted(tape.tables.places[place].line for place in finding.places) == [10, 11, 20, 21]
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "Opposite orders: `a` and `b` are taken in a ring"
    assert "T1 asks for `b` (line 11) while it holds `a` (line 10)." in text.explanation
    assert "T2 asks for `a` (line 21) while it holds `b` (line 20)." in text.explanation


def test_orders_that_met_are_a_deadlock_too(tape, judge):
    t1, t2, a, b = two(tape)
    tape.acquired(t1, a)
    tape.acquired(t2, b)
    tape.acquire(t1, b)
    tape.acquire(t2, a)
    assert [finding.kind for finding in judge(tape)] == ["deadlock", "lock_order_inversion"]


def test_a_ring_of_five(tape, judge):
    forks = [tape.lock(f"fork{n}") for n in range(5)]
    for n in range(5):
        nested(tape, tape.thread(f"P{n}"), forks[n], forks[(n + 1) % 5])
    (finding,) = judge(tape)
    assert finding.resources == tuple(forks)
    assert len(finding.tasks) == 5


def test_a_ring_is_told_once(tape, judge):
    t1, t2, a, b = two(tape)
    for n in range(5):
        nested(tape, t1, a, b, line=10 * n + 10)
        nested(tape, t2, b, a, line=10 * n + 15)
        tape.pass_ms(50)
    assert len(judge(tape)) == 1


def test_orders_that_are_concurrent_only_later(tape, judge):
    t1, a, b = tape.thread("T1"), tape.lock("a"), tape.lock("b")
    nested(tape, t1, a, b)
    t2 = tape.thread("T2", spawner=t1)
    nested(tape, t2, b, a)
    tape.pass_ms(100)
    assert judge(tape) == []
    nested(tape, t1, a, b)
    assert [finding.kind for finding in judge(tape)] == ["lock_order_inversion"]


def test_one_and_the_same_order(tape, judge):
    t1, t2, a, b = two(tape)
    c = tape.lock("c")
    for task in (t1, t2, t1):
        nested(tape, task, a, b, c)
        nested(tape, task, a, c)
    assert judge(tape) == []


def test_one_task_alone(tape, judge):
    t1, _, a, b = two(tape)
    nested(tape, t1, a, b)
    nested(tape, t1, b, a)
    assert judge(tape) == []


def test_a_gate_around_both_orders(tape, judge):
    t1, t2, a, b = two(tape)
    gate = tape.lock("gate")
    nested(tape, t1, gate, a, b)
    nested(tape, t2, gate, b, a)
    assert judge(tape) == []


def test_a_gate_around_one_order_only(tape, judge):
    t1, t2, a, b = two(tape)
    gate = tape.lock("gate")
    nested(tape, t1, gate, a, b)
    nested(tape, t2, b, a)
    assert [finding.kind for finding in judge(tape)] == ["lock_order_inversion"]


def test_a_semaphore_of_one_permit_is_a_gate(tape, judge):
    t1, t2, a, b = two(tape)
    gate = tape.semaphore("gate", 1)
    nested(tape, t1, gate, a, b)
    nested(tape, t2, gate, b, a)
    assert judge(tape) == []


def test_a_thread_that_was_joined_before_the_other_began(tape, judge):
    t1, a, b = tape.thread("T1"), tape.lock("a"), tape.lock("b")
    nested(tape, t1, a, b)
    tape.exit(t1)
    tape.joined(tape.main, t1)
    nested(tape, tape.thread("T2"), b, a)
    assert judge(tape) == []


def test_an_order_handed_on_through_an_event(tape, judge):
    t1, t2, a, b = two(tape)
    ready = tape.event("ready")
    nested(tape, t1, a, b)
    tape.set(t1, ready)
    tape.woke(t2, ready)
    nested(tape, t2, b, a)
    assert judge(tape) == []


def test_second_locks_with_a_time_limit(tape, judge):
    t1, t2, a, b = two(tape)
    nested(tape, t1, a, b, flags=Flag.TIMED)
    nested(tape, t2, b, a)
    tape.acquired(t1, a)
    tape.acquire(t1, b, timed=True)
    tape.acquire_failed(t1, b)
    tape.release(t1, a)
    assert judge(tape) == []


def test_an_inner_level_of_an_rlock_is_no_order(tape, judge):
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    a, b = tape.rlock("a"), tape.lock("b")
    tape.acquired(t1, a)
    nested(tape, t1, b, a)
    tape.release(t1, a)
    nested(tape, t2, a, b)
    assert judge(tape) == []


def test_asyncio_locks_when_a_time_limit_may_be_around_them(tmp_path, judge):
    for source, n_found in (("await lock.acquire()\n", 1), ("async with timeout(1): pass\n", 0)):
        file = tmp_path / f"program{n_found}.py"
        file.write_text(f"async def main():\n    {source}")
        tape = Tape(str(file))
        a, b = tape.lock("a", asyncio=True), tape.lock("b", asyncio=True)
        for locks in ((a, b), (b, a)):
            task = tape.aio_task("task")
            tape.step(task)
            nested(tape, task, *locks, line=1)
            tape.suspend(task, awaited=Awaited.SLEEP)
        assert len(judge(tape)) == n_found

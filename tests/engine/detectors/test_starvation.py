"""Tasks that are overtaken again and again, and those that only wait long or are only overtaken."""

import pytest

from syncscope_engine.texts import finding_text
from tape import Tape


@pytest.fixture
def tape():
    return Tape()


def hog(tape: Tape, lock: int, n: int, ms: float) -> tuple[int, int]:
    """One thread takes the lock again and again, `ms` each, while another one waits for it: (hog, waiter)."""
    greedy, hungry = tape.thread("greedy"), tape.thread("hungry")
    tape.acquired(greedy, lock)
    tape.acquire(hungry, lock, line=20)
    for _ in range(n):
        tape.pass_ms(ms)
        tape.release(greedy, lock)
        tape.acquired(greedy, lock, line=10)
    return greedy, hungry


def test_overtaken_thirty_times_in_more_than_a_second(tape, judge):
    lock = tape.lock()
    greedy, hungry = hog(tape, lock, 30, 50)
    tape.release(greedy, lock)
    tape.acquired(hungry, lock)
    (finding,) = judge(tape)
    assert (finding.kind, finding.severity, finding.basis) == ("starvation", "warning", "observed")
    assert (finding.tasks, finding.resources) == ((hungry,), (lock,))
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "hungry starves: it waited 1.5 s for `lock`"
    assert "While it waited (line 20), `lock` went 30 times to tasks that had asked for it later." in (
        text.explanation
    )


def test_it_is_told_while_it_still_waits(tape, judge):
    lock = tape.semaphore("permits", 1)
    hog(tape, lock, 25, 10)
    assert [finding.kind for finding in judge(tape, ms=100)] == []
    assert [finding.kind for finding in judge(tape, ms=900)] == ["starvation"]


def test_a_long_hold_starves_nobody(tape, judge):
    hog(tape, tape.lock(), 3, 2000)
    assert judge(tape) == []


def test_overtaken_often_in_a_short_time(tape, judge):
    lock = tape.lock()
    greedy, hungry = hog(tape, lock, 200, 1)
    tape.release(greedy, lock)
    tape.acquired(hungry, lock)
    assert judge(tape) == []


def test_not_much_longer_than_the_others(tape, judge):
    """Three in turns, each overtaken again and again, none for longer than ten usual waits."""
    lock = tape.lock()
    owner, *line = [tape.thread(f"T{n}") for n in range(3)]
    tape.acquired(owner, lock)
    for task in line:
        tape.acquire(task, lock)
    for n in range(200):
        tape.pass_ms(300)
        tape.release(owner, lock)
        following = line.pop(0 if n % 5 == 4 else 1)
        tape.acquired(following, lock)
        line.append(owner)
        tape.acquire(owner, lock)
        owner = following
    assert judge(tape) == []


def test_first_come_first_served(tape, judge):
    lock = tape.lock()
    tasks = [tape.thread(f"T{n}") for n in range(40)]
    owner = tasks.pop(0)
    tape.acquired(owner, lock)
    for task in tasks:
        tape.acquire(task, lock)
    for task in tasks:
        tape.pass_ms(100)
        tape.release(owner, lock)
        tape.acquired(task, lock)
        owner = task
    assert judge(tape) == []

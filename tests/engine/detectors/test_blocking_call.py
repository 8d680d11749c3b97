"""Steps that block their event loop: found with whoever had to wait, silent on every healthy look-alike."""

import pytest

from syncscope_engine.events import Awaited, Event, Flag, Kind
from syncscope_engine.texts import finding_text
from tape import MS, Tape


def held(
    tape: Tape,
    task: int,
    ms: float,
    waiter: int = 0,
    n: int = 0,
    *,
    busy: bool = False,
    stood: bool = False,
    line: int = 0,
) -> Event:
    """What the probe writes at the end of a long step."""
    flags = (Flag.BUSY if busy else 0) | (Flag.STOOD if stood else 0)
    return tape.emit(Kind.HELD, task, waiter, a=int(ms * MS), b=n, flags=flags, line=line)


def two_tasks() -> tuple[Tape, int, int]:
    """One that is going to block, and one that perhaps is ready."""
    tape = Tape()
    bad, good = tape.aio_task("bad", callee="work"), tape.aio_task("good")
    tape.step(good)
    tape.suspend(good, awaited=Awaited.FUTURE)
    tape.step(bad)
    tape.suspend(bad, awaited=Awaited.SLEEP, line=8)
    tape.step(bad)
    return tape, bad, good


def sleeps(tape: Tape, task: int, ms: float, line: int = 10) -> None:
    tape.sleep(task, ms, line=line)
    tape.pass_ms(ms)
    tape.slept(task)


def test_a_sleep_is_named_with_its_line(judge):
    tape, bad, good = two_tasks()
    sleeps(tape, bad, 300)
    held(tape, bad, 301, good, 1)
    tape.suspend(bad, awaited=Awaited.SLEEP, line=12)
    (finding,) = judge(tape)
    assert (finding.kind, finding.variant, finding.severity) == ("blocking_call", "sleeps", "warning")
    assert finding.tasks == (bad, good)
    assert [tape.tables.places[place].line for place in finding.places] == [10]
    assert [tape.recording[n].kind for n in finding.evidence] == [Kind.SLEEP, Kind.SLEPT, Kind.HELD]
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "bad sleeps in the event loop: 301 ms in which nothing else can run there"
    assert "bad slept for 300 ms (line 10)" in text.explanation
    assert "good had been ready" in text.explanation


def test_many_short_sleeps_count_together(judge):
    tape, bad, good = two_tasks()
    for _ in range(30):
        sleeps(tape, bad, 10)
    held(tape, bad, 301, good, 3)
    (finding,) = judge(tape)
    assert finding.variant == "sleeps"
    assert "good and 2 more" in finding_text(finding, tape.tables, "en").explanation


@pytest.mark.parametrize("what", ["lock", "join", "queue"])
def test_a_wait_of_the_thread(judge, what):
    tape, bad, good = two_tasks()
    other = tape.thread("T1")
    if what == "lock":
        lock = tape.lock()
        tape.acquired(other, lock)
        tape.acquire(bad, lock, line=10)
        tape.pass_ms(200)
        tape.release(other, lock)
        tape.acquired(bad, lock)
    elif what == "join":
        tape.join(bad, other, line=10)
        tape.pass_ms(200)
        tape.exit(other)
        tape.joined(bad, other)
    else:
        queue = tape.queue()
        tape.get_wait(bad, queue, line=10)
        tape.pass_ms(200)
        tape.put(other, queue)
        tape.get(bad, queue)
    held(tape, bad, 201, good, 1)
    (finding,) = judge(tape)
    assert (finding.variant, finding.tasks) == ("waits", (bad, good))
    words = {
        "lock": "waits for `lock`",
        "join": "waits for T1 to end",
        "queue": "waits for an item in `queue`",
    }
    assert words[what] in finding_text(finding, tape.tables, "en").explanation


def test_a_computation_is_between_two_lines(judge):
    tape, bad, good = two_tasks()
    tape.pass_ms(150)
    held(tape, bad, 150, good, 1, busy=True)
    tape.suspend(bad, awaited=Awaited.SLEEP, line=20)
    (finding,) = judge(tape)
    assert finding.variant == "computes"
    text = finding_text(finding, tape.tables, "en")
    assert (
        "bad went on for 150 ms without an await that gives the loop back (between line 8 and line 20)"
        in (text.explanation)
    )


def test_a_callback(judge):
    tape, _, good = two_tasks()
    tape.pass_ms(150)
    held(tape, tape.main, 150, good, 1, busy=True, line=30)
    (finding,) = judge(tape)
    assert finding_text(finding, tape.tables, "en").title == (
        "a callback on MainThread keeps its event loop busy for 150 ms"
    )


def test_a_long_call_that_is_not_seen(judge):
    tape, bad, good = two_tasks()
    tape.pass_ms(700)
    held(tape, bad, 700, good, 1, stood=True)
    tape.exit(bad)
    (finding,) = judge(tape)
    assert finding.variant == "unseen"


def test_tasks_that_the_step_made_itself_wait_too(judge):
    tape = Tape()
    bad = tape.aio_task("bad")
    tape.step(bad)
    made = tape.aio_task("made", bad)
    sleeps(tape, bad, 200)
    held(tape, bad, 201)
    (finding,) = judge(tape)
    assert finding.tasks == (bad, made)


def test_who_let_others_run_just_before_was_ready(judge):
    tape = Tape()
    bad, good = tape.aio_task("bad"), tape.aio_task("good")
    tape.step(good)
    tape.suspend(good, awaited=Awaited.YIELD)
    tape.step(bad)
    tape.pass_ms(150)
    held(tape, bad, 150, busy=True)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    (finding,) = judge(tape)
    assert finding.tasks == (bad, good)


def test_every_round_at_one_line_is_one_finding(judge):
    tape, bad, good = two_tasks()
    for ms in (150, 250, 200):
        sleeps(tape, bad, ms)
        held(tape, bad, ms + 1, good, 1)
        tape.suspend(bad, awaited=Awaited.SLEEP, line=12)
        tape.pass_ms(5)
        tape.step(bad)
    (finding,) = judge(tape)
    text = finding_text(finding, tape.tables, "en")
    assert "251 ms" in text.title
    assert "It happened 3 times" in text.explanation


# -- healthy look-alikes ----------------------------------------------------------------------------------


def test_nobody_had_to_wait(judge):
    tape, bad, _ = two_tasks()
    sleeps(tape, bad, 500)
    held(tape, bad, 500)
    assert judge(tape) == []


def test_the_task_was_made_at_the_end_of_the_step(judge):
    tape = Tape()
    bad = tape.aio_task("bad")
    tape.step(bad)
    sleeps(tape, bad, 500)
    tape.aio_task("made", bad)
    held(tape, bad, 501)
    assert judge(tape) == []


def test_we_stopped_the_program_meanwhile(judge):
    tape, bad, good = two_tasks()
    tape.emit(Kind.PAUSE, 0)
    tape.pass_ms(5000)
    tape.emit(Kind.RESUME, 0)
    held(tape, bad, 5000, good, 1)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    assert judge(tape) == []


def test_we_slowed_the_program(judge):
    tape, bad, good = two_tasks()
    tape.emit(Kind.SLOWED, 0, 50_000_000)
    sleeps(tape, bad, 500)
    held(tape, bad, 501, good, 1)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    assert judge(tape) == []


def test_we_slowed_the_program_until_in_the_middle_of_it(judge):
    tape, bad, good = two_tasks()
    tape.emit(Kind.SLOWED, 0, 50_000_000)
    tape.pass_ms(300)
    tape.emit(Kind.SLOWED, 0, 0)
    sleeps(tape, bad, 500)
    held(tape, bad, 801, good, 1)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    assert judge(tape) == []


def test_the_processor_was_taken_by_other_programs(judge):
    tape, bad, good = two_tasks()
    tape.pass_ms(700)
    held(tape, bad, 700, good, 1)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    assert judge(tape) == []


def test_perhaps_the_gil_was_taken_by_other_threads(judge):
    tape, bad, good = two_tasks()
    tape.thread("busy")
    tape.pass_ms(700)
    held(tape, bad, 700, good, 1, stood=True)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    assert judge(tape) == []


def test_of_a_short_call_nothing_is_known(judge):
    tape, bad, good = two_tasks()
    tape.pass_ms(200)
    held(tape, bad, 200, good, 1, stood=True)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    assert judge(tape) == []


def test_tasks_that_are_made_for_long_do_not_wait_for_it(judge):
    tape = Tape()
    bad = tape.aio_task("bad")
    tape.step(bad)
    tape.aio_task("made", bad)
    tape.pass_ms(300)
    held(tape, bad, 301, busy=True)
    tape.suspend(bad, awaited=Awaited.TASKS)
    assert judge(tape) == []


def test_the_sleep_of_an_idle_loop_is_no_call(judge):
    tape, bad, good = two_tasks()
    tape.suspend(bad, awaited=Awaited.SLEEP)
    sleeps(tape, tape.main, 2000, line=0)
    tape.step(bad)
    tape.pass_ms(120)
    held(tape, bad, 120, good, 1)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    assert judge(tape) == []


def test_another_thread_may_block_as_long_as_it_likes(judge):
    tape, bad, good = two_tasks()
    other = tape.thread("T1")
    sleeps(tape, other, 1000)
    tape.suspend(bad, awaited=Awaited.SLEEP)
    tape.step(good)
    tape.suspend(good, awaited=Awaited.SLEEP)
    assert judge(tape) == []

"""Deadlocks: rings of waits, and programs that stand still as a whole."""

import pytest

from syncscope_engine.analysis import Analysis
from syncscope_engine.events import Awaited, Failure, Kind
from syncscope_engine.texts import finding_text
from tape import MS, Tape


def ab_ba(timed: bool = False) -> tuple[Tape, int, int, int, int]:
    """Two threads, two locks, two orders; another thread goes on for ever."""
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    a, b = tape.lock("a"), tape.lock("b")
    tape.acquired(t1, a, line=12)
    tape.acquired(t2, b, line=22)
    tape.acquire(t1, b, line=13, timed=timed)
    tape.acquire(t2, a, line=23)
    return tape, t1, t2, a, b


def deadlocks(findings):
    """Opposite orders of the locks are told too; that is another detector's."""
    return [finding for finding in findings if finding.kind == "deadlock"]


@pytest.fixture
def judge(judge):
    return lambda *args, **options: deadlocks(judge(*args, **options))


def lines(tape, finding):
    return [tape.tables.places[place].line for place in finding.places]


def test_two_locks_in_two_orders(judge):
    tape, t1, t2, a, b = ab_ba()
    (finding,) = judge(tape, ms=300)
    assert (finding.kind, finding.variant, finding.severity, finding.basis) == (
        "deadlock",
        "cycle",
        "error",
        "observed",
    )
    assert finding.tasks == (t1, t2)
    assert set(finding.resources) == {a, b}
    assert lines(tape, finding) == [12, 13, 22, 23]
    kinds = [tape.recording[n].kind for n in finding.evidence]
    assert kinds == [Kind.ACQUIRED, Kind.ACQUIRED, Kind.ACQUIRE, Kind.ACQUIRE]
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "Deadlock: T1 and T2 wait for each other"
    assert "T1 holds `a` (line 12) and waits for `b` (line 13)." in text.explanation
    chinese = finding_text(finding, tape.tables, "zh").explanation
    assert "T2 持有「b」（第 22 行），在等「a」（第 23 行）。" in chinese


def test_a_ring_is_looked_at_again_before_it_is_told(judge):
    tape, *_ = ab_ba()
    assert judge(tape, ms=100) == []
    analysis = Analysis(tape.recording, live=False)
    assert analysis.update(tape.now_ns) == []
    assert analysis.update(tape.now_ns + 150 * MS) == []
    assert len(analysis.update(tape.now_ns + 210 * MS)) == 1
    assert deadlocks(analysis.update(tape.now_ns + 900 * MS)) == [], "told once"


def test_a_ring_with_a_time_limit_is_silent(judge):
    tape, *_ = ab_ba(timed=True)
    assert judge(tape) == []


def test_a_ring_that_dissolved_is_silent(judge):
    tape, t1, _, _, b = ab_ba()
    tape.acquire_failed(t1, b, Failure.CANCELLED)
    assert judge(tape, ms=300) == []


def test_no_verdict_while_the_program_is_paused(judge):
    tape, *_ = ab_ba()
    tape.emit(Kind.PAUSE, 0)
    assert judge(tape, ms=5000) == []
    tape.pass_ms(5000)
    tape.emit(Kind.RESUME, 0)
    assert judge(tape, ms=100) == []
    assert len(judge(tape, ms=300)) == 1


def test_waits_from_before_lost_records_prove_nothing(judge):
    tape, *_ = ab_ba()
    tape.emit(Kind.GAP, 0, tape.process_id, a=1000)
    assert judge(tape) == []


def test_three_tasks_and_mixed_kinds(judge):
    tape = Tape()
    t1, t2, rlock = tape.thread("T1"), tape.thread("T2"), tape.rlock()
    lock = tape.lock()
    tape.acquired(t1, rlock)
    tape.acquired(tape.main, lock)
    tape.join(tape.main, t2, line=5)
    tape.acquire(t2, rlock)
    tape.acquire(t1, lock)
    (finding,) = judge(tape, ms=300)
    assert set(finding.tasks) == {tape.main, t1, t2}
    assert "waits for T2 (line 5) to end" in finding_text(finding, tape.tables, "en").explanation


def test_a_parent_that_holds_what_its_child_needs(judge):
    tape = Tape()
    lock = tape.lock()
    tape.acquired(tape.main, lock)
    child = tape.process("worker")
    tape.acquire(tape.main_of(child), lock)
    tape.join(tape.main, child)
    (finding,) = judge(tape, ms=300)
    assert set(finding.tasks) == {tape.main, child, tape.main_of(child)}
    assert "process worker only ends when MainThread of worker ends." in (
        finding_text(finding, tape.tables, "en").explanation
    )


def test_a_long_queue_for_one_lock_is_no_deadlock(judge):
    tape = Tape()
    lock = tape.lock()
    tape.acquired(tape.main, lock)
    for i in range(5):
        tape.acquire(tape.thread(f"T{i}"), lock)
    assert judge(tape, ms=60_000) == [], "the owner runs"


# asyncio


def aio_ab_ba(file: str) -> Tape:
    tape = Tape(file)
    one, two = tape.aio_task("one"), tape.aio_task("two")
    a, b = tape.lock("a", asyncio=True), tape.lock("b", asyncio=True)
    for task, first in ((one, a), (two, b)):
        tape.step(task)
        tape.acquired(task, first, line=2)
        tape.suspend(task, awaited=Awaited.SLEEP, line=2)
    for task, second in ((one, b), (two, a)):
        tape.step(task)
        tape.acquire(task, second, line=3)
        tape.suspend(task, second, line=3)
    return tape


@pytest.fixture
def plain(tmp_path):
    file = tmp_path / "plain.py"
    file.write_text("async def work(first, second):\n    async with first:\n        async with second: ...\n")
    return str(file)


@pytest.fixture
def limited(tmp_path):
    file = tmp_path / "limited.py"
    file.write_text(
        "async def work(lock):\n    async with asyncio.timeout(9):\n        await lock.acquire()\n"
    )
    return str(file)


def test_asyncio_tasks_that_wait_for_each_other(judge, plain):
    tape = aio_ab_ba(plain)
    (finding,) = judge(tape, ms=300)
    assert [tape.tables.task_name(task) for task in finding.tasks] == ["one", "two"]


def test_an_asyncio_ring_in_a_program_with_time_limits_may_dissolve(judge, limited):
    assert judge(aio_ab_ba(limited), ms=300) == []


def test_but_not_when_its_loop_has_no_timer(judge, limited):
    tape = aio_ab_ba(limited)
    tape.emit(Kind.SLEEP, tape.main, a=-1)
    (finding,) = judge(tape, ms=300)
    assert finding.variant == "cycle"


def test_not_even_when_its_timer_was_over_later(limited):
    tape = aio_ab_ba(limited)
    analysis = Analysis(tape.recording, live=False)
    assert analysis.update(tape.now_ns + 300 * MS) == []
    tape.pass_ms(600)
    tape.emit(Kind.SLEEP, tape.main, a=-1)
    assert len(analysis.update(tape.now_ns)) == 1


def test_a_state_word_may_close_the_ring(judge):
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    a, b = tape.lock("a"), tape.lock("b")
    tape.acquired(t1, a)
    tape.acquire(t2, a)
    tape.acquire(t1, b)
    analysis = Analysis(tape.recording, live=False)
    assert analysis.update(tape.now_ns + 300 * MS) == []
    tape.pass_ms(600)
    tape.emit(Kind.STATE, 0, b, a=t2, b=70)
    assert len(analysis.update(tape.now_ns)) == 1


def test_nor_when_the_program_was_stopped_with_the_ring_in_place():
    tape = aio_ab_ba("nobody knows.py")
    analysis = Analysis(tape.recording, live=False)
    assert analysis.update(tape.now_ns + 300 * MS) == []
    tape.pass_ms(2000)
    tape.emit(Kind.KILL, 0, tape.process_id, a=9)
    tape.exit(tape.process_id, status=-9)
    (finding,) = deadlocks(analysis.update(tape.now_ns, final=True))
    assert finding.variant == "cycle"


# everyone waits


def queue_without_producer() -> tuple[Tape, int]:
    tape = Tape()
    worker, queue = tape.thread("worker"), tape.queue()
    tape.join(tape.main, worker, line=9)
    tape.get_wait(worker, queue, line=4)
    return tape, worker


def test_nobody_is_left_who_could_put(judge):
    tape, worker = queue_without_producer()
    (finding,) = judge(tape, ms=600)
    assert (finding.variant, set(finding.tasks)) == ("everyone", {tape.main, worker})
    assert (
        "worker waits for an item in `queue` (line 4)."
        in finding_text(finding, tape.tables, "en").explanation
    )


def test_stillness_is_told_after_half_a_second_without_any_event(judge):
    tape, _ = queue_without_producer()
    assert judge(tape, ms=400) == []


@pytest.mark.parametrize("alive", ["runs", "sleeps", "timed", "other process", "starting", "foreign"])
def test_somebody_who_may_still_help_keeps_everybody_silent(judge, alive):
    tape, _ = queue_without_producer()
    t = tape.thread("other") if alive in ("runs", "sleeps", "timed") else 0
    if alive == "sleeps":
        tape.sleep(t, 3_600_000)
    elif alive == "timed":
        tape.acquire(t, tape.lock(), timed=True)
    elif alive == "other process":
        tape.process("worker")
    elif alive == "starting":
        tape.thread("late", started=False)
    elif alive == "foreign":
        tape.process("no probe", main=False)
    assert judge(tape, ms=60_000) == []


@pytest.mark.parametrize("what", ["semaphore", "event", "condition", "barrier", "full queue", "join queue"])
def test_all_kinds_of_waits_without_an_owner(judge, what):
    tape = Tape()
    if what == "semaphore":
        tape.acquire(tape.main, tape.semaphore())
    elif what == "event":
        tape.wait(tape.main, tape.event())
    elif what == "condition":
        tape.wait(tape.main, tape.condition())
    elif what == "barrier":
        tape.wait(tape.main, tape.barrier())
    elif what == "full queue":
        tape.put_wait(tape.main, tape.queue(maxsize=1))
    else:
        tape.queue_join(tape.main, tape.queue(), unfinished=1)
    (finding,) = judge(tape)
    assert finding.variant == "everyone"


def test_a_lock_that_waits_for_itself(judge):
    tape = Tape()
    lock = tape.lock()
    tape.acquired(tape.main, lock, line=3)
    tape.acquire(tape.main, lock, line=4)
    (finding,) = judge(tape)
    assert (finding.variant, finding.tasks, lines(tape, finding)) == ("own", (tape.main,), [3, 4])


def test_a_lock_used_as_a_signal_is_silent(judge):
    tape = Tape()
    lock = tape.lock()
    tape.acquired(tape.main, lock)
    tape.thread("will release it")
    tape.acquire(tape.main, lock)
    assert judge(tape, ms=60_000) == []


def test_threads_that_remain_after_the_program(judge):
    tape = Tape()
    t1, queue = tape.thread("T1"), tape.queue()
    tape.get_wait(t1, queue)
    tape.emit(Kind.PROGRAM_END, tape.main, tape.process_id)
    (finding,) = judge(tape)
    assert finding.tasks == (t1,)


def test_an_event_loop_between_steps_may_have_timers_and_sockets(judge):
    tape = Tape()
    one, queue = tape.aio_task("one"), tape.queue(asyncio=True)
    tape.step(one)
    tape.get_wait(one, queue)
    tape.suspend(one, queue)
    assert judge(tape, ms=60_000) == []
    tape.emit(Kind.SLEEP, tape.main, a=-1)
    (finding,) = judge(tape)
    assert finding.tasks == (one,)


def test_a_task_that_waits_for_the_outside_world_is_silent(judge):
    tape = Tape()
    one = tape.aio_task("one")
    tape.step(one)
    tape.suspend(one, awaited=Awaited.IO)
    assert judge(tape, ms=60_000) == []


def test_a_thread_pool_between_jobs_is_silent(judge):
    tape = Tape()
    queue = tape.queue()
    for i in range(3):
        tape.get_wait(tape.thread(f"worker-{i}"), queue)
    assert judge(tape, ms=60_000) == [], "main works on"


def test_the_fork_server_of_the_standard_library_helps_nobody(judge):
    tape = Tape()
    server = tape.process("forkserver")
    tape.tables.tasks[server].internal = True
    tape.get_wait(tape.main, tape.queue())
    assert len(judge(tape)) == 1

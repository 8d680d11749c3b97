"""Updates by two tasks that nothing orders; and all that orders them, or is no update."""

import pytest

from syncscope_engine.events import Awaited, Flag, Kind
from syncscope_engine.texts import finding_text
from tape import MS, Tape

SOURCE = """\
def work():
    global counter
    counter += 1
    counter = 0
    counter -= 2
"""
UP, RESET, DOWN = 3, 4, 5


@pytest.fixture
def tape(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(SOURCE)
    return Tape(str(file))


def update(tape: Tape, task: int, counter: int, line: int = UP) -> None:
    tape.read(task, counter, line=line)
    tape.write(task, counter, line=line)


def two(tape: Tape) -> tuple[int, int, int]:
    return tape.thread("T1"), tape.thread("T2"), tape.variable()


def test_two_threads_without_anything_between_them(tape, judge):
    t1, t2, counter = two(tape)
    update(tape, t1, counter)
    update(tape, t2, counter)
    assert judge(tape, ms=500) == [], "a lost update would be told instead"
    (finding,) = judge(tape, ms=1100)
    assert (finding.kind, finding.variant, finding.severity) == ("data_race", "threads", "warning")
    assert (finding.basis, finding.tasks, finding.resources) == ("inferred", (t2, t1), (counter,))
    assert [tape.recording[n].kind for n in finding.evidence] == [Kind.READ, Kind.WRITE] * 2
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "Data race: T2 and T1 change `counter`, and nothing orders them"
    assert "`x += 1`" in text.explanation


def test_different_lines_both_ways_round(tape, judge):
    t1, t2, counter = two(tape)
    update(tape, t1, counter, UP)
    update(tape, t2, counter, DOWN)
    assert judge(tape, final=True) == [], "one way round may be an order that we do not see"
    update(tape, t1, counter, UP)
    assert [finding.kind for finding in judge(tape, final=True)] == ["data_race"]


def test_different_locks_protect_nothing(tape, judge):
    t1, t2, counter = two(tape)
    for task, lock in ((t1, tape.lock("a")), (t2, tape.lock("b"))):
        tape.acquired(task, lock)
        update(tape, task, counter)
        tape.release(task, lock)
    assert [finding.kind for finding in judge(tape, final=True)] == ["data_race"]


def test_a_lost_update_is_told_instead(tape, judge):
    t1, t2, counter = two(tape)
    update(tape, t1, counter)
    update(tape, t2, counter)
    tape.pass_ms(1500)
    tape.read(t1, counter, line=UP)
    update(tape, t2, counter)
    tape.write(t1, counter, line=UP, stale=True)
    assert [finding.kind for finding in judge(tape, final=True)] == ["lost_update"]


def test_a_lost_update_replaces_a_race_that_was_told(tape):
    from syncscope_engine.analysis import Analysis

    t1, t2, counter = two(tape)
    update(tape, t1, counter)
    update(tape, t2, counter)
    analysis = Analysis(tape.recording, live=False)
    analysis.update(tape.now_ns)
    assert [finding.kind for finding in analysis.update(tape.now_ns + 1100 * MS)] == ["data_race"]
    tape.pass_ms(1200)
    tape.write(t1, counter, line=UP, stale=True)
    assert [finding.kind for finding in analysis.update(tape.now_ns)] == ["lost_update"]
    assert [finding.kind for finding in analysis.findings] == ["lost_update"]


def test_one_common_lock(tape, judge):
    t1, t2, counter = two(tape)
    lock = tape.lock()
    for task in (t1, t2) * 3:
        tape.acquired(task, lock)
        update(tape, task, counter)
        tape.release(task, lock)
    assert judge(tape, final=True) == []


def test_one_writer_and_many_readers(tape, judge):
    t1, t2, counter = two(tape)
    for _ in range(3):
        update(tape, t1, counter)
        tape.read(t2, counter)
    assert judge(tape, final=True) == []


def test_storing_a_constant_is_no_update(tape, judge):
    t1, t2, counter = two(tape)
    for _ in range(3):
        update(tape, t1, counter, UP)
        update(tape, t2, counter, RESET)
    assert judge(tape, final=True) == []


def test_before_the_start_and_after_the_end(tape, judge):
    counter = tape.variable()
    update(tape, tape.main, counter)
    t1 = tape.thread("T1")
    update(tape, t1, counter)
    tape.exit(t1)
    tape.joined(tape.main, t1)
    update(tape, tape.main, counter)
    assert judge(tape, final=True) == []


def test_handed_on_through_a_queue_an_event_or_a_barrier(tape, judge):
    t1, t2, counter = two(tape)
    queue, event, barrier = tape.queue(), tape.event(), tape.barrier()
    update(tape, t1, counter)
    tape.put(t1, queue)
    tape.get(t2, queue)
    update(tape, t2, counter)
    tape.set(t2, event)
    tape.woke(t1, event)
    update(tape, t1, counter)
    tape.wait(t1, barrier)
    tape.woke(t2, barrier)
    tape.woke(t1, barrier)
    update(tape, t2, counter)
    assert judge(tape, final=True) == []


def test_a_get_whose_put_is_recorded_later(tape, judge):
    t1, t2, counter = two(tape)
    queue = tape.queue()
    for _ in range(2):
        update(tape, t1, counter)
        tape.get(t2, queue)
        tape.put(t1, queue)
        update(tape, t2, counter)
        tape.set(t2, event := tape.event())
        tape.woke(t1, event)
    assert judge(tape, final=True) == []


def test_a_signal_through_a_semaphore(tape, judge):
    t1, t2, counter = two(tape)
    ready = tape.semaphore("ready", 0)
    update(tape, t1, counter)
    tape.release(t1, ready)
    tape.acquired(t2, ready)
    update(tape, t2, counter)
    assert judge(tape, final=True) == []


def test_through_a_third_task(tape, judge):
    t1, t2, counter = two(tape)
    middle, first, second = tape.thread("middle"), tape.queue("first"), tape.queue("second")
    update(tape, t1, counter)
    tape.put(t1, first)
    tape.get(middle, first)
    tape.put(middle, second)
    tape.get(t2, second)
    update(tape, t2, counter)
    assert judge(tape, final=True) == []


def test_one_producer_of_two_orders_only_itself(tape, judge):
    t1, t2, counter = two(tape)
    other, queue = tape.thread("other"), tape.queue()
    tape.put(other, queue)
    update(tape, t1, counter)
    tape.get(t2, queue)
    update(tape, t2, counter)
    assert [finding.kind for finding in judge(tape, final=True)] == ["data_race"]


def test_locks_that_were_not_recorded_might_have_been_held(tape, judge):
    t1, t2, counter = two(tape)
    lock = tape.lock()
    tape.acquired(t1, lock)
    tape.release(t1, lock)
    update(tape, t1, counter)
    update(tape, t2, counter)
    tape.acquired(t2, lock, flags=Flag.SAMPLED)
    assert judge(tape, final=True) == []


def on_loop(tape: Tape, task: int, counter: int, awaits: bool) -> None:
    tape.step(task)
    tape.read(task, counter, line=UP)
    if awaits:
        tape.suspend(task, awaited=Awaited.SLEEP)
        tape.step(task)
    tape.write(task, counter, line=UP)
    tape.suspend(task, awaited=Awaited.SLEEP)


@pytest.mark.parametrize("awaits", [True, False])
def test_tasks_of_one_loop_only_across_an_await(tape, judge, awaits):
    one, two, counter = tape.aio_task("one"), tape.aio_task("two"), tape.variable()
    on_loop(tape, one, counter, awaits)
    on_loop(tape, two, counter, awaits)
    assert [finding.variant for finding in judge(tape, final=True)] == (["tasks"] if awaits else [])


def test_tasks_under_one_asyncio_lock(tape, judge):
    lock, counter = tape.lock(asyncio=True), tape.variable()
    for name in ("one", "two"):
        task = tape.aio_task(name)
        tape.step(task)
        tape.acquired(task, lock)
        on_loop(tape, task, counter, awaits=True)
        tape.step(task)
        tape.release(task, lock)
        tape.suspend(task, awaited=Awaited.SLEEP)
    assert judge(tape, final=True) == []


def test_a_task_that_has_awaited_the_other(tape, judge):
    one, two, counter = tape.aio_task("one"), tape.aio_task("two"), tape.variable()
    tape.step(two)
    tape.suspend(two, one)
    on_loop(tape, one, counter, awaits=True)
    tape.step(one)
    tape.exit(one)
    on_loop(tape, two, counter, awaits=True)
    assert judge(tape, final=True) == []


def test_a_thread_after_the_loop_of_its_starter_has_ended(tape, judge):
    task, counter = tape.aio_task("task"), tape.variable()
    on_loop(tape, task, counter, awaits=True)
    tape.step(task)
    tape.exit(task)
    update(tape, tape.thread("T1"), counter)
    assert judge(tape, final=True) == []

"""Who waits for whom, and why, in words."""

import pytest

from syncscope_engine.events import Awaited, Kind
from syncscope_engine.model.waits import describe_wait, wait_chain
from tape import Tape


def words(reduce, tape, task, lang="en"):
    text = describe_wait(task, reduce(tape).state, tape.tables, tape.now_ns)
    return text.words(lang, tape.tables)


def test_a_lock_its_owner_and_the_line(reduce):
    tape = Tape()
    t1, t2, lock = tape.thread("T1"), tape.thread("T2"), tape.lock("lock")
    tape.acquired(t1, lock, line=12)
    tape.acquire(t2, lock)
    tape.pass_ms(1200)
    assert words(reduce, tape, t2) == "waits for `lock` held by T1 (line 12) · 1.2 s"
    assert words(reduce, tape, t2, "zh") == "在等 T1 持有的「lock」（第 12 行） · 1.2 秒"
    text = describe_wait(t2, reduce(tape).state, tape.tables, tape.now_ns)
    assert (text.obj, text.holder, text.waited_ns, text.timed) == (lock, t1, 1_200_000_000, False)
    assert describe_wait(t1, reduce(tape).state, tape.tables, tape.now_ns) is None
    tape.exit(t1)
    assert "T1 ended without releasing it" in words(reduce, tape, t2)


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (lambda t: t.acquire(t.main, t.semaphore("points")), "waits for a permit of `points`"),
        (lambda t: t.wait(t.main, t.condition("ready")), "waits to be notified at `ready`"),
        (lambda t: t.wait(t.main, t.event("go")), "waits for `go` to be set"),
        (lambda t: t.wait(t.main, t.barrier("gate", 3)), "waits at `gate`: 1 of 3 are there"),
        (lambda t: t.get_wait(t.main, t.queue("jobs")), "waits for an item in `jobs`"),
        (lambda t: t.put_wait(t.main, t.queue("jobs")), "waits for room in `jobs`"),
        (lambda t: t.queue_join(t.main, t.queue("jobs"), 2), "waits until every item of `jobs` is done"),
        (lambda t: t.join(t.main, t.thread("T1")), "waits for T1 to end"),
        (lambda t: t.join(t.main, t.process("worker")), "waits for process worker to end"),
        (lambda t: t.sleep(t.main, 400), "sleeps for 400 ms"),
        (
            lambda t: t.emit(Kind.SLEEP, t.main, a=400_000_000, b=3),
            "its event loop waits for input or output, at most 400 ms",
        ),
    ],
)
def test_every_kind_of_wait_has_its_words(reduce, act, text):
    tape = Tape()
    act(tape)
    assert words(reduce, tape, tape.main).split(" · ")[0] == text


@pytest.mark.parametrize("awaited", list(Awaited))
def test_every_kind_of_await_has_its_words(reduce, awaited):
    tape = Tape()
    one = tape.aio_task("one")
    tape.step(one)
    tape.suspend(one, awaited=awaited)
    if awaited is not Awaited.YIELD:
        assert words(reduce, tape, one)
        assert words(reduce, tape, one, "zh")


def test_the_chain_ends_at_who_runs(reduce):
    tape = Tape()
    t1, t2, lock = tape.thread("T1"), tape.thread("T2"), tape.lock()
    tape.acquired(t1, lock)
    tape.acquire(t2, lock)
    tape.join(tape.main, t2)
    assert wait_chain(tape.main, reduce(tape).state) == [tape.main, t2, t1]


def test_the_chain_closes_where_it_meets_itself(reduce):
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    a, b = tape.lock("a"), tape.lock("b")
    tape.acquired(t1, a)
    tape.acquired(t2, b)
    tape.acquire(t1, b)
    tape.acquire(t2, a)
    tape.join(tape.main, t1)
    assert wait_chain(tape.main, reduce(tape).state) == [tape.main, t1, t2, t1]


def test_with_the_tables_the_chain_leads_into_processes(reduce):
    tape = Tape()
    child = tape.process("worker")
    tape.join(tape.main, child)
    assert wait_chain(tape.main, reduce(tape).state, tape.tables) == [tape.main, child, tape.main_of(child)]

"""Pools whose workers wait for work that only they could do, and healthy pools that look like it."""

from syncscope_engine.events import Got
from syncscope_engine.texts import finding_text
from tape import MS, Tape


def nested(tape: Tape, workers: int, busy: int) -> tuple[int, list[int]]:
    """`busy` of the workers of a pool run a call that waits for another call of the same pool."""
    pool = tape.executor("pool", workers)
    threads = [tape.worker(pool, f"Worker-{n + 1}") for n in range(workers)]
    for n, thread in enumerate(threads[:busy]):
        tape.picked(thread, tape.submit(tape.main, pool, f"outer({n})", line=3))
    for n, thread in enumerate(threads[:busy]):
        tape.result_wait(thread, tape.submit(thread, pool, f"inner({n})"), line=7)
    return pool, threads


def test_every_worker_waits_for_a_call_in_the_queue(judge):
    tape = Tape()
    pool, threads = nested(tape, 2, 2)
    (finding,) = judge(tape, ms=300)
    assert (finding.kind, finding.variant, finding.resources[0]) == ("deadlock", "pool", pool)
    assert list(finding.tasks) == threads
    assert len(finding.evidence) == 4
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "Deadlock: every worker of `pool` waits for work that only `pool` could do"
    assert "Worker-1 runs `outer(0)` and waits for the result of `inner(0)` (line 7)." in text.explanation


def test_a_pool_of_one(judge):
    tape = Tape()
    nested(tape, 1, 1)
    (finding,) = judge(tape, ms=300)
    assert finding.variant == "pool"


def test_a_lock_between_two_workers(judge):
    """One waits for a call in the queue, the other for a lock of the first."""
    tape = Tape()
    pool = tape.executor("pool", 2)
    first, second = tape.worker(pool, "Worker-1"), tape.worker(pool, "Worker-2")
    lock = tape.lock()
    for thread in first, second:
        tape.picked(thread, tape.submit(tape.main, pool))
    tape.acquired(first, lock)
    tape.acquire(second, lock)
    tape.result_wait(first, tape.submit(first, pool))
    (finding,) = judge(tape, ms=300)
    assert set(finding.tasks) == {first, second}


def test_two_workers_that_wait_for_each_others_calls(judge):
    tape = Tape()
    pool = tape.executor("pool", 3)
    first, second = tape.worker(pool, "Worker-1"), tape.worker(pool, "Worker-2")
    tape.worker(pool, "Worker-3")
    a, b = tape.submit(tape.main, pool, "a()"), tape.submit(tape.main, pool, "b()")
    tape.picked(first, a)
    tape.picked(second, b)
    tape.result_wait(first, b, line=4)
    tape.result_wait(second, a, line=8)
    (finding,) = judge(tape, ms=300)
    assert (finding.variant, set(finding.tasks)) == ("cycle", {first, second})
    text = finding_text(finding, tape.tables, "en").explanation
    assert "Worker-1 runs `a()` and waits for the result of `b()` (line 4)." in text


def test_a_worker_that_is_free_will_take_the_call(judge):
    tape = Tape()
    nested(tape, 2, 1)
    assert judge(tape) == []


def test_a_worker_that_runs_may_take_it(judge):
    tape = Tape()
    pool, threads = nested(tape, 2, 1)
    tape.picked(threads[1], tape.submit(tape.main, pool, "long()"))
    assert judge(tape) == []


def test_a_pool_that_may_still_grow(judge):
    tape = Tape()
    pool, _ = nested(tape, 1, 1)
    tape.tables.resources[pool].capacity = 2
    assert not [f for f in judge(tape, ms=300) if f.variant == "pool"]


def test_a_time_limit_ends_it(judge):
    tape = Tape()
    pool = tape.executor("pool", 1)
    thread = tape.worker(pool, "Worker-1")
    tape.picked(thread, tape.submit(tape.main, pool))
    tape.result_wait(thread, tape.submit(thread, pool), limit_ns=500 * MS)
    assert judge(tape) == []


def test_calls_that_are_read_in_time_are_no_matter(judge):
    tape = Tape()
    pool = tape.executor("pool", 2)
    first, second = tape.worker(pool, "Worker-1"), tape.worker(pool, "Worker-2")
    tape.picked(first, tape.submit(tape.main, pool))
    inner = tape.submit(first, pool)
    tape.result_wait(first, inner)
    tape.picked(second, inner)
    tape.resolved(second, inner)
    tape.result(first, inner, Got.RESULT)
    assert judge(tape) == []


def test_idle_workers_prove_nothing(judge):
    """Everyone stands still, and only who is not idle is told of."""
    tape = Tape()
    pool = tape.executor("pool", 2)
    tape.worker(pool, "Worker-1")
    queue = tape.queue()
    tape.get_wait(tape.main, queue)
    (finding,) = judge(tape)
    assert (finding.variant, finding.tasks) == ("everyone", (tape.main,))

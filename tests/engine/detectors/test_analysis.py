"""The analysis as the feed uses it: snapshots, findings once, time of checks."""

from syncscope_engine.analysis import Analysis
from syncscope_engine.model.validate import validate
from tape import MS, Tape


def test_a_snapshot_does_not_change_any_more():
    tape = Tape()
    t1, t2, lock = tape.thread("T1"), tape.thread("T2"), tape.lock()
    analysis = Analysis(tape.recording, live=False)
    tape.acquired(t1, lock)
    tape.acquire(t2, lock)
    analysis.update(tape.now_ns)
    before = analysis.snapshot()
    tape.release(t1, lock)
    tape.acquired(t2, lock)
    analysis.update(tape.now_ns)
    after = analysis.snapshot()
    assert (before.resources[lock].owner, before.resources[lock].waiters) == (t1, [t2])
    assert list(before.tasks[t1].held) == [lock]
    assert (after.resources[lock].owner, after.resources[lock].waiters) == (t2, [])
    validate(before, tape.tables)
    validate(after, tape.tables)


def test_what_was_not_touched_is_shared():
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    analysis = Analysis(tape.recording, live=False)
    analysis.update(tape.now_ns)
    before = analysis.snapshot()
    assert analysis.snapshot() is before
    tape.sleep(t1, 5)
    analysis.update(tape.now_ns)
    after = analysis.snapshot()
    assert after.tasks[t2] is before.tasks[t2]
    assert after.tasks[t1] is not before.tasks[t1]


def test_a_snapshot_equals_the_state_that_it_was_taken_of():
    tape = Tape()
    ready, queue = tape.condition(), tape.queue()
    t1 = tape.thread("T1")
    analysis = Analysis(tape.recording, live=False)
    for act in (
        lambda: tape.wait(t1, ready),
        lambda: tape.notify(tape.main, ready, t1),
        lambda: tape.woke(t1, ready),
        lambda: tape.put(t1, queue),
        lambda: tape.exit(t1),
    ):
        act()
        analysis.update(tape.now_ns)
        assert analysis.snapshot() == analysis.state


def test_stuck_when_a_fault_holds_everybody_up():
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    a, b = tape.lock("a"), tape.lock("b")
    tape.acquired(t1, a)
    tape.acquired(t2, b)
    tape.acquire(t1, b)
    tape.acquire(t2, a)
    analysis = Analysis(tape.recording, live=False)
    analysis.update(tape.now_ns + 300 * MS)
    assert analysis.findings
    assert not analysis.is_stuck(), "the main thread works on"
    tape.join(tape.main, t1)
    analysis.update(tape.now_ns)
    assert analysis.is_stuck()

"""Why somebody waits, and who ended a wait."""

from syncscope_engine.events import Kind
from syncscope_engine.model.state import Run
from syncscope_engine.model.why import who_let_go, why
from tape import MS, Tape


def test_from_a_waiter_to_the_root(reduce):
    tape = Tape()
    t1, t2, t3 = tape.thread("T1"), tape.thread("T2"), tape.thread("T3")
    a, b = tape.lock("a"), tape.lock("b")
    tape.acquired(t1, a, line=3)
    tape.acquired(t2, b)
    tape.acquire(t2, a)
    tape.acquire(t3, b)
    reducer = reduce(tape)
    causes = why(t3, reducer.state, tape.tables, tape.now_ns + 9 * MS)
    assert [cause.task for cause in causes] == [t3, t2, t1]
    assert [cause.wait.holder if cause.wait else 0 for cause in causes] == [t2, t1, 0]
    assert causes[-1].run is Run.RUNNING
    assert not any(cause.closes for cause in causes)
    tape.acquire(t1, b)
    causes = why(t3, reduce(tape).state, tape.tables, tape.now_ns)
    assert [cause.task for cause in causes] == [t3, t2, t1, t2]
    assert [cause.closes for cause in causes] == [False, False, False, True]
    assert why(999, reducer.state, tape.tables, 0) == []


def test_who_let_it_go(reduce):
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    lock = tape.lock("lock")
    tape.acquired(t1, lock)
    asked = tape.acquire(t2, lock).t_ns
    tape.release(t1, lock)
    got = tape.acquired(t2, lock).t_ns
    spans = reduce(tape).spans
    for moment in (asked, (asked + got) // 2, got, got + 5):
        link = who_let_go(spans, t2, moment)
        assert (link.source, link.target, link.kind, link.t_ns) == (t1, t2, Kind.RELEASE, got)
    assert who_let_go(spans, t2, asked - 1) is None
    assert who_let_go(spans, t1, got) is None


def test_waits_one_after_the_other(reduce):
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    lock = tape.lock("lock")
    begins = []
    for _ in range(3):
        tape.acquired(t1, lock)
        begins.append(tape.acquire(t2, lock).t_ns)
        tape.release(t1, lock)
        tape.acquired(t2, lock)
        tape.release(t2, lock)
    spans = reduce(tape).spans
    found, t_ns = [], 0
    while (wait := spans.next_wait(t2, t_ns)) is not None:
        found.append(t_ns := wait.start_ns)
    assert found == begins
    assert spans.last_wait(t2, begins[2]).start_ns == begins[1]
    assert spans.last_wait(t2, begins[0]) is None
    assert spans.at(t2, begins[1]).run is Run.BLOCKED
    assert spans.at(t2, begins[1] - 1).run is Run.RUNNING
    assert spans.at(t2, 1 << 61).end_ns == 1 << 62
    assert spans.next_wait(77, 0) is spans.last_wait(77, 9) is spans.at(77, 9) is None

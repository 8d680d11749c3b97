"""Faults that the tape itself states: stale writes, excess permits, exceptions, crashes."""

from syncscope_engine.analysis import Analysis
from syncscope_engine.events import Kind, Outcome
from syncscope_engine.texts import finding_text
from tape import Tape


def test_a_stale_write_names_both_tasks_and_the_line(judge):
    tape = Tape()
    t1, t2, counter = tape.thread("T1"), tape.thread("T2"), tape.variable("counter")
    tape.write(tape.main, counter)
    tape.read(t1, counter, line=5)
    tape.read(t2, counter, line=5)
    tape.write(t1, counter, line=7)
    tape.write(t2, counter, line=8, stale=True)
    (finding,) = judge(tape)
    assert (finding.kind, finding.tasks, finding.resources) == ("lost_update", (t2, t1), (counter,))
    assert [tape.tables.places[place].line for place in finding.places] == [8, 7]
    kinds = [tape.recording[n].kind for n in finding.evidence]
    assert kinds == [Kind.READ, Kind.WRITE, Kind.WRITE]
    explanation = finding_text(finding, tape.tables, "en").explanation
    assert "T2 read `counter` and wrote it back (line 8); in between T1 had written it too (line 7)" in (
        explanation
    )
    assert "once so far" in explanation


def test_one_finding_for_a_variable_and_it_grows():
    tape = Tape()
    t1, counter = tape.thread("T1"), tape.variable()
    tape.read(t1, counter)
    tape.write(tape.main, counter)
    tape.write(t1, counter, stale=True)
    analysis = Analysis(tape.recording, live=False)
    assert len(analysis.update(tape.now_ns)) == 1
    tape.write(tape.main, counter, stale=True)
    tape.pass_ms(1000)
    assert analysis.update(tape.now_ns) == []
    (finding,) = analysis.findings
    assert "2 times so far" in finding_text(finding, tape.tables, "en").explanation


def test_writes_from_the_newest_value_are_silent(judge):
    tape = Tape()
    t1, counter = tape.thread("T1"), tape.variable()
    for task in (tape.main, t1) * 3:
        tape.read(task, counter)
        tape.write(task, counter)
    assert judge(tape) == []


def test_a_plain_semaphore_released_too_often(judge):
    tape = Tape()
    car, points = tape.thread("car"), tape.semaphore("points", 3)
    tape.acquired(car, points)
    tape.release(car, points, line=20)
    tape.release(car, points, line=22)
    tape.release(car, points, line=22)
    (finding,) = judge(tape)
    assert (finding.kind, finding.tasks, finding.resources) == ("unbounded_release", (car,), (points,))
    assert [tape.tables.places[place].line for place in finding.places] == [22]
    assert finding_text(finding, tape.tables, "en").title == (
        "`points` was released too often: 2 permits above its limit of 3"
    )


def test_semaphores_used_as_they_should_be_are_silent(judge):
    tape = Tape()
    limit, signal = tape.semaphore("limit", 2), tape.semaphore("signal", 0)
    tape.acquired(tape.main, limit)
    tape.release(tape.main, limit)
    tape.release(tape.main, signal, permits=3)
    assert judge(tape) == []


def test_an_exception_that_ends_a_thread(judge):
    tape = Tape()
    t1 = tape.thread("T1")
    tape.place(7)
    tape.raised(t1, "IndexError", "pop from an empty deque", line=7)
    tape.exit(t1, Outcome.FAILED)
    (finding,) = judge(tape)
    assert (finding.kind, finding.variant, finding.tasks) == ("uncaught_exception", "thread", (t1,))
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "T1 ended with IndexError"
    assert text.explanation.startswith("IndexError: pop from an empty deque (program.py:7). Nobody caught it")


def test_exceptions_of_main_of_a_process_and_of_the_compiler(judge):
    tape = Tape()
    child = tape.process("worker")
    tape.raised(tape.main_of(child), "ValueError", "no")
    tape.raised(tape.main, "SyntaxError", "invalid syntax")
    tape.tables.exceptions[-1] = tape.tables.exceptions[-1].__class__(
        tape.main, "SyntaxError", "invalid syntax", (), tape.now_ns, "compile"
    )
    assert [finding.variant for finding in judge(tape)] == ["process", "compile"]


def test_silent_exits_and_exceptions_that_somebody_may_look_at(judge):
    tape = Tape()
    t1, task = tape.thread("T1"), tape.aio_task("task")
    tape.raised(t1, "SystemExit")
    tape.raised(task, "ValueError")
    assert judge(tape) == []


def test_the_interrupt_that_we_sent_is_no_fault_of_the_program(judge):
    tape = Tape()
    tape.emit(Kind.KILL, 0, tape.process_id, a=2)
    tape.raised(tape.main, "KeyboardInterrupt")
    assert judge(tape) == []


def test_a_signal_that_nobody_here_sent(judge):
    tape = Tape()
    tape.exit(tape.process_id, Outcome.FAILED, status=-11)
    (finding,) = judge(tape, final=True)
    assert (finding.kind, finding.variant) == ("crashed_process", "signal")
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "process main was killed by SIGSEGV"
    assert "ctypes" in text.remedy


def test_a_child_that_vanishes_in_the_middle_of_its_work(judge):
    tape = Tape()
    tape.exit(tape.process("worker"), Outcome.FAILED, status=3)
    (finding,) = judge(tape)
    assert (finding.kind, finding.variant) == ("crashed_process", "vanished")


def test_ends_that_are_no_crashes(judge):
    tape = Tape()
    tape.exit(tape.process("terminated"), Outcome.FAILED, status=-15)
    chose = tape.process("chose its status")
    tape.emit(Kind.EXIT, tape.main_of(chose), chose, a=Outcome.FAILED, b=3)
    tape.exit(chose, Outcome.FAILED, status=3)
    killed = tape.process("killed by its parent")
    tape.cancel(tape.main, killed)
    tape.exit(killed, Outcome.FAILED, status=-9)
    tape.exit(tape.process_id, Outcome.FAILED, status=3)
    assert judge(tape, final=True) == []


def test_what_we_killed_did_not_crash(judge):
    tape = Tape()
    child = tape.process("worker")
    tape.emit(Kind.KILL, 0, tape.process_id, a=9)
    tape.exit(child, Outcome.FAILED, status=-9)
    tape.exit(tape.process_id, Outcome.FAILED, status=-9)
    assert judge(tape, final=True) == []


def test_an_exception_in_a_child_is_not_told_twice(judge):
    tape = Tape()
    child = tape.process("worker")
    tape.raised(tape.main_of(child), "ValueError")
    tape.exit(child, Outcome.FAILED, status=1)
    assert [finding.kind for finding in judge(tape)] == ["uncaught_exception"]

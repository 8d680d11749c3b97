"""Tasks destroyed while they wait, coroutines never awaited: told as the facts that they are."""

from syncscope_engine.events import Awaited, Kind, Outcome
from syncscope_engine.texts import finding_text
from tape import Tape


def leaked(tape: Tape, name: str, callee: str = "work") -> int:
    task = tape.aio_task(name, callee=callee)
    tape.step(task)
    tape.suspend(task, awaited=Awaited.FUTURE, line=12)
    tape.exit(task, Outcome.CANCELLED)
    tape.emit(Kind.LEAKED, tape.main, task)
    return task


def test_a_task_that_was_destroyed(judge):
    tape = Tape()
    task = leaked(tape, "worker")
    (finding,) = judge(tape)
    assert (finding.kind, finding.variant, finding.severity) == ("leaked_task", "destroyed", "error")
    assert finding.tasks == (task,)
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "Destroyed while still waiting: worker"
    assert "what still waited (line 12)" in text.explanation


def test_many_of_one_function_are_one_finding(judge):
    tape = Tape()
    tasks = [leaked(tape, f"Task-{i}") for i in range(4)]
    other = leaked(tape, "other", "more")
    first, second = judge(tape)
    assert (first.tasks, second.tasks) == ((tasks[0],), (other,))
    assert finding_text(first, tape.tables, "en").title.endswith("Task-0 and 3 more")


def test_a_coroutine_that_was_never_awaited(judge):
    tape = Tape()
    task = tape.aio_task("main")
    tape.step(task)
    tape.emit(Kind.LEAKED, task, 0, line=7)
    (finding,) = judge(tape)
    assert (finding.variant, finding.severity, finding.tasks) == ("never_awaited", "warning", (task,))
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "A coroutine was made and never awaited (line 7)"


def test_a_coroutine_of_which_only_the_function_is_known(judge):
    tape = Tape()
    tape.place(3, function="fetch")
    tape.emit(Kind.LEAKED, tape.main, 0, line=3, b=1)
    (finding,) = judge(tape)
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "fetch was called and never awaited"
    assert "MainThread dropped a coroutine of fetch (line 3)" in text.explanation


# -- healthy look-alikes ----------------------------------------------------------------------------------


def test_a_task_that_was_cancelled_is_not_lost(judge):
    tape = Tape()
    task = tape.aio_task("worker")
    tape.step(task)
    tape.suspend(task, awaited=Awaited.FUTURE)
    tape.cancel(tape.main, task)
    tape.step(task)
    tape.exit(task, Outcome.CANCELLED)
    assert judge(tape, final=True) == []


def test_what_is_destroyed_when_we_stop_the_program_is_no_fault(judge):
    tape = Tape()
    tape.emit(Kind.KILL, 0, tape.process_id, a=2)
    leaked(tape, "worker")
    tape.emit(Kind.LEAKED, tape.main, 0, line=7)
    assert judge(tape) == []


def test_what_the_library_drops_of_its_own(judge):
    tape = Tape()
    task = tape.aio_task("Task-9")
    tape.tables.tasks[task].internal = True
    tape.emit(Kind.LEAKED, tape.main, task)
    assert judge(tape) == []

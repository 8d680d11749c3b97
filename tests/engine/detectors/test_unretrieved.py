"""Exceptions in futures and tasks that nobody has looked at."""

import pytest

from syncscope_engine.events import Got, Kind, Outcome, Unread
from syncscope_engine.tables import ExceptionInfo, ResourceInfo
from syncscope_engine.texts import finding_text
from tape import Tape


@pytest.fixture
def tape():
    return Tape()


def submitted(tape: Tape, executor: int = 900, line: int = 5) -> int:
    """A future of an executor, as its submitter sees it."""
    future = max([*tape.tables.resources, *tape.tables.tasks, executor]) + 1
    tape.tables.resources[executor] = ResourceInfo(executor, "executor", "pool", process=tape.process_id)
    tape.tables.resources[future] = ResourceInfo(
        future, "future", "future", process=tape.process_id, part_of=executor
    )
    tape.emit(Kind.SUBMIT, tape.main, future, a=executor, line=line)
    return future


def failed(tape: Tape, future: int, message: str = "no") -> int:
    tape.tables.exceptions.append(
        ExceptionInfo(future, "ValueError", message, (("program.py", 9, "work"),), tape.now_ns, "future")
    )
    tape.emit(Kind.RESOLVED, tape.main, future, a=Outcome.FAILED)
    return future


def read(tape: Tape, future: int, got: Got = Got.ERROR) -> None:
    tape.emit(Kind.RESULT, tape.main, future, b=got)


def test_a_future_that_nobody_asked(tape, judge):
    failed(tape, submitted(tape))
    assert judge(tape) == [], "somebody may still ask"
    (finding,) = judge(tape, final=True)
    assert (finding.kind, finding.severity) == ("unretrieved_exception", "warning")
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "An exception that nobody has seen: ValueError: no"
    assert text.explanation.startswith("One call submitted (program.py:5) failed")


def test_one_finding_for_all_calls_of_one_place(tape, judge):
    for _ in range(3):
        failed(tape, submitted(tape))
    failed(tape, submitted(tape, line=30))
    first, second = judge(tape, final=True)
    assert finding_text(first, tape.tables, "en").explanation.startswith("3 calls submitted (program.py:5)")
    assert dict(second.values)["n"] == "1"


def test_waiting_for_a_future_is_not_reading_it(tape, judge):
    future = failed(tape, submitted(tape))
    read(tape, future, Got.READY)
    assert len(judge(tape, final=True)) == 1


def test_errors_that_were_read(tape, judge):
    read(tape, failed(tape, submitted(tape)))
    future = submitted(tape)
    read(tape, future)  # the record of the failure comes a little later
    failed(tape, future)
    assert judge(tape, final=True) == []


def test_who_reads_one_error_may_give_up_the_rest(tape, judge):
    futures = [failed(tape, submitted(tape)) for _ in range(5)]
    read(tape, futures[0])
    assert judge(tape, final=True) == []


def test_futures_that_succeed_or_are_cancelled_need_no_reader(tape, judge):
    tape.emit(Kind.RESOLVED, tape.main, submitted(tape), a=Outcome.DONE)
    tape.emit(Kind.RESOLVED, tape.main, submitted(tape), a=Outcome.CANCELLED)
    assert judge(tape, final=True) == []


def test_a_program_that_was_stopped_or_crashed_could_not_ask(tape, judge):
    failed(tape, submitted(tape))
    tape.raised(tape.main, "KeyError")
    assert [finding.kind for finding in judge(tape, final=True)] == ["uncaught_exception"]
    other = Tape()
    failed(other, submitted(other))
    other.emit(Kind.KILL, 0, other.process_id, a=9)
    assert judge(other, final=True) == []


def test_tasks_whose_exception_was_thrown_away(tape, judge):
    tasks = [tape.aio_task(f"Task-{n}", callee="fetch", line=7) for n in (1, 2)]
    for task in tasks:
        tape.step(task)
        tape.raised(task, "OSError", "down", line=3)
        tape.exit(task, Outcome.FAILED)
        tape.emit(Kind.UNREAD, tape.main, task, b=Unread.FORGOTTEN)
    (finding,) = judge(tape)
    assert (finding.variant, finding.tasks) == ("task", (tasks[0],))
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "An exception that nobody has seen: OSError: down"
    assert text.explanation.startswith("2 tasks started (program.py:7) failed")


def test_what_gather_dropped(tape, judge):
    task = tape.aio_task("Task-3")
    tape.step(task)
    tape.exit(task, Outcome.FAILED)
    tape.emit(Kind.UNREAD, tape.main, task, b=Unread.GATHER)
    (finding,) = judge(tape)
    assert finding_text(finding, tape.tables, "en").explanation.startswith(
        "Task-3 started failed after gather()"
    )


def test_the_record_of_a_failure_after_it_was_read(tape, judge):
    future = submitted(tape)
    read(tape, future)
    tape.emit(Kind.RESOLVED, tape.main, future, a=Outcome.FAILED)
    assert judge(tape, final=True) == []

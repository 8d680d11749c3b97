"""Tasks that were asked to stop: those that stop, those that tidy up first, those that go on."""

import pytest

from syncscope_engine.events import Awaited, Kind, Outcome
from syncscope_engine.texts import finding_text
from tape import Tape

SOURCE = """\
async def work():
    while True:
        try:
            await step()
        except BaseException:
            await save()
        await more()

async def save():
    await disk()

async def step():
    await network()

async def retry():
    try:
        await step()
    except BaseException:
        await step()
"""
WORK, HANDLER, MORE, SAVE, STEP = 4, 6, 7, 10, 13


@pytest.fixture
def tape(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(SOURCE)
    return Tape(str(file))


def cancelled(tape: Tape, at: int = WORK, function: str = "work") -> int:
    """A task that waits and is asked to stop by another one; delivered."""
    boss, worker = tape.aio_task("boss"), tape.aio_task("worker")
    tape.step(worker)
    wait(tape, worker, at, function)
    tape.step(boss)
    tape.cancel(boss, worker)
    tape.suspend(boss, worker)
    tape.step(worker)
    return worker


def wait(tape: Tape, task: int, line: int, function: str = "work", awaited: Awaited = Awaited.SLEEP) -> None:
    tape.place(line, function=function)
    tape.suspend(task, awaited=awaited, line=line)


def test_going_on_after_the_request(tape, judge):
    worker = cancelled(tape)
    wait(tape, worker, MORE)
    assert judge(tape) == [], "one wait may still be a clean-up that we do not know of"
    tape.step(worker)
    wait(tape, worker, MORE)
    (finding,) = judge(tape)
    assert (finding.kind, finding.severity) == ("swallowed_cancellation", "error")
    assert [tape.tables.task_name(task) for task in finding.tasks] == ["worker", "boss"]
    assert [tape.tables.places[place].line for place in finding.places] == [MORE]
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "worker swallowed its cancellation"
    assert "requested by boss" in text.explanation


def test_one_more_wait_and_an_ordinary_end(tape, judge):
    worker = cancelled(tape)
    wait(tape, worker, MORE)
    tape.step(worker)
    tape.exit(worker, Outcome.DONE, status=1)
    assert len(judge(tape)) == 1


def test_ending_at_once_is_healthy(tape, judge):
    worker = cancelled(tape)
    tape.exit(worker, Outcome.DONE, status=1)
    assert judge(tape) == []


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.CANCELLED])
@pytest.mark.parametrize(("line", "function"), [(HANDLER, "work"), (SAVE, "save")])
def test_cleaning_up_with_awaits_is_healthy(tape, judge, outcome, line, function):
    worker = cancelled(tape)
    for _ in range(3):
        wait(tape, worker, line, function)
        tape.step(worker)
    tape.exit(worker, outcome, status=1)
    assert judge(tape) == []


def test_cleaning_up_in_an_async_with_is_healthy(tape, judge):
    worker = cancelled(tape)
    for _ in range(3):
        wait(tape, worker, MORE, awaited=Awaited.CLEANUP)
        tape.step(worker)
    tape.exit(worker, Outcome.DONE, status=1)
    assert judge(tape) == []


def test_a_request_that_is_taken_back_is_settled(tape, judge):
    """asyncio.timeout cancels the task that it is in, then takes the request back."""
    worker = cancelled(tape)
    tape.uncancel(worker)
    for _ in range(3):
        wait(tape, worker, MORE)
        tape.step(worker)
    assert judge(tape) == []


def timed_out(tape: Tape) -> int:
    """A task whose own time limit asks it to stop, while it waits."""
    worker = tape.aio_task("worker")
    tape.step(worker)
    wait(tape, worker, WORK)
    tape.cancel(worker, worker)
    tape.step(worker)
    return worker


def test_a_time_limit_that_is_swallowed_inside_of_it(tape, judge):
    worker = timed_out(tape)
    for _ in range(2):
        wait(tape, worker, MORE)
        tape.step(worker)
    tape.uncancel(worker)  # at last, as if nothing had happened
    (finding,) = judge(tape)
    assert finding.tasks == (worker,)


def test_a_time_limit_that_ends_what_it_should(tape, judge):
    worker = timed_out(tape)
    tape.uncancel(worker)
    for _ in range(2):
        wait(tape, worker, MORE)
        tape.step(worker)
    tape.exit(worker)
    assert judge(tape) == []


def test_who_cancels_itself_while_it_runs_knows_what_it_does(tape, judge):
    worker = tape.aio_task("worker")
    tape.step(worker)
    tape.cancel(worker, worker)
    for _ in range(3):
        wait(tape, worker, MORE)
        tape.step(worker)
    assert judge(tape) == []


def test_what_we_stopped_swallowed_nothing(tape, judge):
    tape.emit(Kind.KILL, 0, tape.process_id, a=2)
    worker = cancelled(tape)
    for _ in range(3):
        wait(tape, worker, MORE)
        tape.step(worker)
    assert judge(tape) == []


def test_a_retry_in_the_handler_and_on_with_the_same_work(tape, judge):
    """The function that is called in the handler is the ordinary work itself."""
    worker = cancelled(tape, STEP, "step")
    for _ in range(3):
        wait(tape, worker, STEP, "step")
        tape.step(worker)
    assert judge(tape) == [], "it may be cleaning up"
    tape.exit(worker, Outcome.DONE, status=1)
    assert len(judge(tape)) == 1


def test_without_the_source_nothing_is_said(judge):
    tape = Tape("gone.py")
    worker = cancelled(tape)
    for _ in range(3):
        wait(tape, worker, MORE)
        tape.step(worker)
    tape.exit(worker, Outcome.DONE, status=1)
    assert judge(tape) == []


def test_a_task_that_ends_as_it_should(tape, judge):
    worker = cancelled(tape)
    wait(tape, worker, MORE)
    tape.step(worker)
    tape.exit(worker, Outcome.CANCELLED, status=1)
    assert judge(tape) == []


def test_a_group_that_tells_its_parent_of_a_failure(tmp_path, judge):
    file = tmp_path / "group.py"
    file.write_text(
        "async def main():\n    async with TaskGroup() as group:\n        work()\n    await more()\n"
    )
    tape = Tape(str(file))
    parent = tape.aio_task("parent")
    tape.step(parent)
    wait(tape, parent, 2, "main", Awaited.TASKS)
    tape.cancel(tape.main, parent)
    tape.step(parent)
    wait(tape, parent, 2, "main", Awaited.TASKS)
    for _ in range(3):
        tape.step(parent)
        wait(tape, parent, 4, "main")
    tape.step(parent)
    tape.exit(parent)
    assert judge(tape) == []

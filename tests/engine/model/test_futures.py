"""Futures and executors on literal tapes: who runs what, who waits for whom, what was read."""

import pytest

from syncscope_engine.events import Flag, Got, Kind, Outcome
from syncscope_engine.model.state import Run
from syncscope_engine.model.waits import describe_wait, full_executor, wait_chain
from tape import Tape


def words(tape: Tape, reducer, task: int, lang: str = "en") -> str:
    text = describe_wait(task, reducer.state, tape.tables, tape.now_ns)
    return text.reason(lang, tape.tables) if text is not None else ""


def test_the_owner_of_a_future_is_the_worker_that_runs_it(reduce):
    tape = Tape()
    pool = tape.executor()
    worker = tape.worker(pool, "Worker-1")
    future = tape.submit(tape.main, pool, "prime(7)")
    state = reduce(tape).state
    assert (state.resources[pool].value, state.resources[pool].waiters) == (1, [worker])
    tape.picked(worker, future)
    state = reduce(tape).state
    assert state.resources[future].owner == worker
    assert state.tasks[worker].run is Run.RUNNING
    assert (state.resources[pool].value, state.resources[pool].waiters) == (0, [])
    tape.resolved(worker, future)
    reducer = reduce(tape)
    assert reducer.state.resources[future].owner == 0
    assert reducer.state.resources[pool].n_acquired == reducer.state.resources[pool].n_released == 1
    assert reducer.state.n_gaps == 0


def test_hand_offs_from_submitter_to_worker_to_reader(reduce):
    tape = Tape()
    pool = tape.executor()
    worker = tape.worker(pool, "Worker-1")
    future = tape.submit(tape.main, pool)
    tape.picked(worker, future)
    tape.result_wait(tape.main, future)
    tape.resolved(worker, future)
    tape.result(tape.main, future)
    tape.result(tape.main, future)
    links = reduce(tape).spans.links_between(0, tape.now_ns + 1)
    found = [(link.source, link.target, link.kind) for link in links if link.obj == future]
    assert found == [(tape.main, worker, Kind.SUBMIT), (worker, tape.main, Kind.RESOLVED)]


def test_waiting_for_a_result_in_words(reduce):
    tape = Tape()
    pool = tape.executor("pool", 1)
    worker = tape.worker(pool, "Worker-1")
    future = tape.submit(tape.main, pool, "prime(7)")
    tape.result_wait(tape.main, future)
    reducer = reduce(tape)
    assert words(tape, reducer, worker) == "waits for work of `pool`"
    assert (
        words(tape, reducer, tape.main)
        == "waits for the result of `prime(7)`, which waits for a worker of `pool`"
    )
    assert words(tape, reducer, tape.main, "zh") == "在等「prime(7)」的结果，它还在等「pool」的工作者"
    tape.picked(worker, future)
    reducer = reduce(tape)
    assert words(tape, reducer, tape.main) == "waits for the result of `prime(7)`, run by Worker-1"
    assert words(tape, reducer, tape.main, "zh") == "在等 Worker-1 所做的「prime(7)」的结果"
    assert wait_chain(tape.main, reducer.state, tape.tables) == [tape.main, worker]


def test_a_worker_that_died_with_the_call_in_hand(reduce):
    tape = Tape()
    pool = tape.executor("pool", 1, shared="pool-1-1")
    child = tape.process("PoolWorker-1")
    tape.tables.tasks[child].serves = pool
    future = tape.submit(tape.main, pool, "prime(7)")
    tape.picked(tape.main_of(child), future)
    tape.result_wait(tape.main, future)
    tape.exit(child, Outcome.FAILED, status=-9)
    reducer = reduce(tape)
    assert words(tape, reducer, tape.main) == (
        "waits for the result of `prime(7)`; process PoolWorker-1 ended in the middle of it"
    )


def test_waiting_for_several_needs_none_of_them_alone(reduce):
    tape = Tape()
    pool = tape.executor("pool", 1)
    worker = tape.worker(pool, "Worker-1")
    first = tape.submit(tape.main, pool, "prime(7)")
    tape.picked(worker, first)
    tape.result_wait(tape.main, first, others=3)
    reducer = reduce(tape)
    assert words(tape, reducer, tape.main) == "waits for `prime(7)` and 3 more"
    assert wait_chain(tape.main, reducer.state, tape.tables) == [tape.main]


@pytest.mark.parametrize(
    ("got", "times"),
    [(Got.RESULT, 1), (Got.ERROR, 1), (Got.CANCELLED, 1), (Got.READY, 0), (Got.TIMED_OUT, 0)],
)
def test_what_counts_as_reading(reduce, got, times):
    tape = Tape()
    pool = tape.executor()
    worker = tape.worker(pool, "Worker-1")
    future = tape.submit(tape.main, pool)
    tape.picked(worker, future)
    outcome = {Got.ERROR: Outcome.FAILED, Got.CANCELLED: Outcome.CANCELLED}.get(got, Outcome.DONE)
    tape.resolved(worker, future, outcome)
    tape.result(tape.main, future, got)
    resource = reduce(tape).state.resources[future]
    assert (resource.value, resource.n_released) == (outcome + 1, times)


def test_a_call_cancelled_in_the_queue_waits_no_longer(reduce):
    tape = Tape()
    pool = tape.executor()
    future = tape.submit(tape.main, pool)
    tape.resolved(tape.main, future, Outcome.CANCELLED)
    resource = reduce(tape).state.resources[pool]
    assert (resource.value, resource.n_acquired, resource.n_released) == (0, 1, 1)


def test_exact_counts_of_a_rationed_executor(reduce):
    tape = Tape()
    pool = tape.executor()
    worker = tape.worker(pool, "Worker-1")
    tape.picked(worker, tape.submit(tape.main, pool))
    tape.emit(Kind.STATE, 0, pool, a=40 | 900 << 32, b=1000)
    future = tape.submit(tape.main, pool)
    tape.emit(Kind.RESOLVED, worker, future, b=pool, flags=Flag.SAMPLED)
    tape.emit(Kind.STATE, 0, pool, a=0 | 1001 << 32, b=1001)
    reducer = reduce(tape)
    resource = reducer.state.resources[pool]
    assert (resource.value, resource.n_acquired, resource.n_released) == (0, 1001, 1001)
    assert reducer.state.n_gaps == 0


def test_calls_taken_in_other_processes_do_not_wait(reduce):
    """The process of the pool counts as taken what is not: the records of the workers know better."""
    tape = Tape()
    pool = tape.executor("pool", 2, shared="pool-1-1")
    child = tape.process("worker")
    tape.tables.tasks[child].serves = pool
    futures = [tape.submit(tape.main, pool) for _ in range(4)]
    assert reduce(tape).state.resources[pool].value == 4
    tape.picked(tape.main_of(child), futures[0])
    assert reduce(tape).state.resources[pool].value == 3
    tape.resolved(tape.main_of(child), futures[0])
    assert reduce(tape).state.resources[pool].value == 3


def test_an_executor_is_full_when_all_of_its_workers_are_there(reduce):
    tape = Tape()
    pool = tape.executor("pool", 2)
    first = tape.worker(pool, "Worker-1")
    tape.picked(first, tape.submit(tape.main, pool))
    inner = tape.submit(first, pool)
    tape.result_wait(first, inner)
    state = reduce(tape).state
    assert full_executor(state.tasks[first], state, tape.tables) == 0
    tape.worker(pool, "Worker-2")
    state = reduce(tape).state
    assert full_executor(state.tasks[first], state, tape.tables) == pool

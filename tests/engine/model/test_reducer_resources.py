"""Locks, semaphores, conditions, events, barriers, queues, variables."""

from syncscope_engine.events import Failure, Flag, Kind
from syncscope_engine.model.state import Run
from tape import MS, Tape


def last_link(reducer):
    return reducer.spans.links_between(0, reducer.state.t_ns + 1)[-1]


def test_a_lock_passes_from_hand_to_hand(reduce):
    tape = Tape()
    t1, t2, t3, lock = tape.thread("T1"), tape.thread("T2"), tape.thread("T3"), tape.lock()
    got = tape.acquired(t1, lock, line=12)
    tape.acquire(t3, lock)
    tape.acquire(t2, lock)
    state = reduce(tape).state
    assert state.resources[lock].owner == t1
    assert tape.tables.places[state.resources[lock].owner_place].line == 12
    assert state.resources[lock].waiters == [t3, t2]
    assert state.tasks[t1].held == {lock: got.n}
    assert state.tasks[t2].run is Run.BLOCKED
    tape.pass_ms(3)
    tape.release(t1, lock)
    tape.acquired(t2, lock)
    reducer = reduce(tape)
    state = reducer.state
    assert (state.resources[lock].owner, state.resources[lock].waiters) == (t2, [t3])
    assert state.tasks[t1].held == {}
    assert state.resources[lock].n_contended == 2
    assert state.resources[lock].n_acquired == 2
    assert state.resources[lock].max_wait_ns == 3 * MS + 2000
    link = last_link(reducer)
    assert (link.source, link.target, link.kind) == (t1, t2, Kind.RELEASE)
    assert state.n_gaps == 0


def test_an_rlock_is_free_after_its_outermost_release(reduce):
    tape = Tape()
    rlock = tape.rlock()
    tape.acquired(tape.main, rlock)
    tape.acquired(tape.main, rlock)
    tape.release(tape.main, rlock)
    assert reduce(tape).state.resources[rlock].owner == tape.main
    tape.release(tape.main, rlock)
    assert reduce(tape).state.resources[rlock].owner == 0


def test_a_plain_lock_may_be_released_by_anybody(reduce):
    tape = Tape()
    t1, lock = tape.thread("T1"), tape.lock()
    tape.acquired(tape.main, lock)
    tape.release(t1, lock)
    state = reduce(tape).state
    assert (state.resources[lock].owner, state.tasks[tape.main].held, state.n_gaps) == (0, {}, 0)


def test_an_acquisition_that_fails_leaves_the_waiters(reduce):
    tape = Tape()
    t1, lock = tape.thread("T1"), tape.lock()
    tape.acquired(tape.main, lock)
    tape.acquire(t1, lock, timed=True)
    assert reduce(tape).state.tasks[t1].wait.timed
    tape.acquire_failed(t1, lock, Failure.TIMED_OUT)
    state = reduce(tape).state
    assert (state.tasks[t1].run, state.resources[lock].waiters) == (Run.RUNNING, [])
    assert state.resources[lock].owner == tape.main
    tape.acquire_failed(t1, lock, Failure.BUSY)
    assert reduce(tape).state.n_gaps == 0


def test_an_abandoned_lock_stays_with_the_task_that_ended(reduce):
    tape = Tape()
    t1, lock = tape.thread("T1"), tape.lock()
    tape.acquired(t1, lock)
    tape.exit(t1)
    assert reduce(tape).state.resources[lock].owner == t1


def test_a_semaphore_counts_permits_and_those_above_its_limit(reduce):
    tape = Tape()
    t1, semaphore = tape.thread("T1"), tape.semaphore(permits=2)
    tape.acquired(t1, semaphore)
    assert reduce(tape).state.resources[semaphore].value == 1
    tape.release(t1, semaphore)
    assert reduce(tape).state.resources[semaphore].n_excess == 0
    tape.release(t1, semaphore, permits=3)
    resource = reduce(tape).state.resources[semaphore]
    assert (resource.value, resource.n_excess, resource.n_released) == (5, 3, 4)


def test_waiting_on_a_condition_gives_its_lock_up_and_takes_it_back(reduce):
    tape = Tape()
    t1, t2, lock = tape.thread("T1"), tape.thread("T2"), tape.lock()
    condition = tape.condition("ready", lock)
    tape.acquired(t1, lock)
    tape.wait(t1, condition)
    state = reduce(tape).state
    assert state.resources[lock].owner == 0
    assert state.tasks[t1].held == {}
    assert state.tasks[t1].wait.obj == condition
    tape.acquired(t2, lock)
    tape.notify(t2, condition, t1)
    state = reduce(tape).state
    assert state.tasks[t1].wait.obj == lock, "woken, it contends for the lock"
    assert (state.resources[condition].waiters, state.resources[lock].waiters) == ([], [t1])
    tape.release(t2, lock)
    tape.woke(t1, condition)
    reducer = reduce(tape)
    state = reducer.state
    assert (state.tasks[t1].run, state.resources[lock].owner) == (Run.RUNNING, t1)
    link = last_link(reducer)
    assert (link.source, link.target, link.kind) == (t2, t1, Kind.NOTIFY)
    assert state.n_gaps == 0


def test_a_condition_without_records_of_its_lock_still_hands_it_over(reduce):
    tape = Tape()
    t1, lock = tape.thread("T1"), tape.lock()
    condition = tape.condition("ready", lock)
    tape.acquired(t1, lock)
    tape.emit(Kind.WAIT, t1, condition, a=-1)
    assert reduce(tape).state.resources[lock].owner == 0
    tape.notify(tape.main, condition, t1)
    tape.emit(Kind.WOKE, t1, condition, a=5, b=1)
    assert reduce(tape).state.tasks[t1].run is Run.RUNNING


def test_notify_wakes_those_who_wait_longest(reduce):
    tape = Tape()
    threads = [tape.thread(f"T{i}") for i in range(3)]
    condition = tape.condition("ready")
    for thread in threads:
        tape.wait(thread, condition)
    tape.notify(tape.main, condition, threads[0], threads[1])
    assert reduce(tape).state.resources[condition].waiters == [threads[2]]


def test_a_wait_with_a_time_limit_ends_by_itself(reduce):
    tape = Tape()
    condition = tape.condition("ready")
    lock = tape.tables.resources[condition].lock
    tape.acquired(tape.main, lock)
    tape.wait(tape.main, condition, limit_ns=5 * MS)
    tape.pass_ms(5)
    tape.woke(tape.main, condition, how=0)
    state = reduce(tape).state
    assert (state.tasks[tape.main].run, state.resources[lock].owner) == (Run.RUNNING, tape.main)
    assert state.n_gaps == 0


def test_an_event_wakes_all_its_waiters(reduce):
    tape = Tape()
    threads = [tape.thread(f"T{i}") for i in range(3)]
    ready = tape.event("ready")
    for thread in threads:
        tape.wait(thread, ready)
    assert reduce(tape).state.resources[ready].waiters == threads
    tape.set(tape.main, ready)
    for thread in threads:
        tape.woke(thread, ready)
    reducer = reduce(tape)
    assert (reducer.state.resources[ready].value, reducer.state.resources[ready].waiters) == (1, [])
    links = [link for link in reducer.spans.links_between(0, tape.now_ns + 1) if link.kind == Kind.SET]
    assert [(link.source, link.target) for link in links] == [(tape.main, t) for t in threads]


def test_the_last_at_a_barrier_lets_all_go(reduce):
    tape = Tape()
    t1, t2, barrier = tape.thread("T1"), tape.thread("T2"), tape.barrier(parties=2)
    tape.wait(t1, barrier, parties=0)
    assert reduce(tape).state.resources[barrier].value == 1
    tape.wait(t2, barrier, parties=1)
    tape.woke(t2, barrier)
    tape.woke(t1, barrier)
    reducer = reduce(tape)
    assert reducer.state.resources[barrier].value == 0
    assert (last_link(reducer).source, last_link(reducer).target) == (t2, t1)


def test_a_queue_carries_its_depth_and_links_put_to_get(reduce):
    tape = Tape()
    t1, queue = tape.thread("T1"), tape.queue(maxsize=2)
    tape.get_wait(t1, queue)
    assert reduce(tape).state.tasks[t1].wait.kind == Kind.GET_WAIT
    tape.put(tape.main, queue)
    tape.get(t1, queue)
    reducer = reduce(tape)
    assert (last_link(reducer).source, last_link(reducer).target) == (tape.main, t1)
    resource = reducer.state.resources[queue]
    assert (resource.value, resource.n_acquired, resource.n_released) == (0, 1, 1)


def test_an_asyncio_lock_keeps_the_resource_as_the_wait(reduce):
    tape = Tape()
    one, two, lock = tape.aio_task("one"), tape.aio_task("two"), tape.lock(asyncio=True)
    tape.step(one)
    tape.acquired(one, lock)
    tape.suspend(one)
    tape.step(two)
    tape.acquire(two, lock)
    tape.suspend(two, 0)
    state = reduce(tape).state
    assert (state.tasks[two].wait.kind, state.tasks[two].wait.obj) == (Kind.ACQUIRE, lock)
    tape.step(one)
    tape.release(one, lock)
    tape.step(two)
    assert reduce(tape).state.resources[lock].waiters == []
    tape.acquired(two, lock)
    reducer = reduce(tape)
    assert reducer.state.resources[lock].owner == two
    assert last_link(reducer).source == one
    assert reducer.state.n_gaps == 0


def test_a_step_that_got_nothing_goes_on_waiting_where_it_stood(reduce):
    tape = Tape()
    one, two, queue = tape.aio_task("one"), tape.aio_task("two"), tape.queue(asyncio=True)
    for task in (one, two):
        tape.step(task)
        tape.get_wait(task, queue)
        tape.suspend(task, 0)
    tape.step(one)
    tape.suspend(one, 0)
    assert reduce(tape).state.resources[queue].waiters == [one, two]


def test_a_thread_lock_in_an_asyncio_task_stops_its_thread(reduce):
    tape = Tape()
    t1, lock, task = tape.thread("T1"), tape.lock(), tape.aio_task("one")
    tape.acquired(t1, lock)
    tape.step(task)
    tape.acquire(task, lock)
    state = reduce(tape).state
    assert state.tasks[task].run is state.tasks[tape.main].run is Run.BLOCKED
    assert state.resources[lock].waiters == [tape.main]
    tape.release(t1, lock)
    tape.acquired(task, lock)
    state = reduce(tape).state
    assert state.tasks[task].run is state.tasks[tape.main].run is Run.RUNNING
    assert state.resources[lock].owner == tape.main


def test_a_variable_counts_reads_and_writes(reduce):
    tape = Tape()
    counter = tape.variable()
    tape.read(tape.main, counter)
    tape.write(tape.main, counter, value=7)
    resource = reduce(tape).state.resources[counter]
    assert (resource.value, resource.n_acquired, resource.n_released) == (7, 1, 1)


def test_surprises_are_counted_unless_records_are_known_to_be_missing(reduce):
    tape = Tape()
    t1, lock = tape.thread("T1"), tape.lock()
    tape.acquired(tape.main, lock)
    tape.emit(Kind.ACQUIRED, t1, lock, b=9, flags=Flag.SAMPLED)
    state = reduce(tape).state
    assert (state.resources[lock].owner, state.resources[lock].n_acquired, state.n_gaps) == (t1, 9, 0)
    assert state.resources[lock].n_unrecorded == 7
    tape.emit(Kind.ACQUIRED, tape.main, lock, b=10)
    assert reduce(tape).state.n_gaps == 1


def test_a_late_release_from_another_process_takes_nothing_away(reduce):
    tape = Tape()
    lock = tape.lock()
    other = tape.main_of(tape.process("worker"))
    tape.emit(Kind.ACQUIRED, tape.main, lock)
    tape.emit(Kind.ACQUIRED, other, lock)
    tape.emit(Kind.RELEASE, tape.main, lock, a=1)
    assert reduce(tape).state.resources[lock].owner == other


def test_the_state_word_corrects_owner_and_count(reduce):
    tape = Tape()
    t1, lock = tape.thread("T1"), tape.lock()
    tape.acquired(tape.main, lock)
    tape.acquire(t1, lock)
    tape.emit(Kind.STATE, 0, lock, a=t1, b=4)
    state = reduce(tape).state
    assert (state.resources[lock].owner, state.resources[lock].n_acquired) == (t1, 4)
    assert (state.tasks[t1].run, state.resources[lock].n_unrecorded) == (Run.RUNNING, 3)
    tape.emit(Kind.RELEASE, tape.main, lock, a=1, b=1)
    state = reduce(tape).state
    assert state.resources[lock].owner == t1, "the release was read after the newer state word"
    assert state.n_gaps == 0


def test_a_gap_is_counted_once_and_forgives_what_follows(reduce):
    tape = Tape()
    t1, lock = tape.thread("T1"), tape.lock()
    tape.acquired(tape.main, lock)
    tape.acquire(t1, lock)
    tape.emit(Kind.GAP, 0, tape.process_id, a=100)
    tape.release(t1, lock)
    state = reduce(tape).state
    assert (state.tasks[t1].run, state.n_gaps) == (Run.RUNNING, 1)

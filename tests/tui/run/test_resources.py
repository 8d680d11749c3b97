"""The table of resources, from a literal program."""

import pytest

from syncscope import i18n
from syncscope.look import Look
from syncscope.renderables.resource_list import ORDERS, Order, ResourceList
from syncscope.renderables.resources import ResourceTable, longest_wait_ns
from syncscope_engine.events import Outcome
from syncscope_engine.model.state import State
from syncscope_engine.tables import Tables

from .scene import Scene, Tape, reduce


def arrange(state: State, tables: Tables, order: Order, now_ns: int) -> list[int]:
    listed = ResourceList()
    listed.order = order
    return listed.update(state, tables, now_ns)


def table(
    scene: Scene, width: int = 90, look: Look | None = None, order: Order = "created", **more: int
) -> ResourceTable:
    state, tables, now_ns = scene.state, scene.recording.tables, scene.tape.now_ns
    ids = arrange(state, tables, order, now_ns)
    return ResourceTable(ids, state, tables, now_ns, look or Look(), width, **more)


def texts(made: ResourceTable) -> list[str]:
    return [" ".join(made.row(y).text.split()) for y in range(made.n_rows)]


def test_every_kind_is_told_in_its_own_words() -> None:
    assert texts(table(Scene())) == [
        "lock stock_lock ● packer-1 ○ packer-2, sweeper 1.23 s 2",
        "sema gate ●○○ 2/3 left",
        "queue buffer ███░░░ 2/4",
        "event closed not set",
        "lock idle ○ free",
    ]


def test_words_are_not_cut_while_columns_beside_them_are_empty() -> None:
    tape = Tape()
    lock = tape.lock("lock")
    gate = tape.barrier("gate", 1000)
    tape.acquired(tape.thread("a worker with a name"), lock)
    for i in range(120):
        tape.wait(tape.thread(f"T{i}"), gate)
    state = reduce(tape.recording)
    made = ResourceTable([lock, gate], state, tape.tables, tape.now_ns, Look(), 80)
    free, waited_for = texts(made)
    assert "● a worker with a name" in free
    assert "120 of 1000 there" in waited_for
    assert "T0" in waited_for
    assert "…" not in made.heading.text


def test_long_names_that_differ_at_their_end_are_told_apart() -> None:
    tape = Tape()
    ids = [tape.lock(name) for name in ("a_lock_with_a_long_name", "a_lock_with_a_long_name #2")]
    made = ResourceTable(ids, reduce(tape.recording), tape.tables, tape.now_ns, Look(), 60)
    assert [text.split(" ○")[0] for text in texts(made)] == ["lock a_lock_w…name", "lock a_lock_w…e #2"]


@pytest.mark.parametrize(
    ("order", "first"),
    [("created", "stock_lock"), ("waiters", "stock_lock"), ("contended", "stock_lock"), ("name", "buffer")],
)
def test_it_can_be_sorted(order: Order, first: str) -> None:
    assert texts(table(Scene(), order=order))[0].split()[1] == first
    assert order in ORDERS


def test_waiters_come_first_when_asked_for() -> None:
    tape = Tape()
    quiet, busy = tape.lock("quiet"), tape.lock("busy")
    tape.acquired(tape.main, busy)
    tape.acquire(tape.thread("T1"), busy)
    state = reduce(tape.recording)
    assert arrange(state, tape.tables, "created", tape.now_ns) == [quiet, busy]
    assert arrange(state, tape.tables, "waiters", tape.now_ns) == [busy, quiet]


def test_a_wait_that_goes_on_counts() -> None:
    scene = Scene()
    state = scene.state
    now_ns = scene.tape.now_ns
    lock = state.resources[scene.lock]
    assert (
        longest_wait_ns(lock, state, now_ns + 5_000_000) - longest_wait_ns(lock, state, now_ns) == 5_000_000
    )


def test_a_variable_tells_its_value_where_that_is_known() -> None:
    tape = Tape()
    counter, words = tape.variable("counter"), tape.variable("words")
    tape.write(tape.main, counter, value=1110)
    tape.write(tape.main, words)  # not an integer
    made = ResourceTable([counter, words], reduce(tape.recording), tape.tables, tape.now_ns, Look(), 90)
    assert "1,110 (1 write)" in made.row(0).text
    assert made.row(1).text.split()[-2:] == ["1", "write"]


def test_a_semaphore_tells_permits_that_it_should_not_have() -> None:
    tape = Tape()
    gate = tape.semaphore("gate", 1)
    tape.release(tape.main, gate)
    made = ResourceTable([gate], reduce(tape.recording), tape.tables, tape.now_ns, Look(), 90)
    assert "2/1 ▲ +1" in made.row(0).text


def test_the_lock_inside_a_condition_is_told_by_the_condition() -> None:
    tape = Tape()
    condition = tape.condition("not_empty")
    lock = tape.tables.resources[condition].lock
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    tape.acquired(t1, lock)
    tape.acquire(t2, lock)
    state = reduce(tape.recording)
    ids = arrange(state, tape.tables, "created", tape.now_ns)
    assert ids == [condition]
    row = ResourceTable(ids, state, tape.tables, tape.now_ns, Look(), 90).row(0).text
    assert "● T1" in row
    assert "○ T2" in row


def test_the_main_thread_of_a_child_is_called_by_its_process() -> None:
    tape = Tape()
    lock = tape.lock("lock")
    child = tape.process("worker-1")
    tape.acquired(tape.main_of(child), lock)
    tape.acquire(tape.main, lock)
    row = ResourceTable([lock], reduce(tape.recording), tape.tables, tape.now_ns, Look(), 90).row(0).text
    assert "● worker-1" in row
    assert "○ MainThread" in row


def test_more_waiters_than_fit_are_counted() -> None:
    tape = Tape()
    lock = tape.lock("lock")
    tape.acquired(tape.main, lock)
    for n in range(40):
        tape.acquire(tape.thread(f"worker-{n}"), lock)
    made = ResourceTable([lock], reduce(tape.recording), tape.tables, tape.now_ns, Look(), 90)
    assert "○ worker-0" in made.row(0).text
    assert " +39 " in made.row(0).text or " +38 " in made.row(0).text


def test_what_nobody_can_use_any_more_is_dim() -> None:
    tape = Tape()
    lock = tape.lock("lock")
    t1 = tape.thread("T1")
    tape.acquired(t1, lock)
    tape.release(t1, lock)
    tape.exit(t1)
    look = Look()
    made = ResourceTable([lock], reduce(tape.recording), tape.tables, tape.now_ns, look, 90)
    name = next(segment for segment in made.row(0) if "lock" in segment.text)
    assert name.style is not None
    assert name.style.color == look.style("muted").color


@pytest.mark.parametrize(
    "look", [Look(), Look("plain", "256", "light"), Look("ascii", "16"), Look("ascii", "none")]
)
@pytest.mark.parametrize("width", [20, 47, 64, 79, 118])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_row_has_the_width(width: int, look: Look, language: i18n.Language) -> None:
    i18n.set_language(language)
    made = table(Scene(), width, look, cursor=0, highlighted=3)
    assert {made.heading.cell_length, *(made.row(y).cell_length for y in range(made.n_rows))} == {width}
    if look.symbols == "ascii" and language == "en":
        assert "".join(made.row(y).text for y in range(made.n_rows)).isascii()


def test_an_empty_table_says_why() -> None:
    made = ResourceTable([], reduce(Tape().recording), Tape().tables, 0, Look(), 90)
    assert "has not made a lock" in made.row(0).text


def pool_of_calls() -> tuple[Tape, int, int]:
    """A pool of two workers and three calls: the second has failed and nobody has looked, the third still waits."""
    tape = Tape()
    pool = tape.executor("pool", 2)
    workers = [tape.worker(pool, f"pool_{i}") for i in range(2)]
    calls = [tape.submit(tape.main, pool, call) for call in ("load()", "parse()", "save()")]
    tape.picked(workers[0], calls[0])
    tape.picked(workers[1], calls[1])
    tape.resolved(workers[1], calls[1], Outcome.FAILED)
    return tape, pool, calls[0]


def test_pools_and_futures_are_told_in_their_own_words() -> None:
    tape, _, _ = pool_of_calls()
    state = reduce(tape.recording)
    ids = arrange(state, tape.tables, "created", tape.now_ns)
    told = texts(ResourceTable(ids, state, tape.tables, tape.now_ns, Look(), 120))
    assert "1 of 2 busy, 1 waiting" in told[0]
    assert "● pool_0" in told[1]
    assert "failed, not read" in told[2]
    assert "not begun" in told[3]


def crowded(n: int = 40) -> tuple[Tape, State, ResourceList]:
    tape = Tape()
    pool = tape.executor("pool", 2)
    worker = tape.worker(pool, "pool_0")
    for i in range(n):
        call = tape.submit(tape.main, pool, "load()")
        if i < 30:
            tape.picked(worker, call)
            tape.resolved(worker, call, Outcome.FAILED if i < 2 else Outcome.DONE)
    listed = ResourceList()
    listed.room = 10
    state = reduce(tape.recording)
    listed.update(state, tape.tables, tape.now_ns)
    return tape, state, listed


def test_many_futures_have_one_row_that_counts_them_and_unfolds() -> None:
    tape, state, listed = crowded()
    made = ResourceTable(listed.rows, state, tape.tables, tape.now_ns, Look(), 100, source=listed)
    assert made.n_rows == 2
    row = made.row(1).text
    assert "×40" in row
    assert "10 not begun, 28 done, 2 failed, 2 not read" in row
    listed.toggle(listed.rows[1])
    assert len(listed.update(state, tape.tables, tape.now_ns)) == 42


def test_what_is_looked_for_is_found_by_name_kind_and_state() -> None:
    tape, state, listed = crowded()
    for words, n in (("fut failed", 2), ("pool_0", 0), ("executor", 1), ("nothing", 0)):
        listed.look_for(words)
        listed.update(state, tape.tables, tape.now_ns)
        assert listed.n_found == n, words

"""The table of resources, from a literal program."""

import pytest

from syncscope import i18n
from syncscope.look import Look
from syncscope.renderables.resources import ORDERS, Order, ResourceTable, arrange, longest_wait_ns

from .scene import Scene, Tape, reduce


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

"""From spans to cells: nothing vanishes, widths are exact, step by step equals at once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from syncscope.renderables.lane_cells import EMPTY, Cell, LaneCells, mixed, pure
from syncscope_engine.model.holds import Holds
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import Run

T = 3
MS = 1_000_000
COLUMN = 100 * MS


def spans_of(*changes: tuple[int, Run]) -> Spans:
    spans = Spans()
    for t_ns, run in changes:
        spans.begin(T, t_ns, run, None, 0)
    return spans


def cells_of(spans: Spans, now_ns: int, column_ns: int = COLUMN) -> list[Cell]:
    lane = LaneCells(T, 0, column_ns)
    lane.update(spans, Holds(), now_ns, now_ns)
    return lane.cells


def test_a_microsecond_of_waiting_is_seen_in_a_tenth_of_a_second() -> None:
    blocked = 50 * MS
    spans = spans_of((0, Run.RUNNING), (blocked, Run.BLOCKED), (blocked + 1000, Run.RUNNING))
    first, second = cells_of(spans, 200 * MS)
    assert set(first.runs) == {Run.RUNNING, Run.BLOCKED}
    assert (first.blocked, first.active) == (1, 7)
    assert second is pure(Run.RUNNING)


def test_before_its_start_a_task_is_nothing() -> None:
    cells = cells_of(spans_of((250 * MS, Run.RUNNING)), 400 * MS)
    assert cells == [EMPTY, EMPTY, pure(Run.RUNNING), pure(Run.RUNNING)]


def test_shares_are_eighths_and_never_round_to_all_or_nothing() -> None:
    shares = [0] * len(Run)
    shares[list(Run).index(Run.RUNNING)] = 999
    shares[list(Run).index(Run.BLOCKED)] = 1
    cell = mixed(shares)
    assert (cell.runs[0], cell.active, cell.blocked) == (Run.RUNNING, 7, 1)


runs = st.sampled_from([Run.CREATED, Run.READY, Run.RUNNING, Run.BLOCKED, Run.SLEEPING, Run.DONE])
changes = st.lists(st.tuples(st.integers(0, 5000), runs), min_size=1, max_size=40).map(
    lambda found: sorted(found, key=lambda change: change[0])
)


@settings(max_examples=150, deadline=None)
@given(changes, st.integers(1, 700), st.integers(1, 6000))
def test_every_state_of_a_column_is_in_its_cell(
    past: list[tuple[int, Run]], column_ns: int, now_ns: int
) -> None:
    spans = spans_of(*past)
    cells = cells_of(spans, now_ns, column_ns)
    assert len(cells) == -(-now_ns // column_ns)
    for i, cell in enumerate(cells):
        there = {s.run for s in spans.between(T, i * column_ns, min((i + 1) * column_ns, now_ns))}
        assert set(cell.runs) == there
        assert bool(cell.blocked) == (Run.BLOCKED in there)
        assert bool(cell.active) == bool(there & {Run.RUNNING, Run.READY})


@settings(max_examples=100, deadline=None)
@given(changes, st.integers(1, 700), st.lists(st.integers(1, 6000), min_size=1, max_size=8).map(sorted))
def test_step_by_step_equals_at_once(past: list[tuple[int, Run]], column_ns: int, moments: list[int]) -> None:
    lane, spans = LaneCells(T, 0, column_ns), Spans()
    left = list(past)
    for now_ns in moments:
        while left and left[0][0] <= now_ns:
            t_ns, run = left.pop(0)
            spans.begin(T, t_ns, run, None, 0)
        lane.update(spans, Holds(), now_ns, now_ns)
    assert lane.cells == cells_of(spans, moments[-1], column_ns)

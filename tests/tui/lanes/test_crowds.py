"""Many tasks: crowds that fold into one lane, what that lane counts, other orders, and what is looked for."""

import pytest
from textual.app import App, ComposeResult

from syncscope.look import Look
from syncscope.renderables.lane_list import LaneList
from syncscope.renderables.lanes_view import LanesView
from syncscope.renderables.outline import Outline
from syncscope.renderables.stems import name_of_stem, stem_of
from syncscope.renderables.tallies import Tallies
from syncscope.renderables.time_window import TimeWindow
from syncscope.widgets.lanes import Lanes
from syncscope_engine.analysis import Analysis
from syncscope_engine.model.state import Run
from syncscope_engine.recording import Sample, ThreadSample
from syncscope_engine.tables import TaskInfo
from tape import Tape

from .test_lanes import Shot

MS = 1_000_000


def queue_for_a_lock(n: int = 30) -> Tape:
    """A thread holds the lock, `n` - 1 workers wait for it, and a clerk sleeps."""
    tape = Tape()
    workers = [tape.thread(f"Worker-{i}") for i in range(n)]
    clerk = tape.thread("clerk")
    lock = tape.lock("lock")
    tape.acquired(workers[0], lock)
    for worker in workers[1:]:
        tape.acquire(worker, lock)
    tape.sleep(clerk, 5000)
    tape.pass_ms(1000)
    return tape


def view_of(shot: Shot, room: int = 10, width: int = 62) -> LanesView:
    view = LanesView(Look(), TimeWindow(width))
    view.list.room = room
    view.update(shot.state, shot.tables, shot.spans, shot.holds, shot.now_ns, accesses=shot.accesses)
    return view


def texts(view: LanesView) -> list[str]:
    return ["".join(segment.text for segment in view.line(row, 18)) for row in view.rows]


@pytest.mark.parametrize(
    ("info", "stem", "name"),
    [
        (TaskInfo(1, "thread", "Worker-17"), "Worker-#", "Worker"),
        (TaskInfo(1, "thread", "Thread-3 (work)"), "Thread-# (work)", "Thread (work)"),
        (TaskInfo(1, "thread", "ThreadPoolExecutor-0_3"), "ThreadPoolExecutor-#_#", "ThreadPoolExecutor"),
        (TaskInfo(1, "asyncio", "Task-9", callee="fetch"), "fetch", "fetch"),
        (TaskInfo(1, "asyncio", "fetch 12", callee="fetch"), "fetch #", "fetch"),
        (TaskInfo(1, "thread", "17"), "#", "#"),
    ],
)
def test_what_names_have_in_common(info: TaskInfo, stem: str, name: str) -> None:
    assert stem_of(info) == stem
    assert name_of_stem(stem) == name


def test_a_crowd_that_has_no_room_is_one_lane_that_counts() -> None:
    view = view_of(Shot(queue_for_a_lock().recording))
    assert [row.is_crowd for row in view.rows] == [False, False, True, False]
    line = texts(view)[2]
    assert "Worker" in line
    assert "×30" in line
    assert "1 runs · 29 wait for `lock`" in line
    assert "clerk" in texts(view)[3]


def test_a_crowd_that_has_room_stays_unfolded() -> None:
    view = view_of(Shot(queue_for_a_lock().recording), room=40)
    assert len(view.rows) == 33


def test_unfolding_shows_who_lives() -> None:
    tape = queue_for_a_lock()
    view = view_of(Shot(tape.recording))
    view.list.toggle(view.rows[2].task)
    shot = Shot(tape.recording)
    view.update(shot.state, shot.tables, shot.spans, shot.holds, shot.now_ns)
    assert len(view.rows) == 34
    for task in list(shot.tables.tasks)[5:15]:
        tape.exit(task)
    shot = Shot(tape.recording)
    view = view_of(shot)
    view.list.toggle(view.rows[2].task)
    view.update(shot.state, shot.tables, shot.spans, shot.holds, shot.now_ns)
    assert len(view.rows) == 24


def test_a_tally_is_what_the_spans_say() -> None:
    tape = Tape()
    workers = [tape.thread(f"w-{i}") for i in range(6)]
    lock = tape.lock("lock")
    tape.acquired(workers[0], lock)
    for worker in workers[1:4]:
        tape.pass_ms(130)
        tape.acquire(worker, lock)
    tape.pass_ms(170)
    tape.exit(workers[5])
    tape.pass_ms(240)
    analysis = Analysis(tape.recording, live=False)
    analysis.update(tape.now_ns)
    outline = Outline()
    outline.take(tape.tables)
    key = next(crowd.key for crowd in outline.crowds.values() if crowd.stem == "w-#")
    tallies = Tallies(outline, tape.tables.start_ns, 100 * MS, 0, frozenset())
    assert tallies.take(analysis.spans, tape.tables)
    cells = tallies.cells(key, 0, 50, tape.now_ns, tape.now_ns)
    tally = tallies.of(key)
    assert tally is not None
    assert tally.counts[Run.RUNNING.ordinal] == 2
    assert tally.counts[Run.BLOCKED.ordinal] == 3
    assert tally.counts[Run.DONE.ordinal] == 1
    assert tally.waits == {lock: 3}
    for i, cell in enumerate(cells[:-1]):
        start_ns = tape.tables.start_ns + i * 100 * MS
        blocked = alive = 0
        for worker in workers:
            for span in analysis.spans.between(worker, start_ns, start_ns + 100 * MS):
                alive += 0 if span.run.ended else span.end_ns - span.start_ns
                blocked += span.end_ns - span.start_ns if span.run is Run.BLOCKED else 0
        expected = max(1, min(7, round(8 * blocked / alive))) if blocked else 0
        assert cell.blocked == expected, i


def test_a_crowd_that_becomes_large_counts_those_that_were_there() -> None:
    tape = Tape()
    outline = Outline()
    analysis = Analysis(tape.recording, live=False)
    tallies = Tallies(outline, tape.tables.start_ns, 100 * MS, 0, frozenset())
    for i in range(8):
        tape.thread(f"w-{i}")
        tape.pass_ms(50)
        analysis.update(tape.now_ns)
        outline.take(tape.tables)
        assert tallies.take(analysis.spans, tape.tables)
    key = next(crowd.key for crowd in outline.crowds.values() if crowd.stem == "w-#")
    tally = tallies.of(key)
    assert tally is not None
    assert tally.counts[Run.RUNNING.ordinal] == 8


def test_the_librarys_own_threads_are_folded_and_count_for_nobody_else() -> None:
    tape = Tape()
    feeder = tape.thread("QueueFeederThread")
    tape.tables.tasks[feeder].internal = True
    tape.tables.tasks[feeder].serves = tape.queue("jobs")
    view = view_of(Shot(tape.recording))
    assert [row.is_crowd for row in view.rows] == [False, False, True]
    assert "feeds jobs" in texts(view)[2]
    tape.tables.tasks[tape.thread("handler")].internal = True
    assert "Python's own ×2" in texts(view_of(Shot(tape.recording)))[2]


def test_in_the_past_a_crowd_counts_what_was_then() -> None:
    tape = queue_for_a_lock()
    then = Shot(tape.recording)
    for task in list(tape.tables.tasks)[3:13]:
        tape.exit(task)
    tape.pass_ms(500)
    now = Shot(tape.recording)
    view = view_of(now)
    assert "10 ended" in texts(view)[2]
    view.update(
        then.state, now.tables, now.spans, now.holds, then.now_ns,
        known_ns=now.now_ns, tape_ns=tape.recording.end_ns,
    )  # fmt: skip
    assert "ended" not in texts(view)[2]
    assert "29 wait for `lock`" in texts(view)[2]


def sampled(tape: Tape, tasks: list[int], shares: list[float]) -> list[Sample]:
    """Every 100 ms of the tape: `shares` of the time on a processor."""
    times = range(tape.tables.start_ns, tape.now_ns + 1, 100 * MS)
    threads = tuple(ThreadSample(task, 0, share, 0.0, "") for task, share in zip(tasks, shares, strict=True))
    return [Sample(t_ns, (), threads) for t_ns in times]


def test_threads_that_stand_in_a_call_do_not_run_in_a_folded_lane_either() -> None:
    tape = Tape()
    handlers = [tape.thread("handler") for _ in range(3)]
    for handler in handlers:
        tape.tables.tasks[handler].internal = True
    tape.pass_ms(4500)
    tape.sleep(tape.main, 1)
    shot = Shot(tape.recording)

    def line_with(shares: list[float]) -> str:
        view = LanesView(Look(), TimeWindow(100))
        view.update(
            shot.state, shot.tables, shot.spans, shot.holds, shot.now_ns,
            samples=sampled(tape, [tape.main, *handlers], [1.0, *shares]),
        )  # fmt: skip
        return texts(view)[2]

    assert "3 run" in line_with([1.0, 1.0, 1.0])
    outside = line_with([0.0, 0.0, 0.0])
    assert "3 in calls outside Python (sampled)" in outside
    assert "run" not in outside
    assert "╌╌╌" in outside
    some = line_with([1.0, 0.0, 0.0])
    assert "1 runs · 2 in calls outside Python (sampled)" in some
    assert "▃▃▃" in some


def test_things_of_one_name_that_are_waited_for_are_added_up() -> None:
    tape = Tape()
    workers = [tape.thread(f"Worker-{i}") for i in range(30)]
    locks = [tape.lock("lock"), tape.lock("lock")]
    for worker, lock in zip(workers, locks, strict=False):
        tape.acquired(worker, lock)
    for i, worker in enumerate(workers[2:]):
        tape.acquire(worker, locks[i % 2])
    assert "2 run · 28 wait for `lock`" in texts(view_of(Shot(tape.recording)))[2]


def listed(tape: Tape, words: str = "", order: str = "program") -> list[str]:
    shot = Shot(tape.recording)
    lanes = LaneList()
    lanes.order = order  # type: ignore[assignment]
    lanes.look_for(words)
    lanes.update(shot.state, shot.tables, shot.spans, shot.now_ns)
    return [shot.tables.tasks[row.task].name for row in lanes.rows]


def test_the_longest_wait_first_and_joins_after_it() -> None:
    tape = Tape()
    early, late = tape.thread("early"), tape.thread("late")
    lock = tape.lock("lock")
    tape.join(tape.main, early)
    tape.acquired(tape.thread("owner"), lock)
    tape.pass_ms(100)
    tape.acquire(early, lock)
    tape.pass_ms(100)
    tape.acquire(late, lock)
    assert listed(tape, order="waits") == ["early", "late", "MainThread", "owner"]
    busy = listed(tape, order="busy")
    assert busy.index("owner") < busy.index("early")


def test_lanes_are_found_by_name_state_and_resource() -> None:
    tape = queue_for_a_lock(4)
    assert listed(tape, "worker") == [f"Worker-{i}" for i in range(4)]
    assert listed(tape, "sleeping") == ["clerk"]
    assert listed(tape, "lock blocked") == ["Worker-1", "Worker-2", "Worker-3"]
    assert listed(tape, "nobody") == []


class Stage(App[None]):
    def compose(self) -> ComposeResult:
        yield Lanes()


async def test_keys_find_fold_and_sort() -> None:
    async with Stage().run_test(size=(80, 14)) as pilot:
        lanes = pilot.app.query_one(Lanes)
        lanes.snapshot = Shot(queue_for_a_lock().recording)  # type: ignore[assignment]
        lanes.focus()
        await pilot.press("down", "down", "down")
        assert lanes.focused_task > 0  # of a crowd: who has waited for the longest time
        await pilot.press("enter")
        assert len(lanes.rows) == 34
        await pilot.press("enter", "o")
        assert len(lanes.rows) == 32
        await pilot.press("o", "o", "slash", *"worker-1")
        assert len(lanes.rows) == 11
        await pilot.press("enter", "n")
        before = lanes.focused_task
        await pilot.press("n")
        assert lanes.focused_task != before
        await pilot.press("escape")
        assert len(lanes.rows) == 4
        await pilot.click(Lanes, offset=(5, 3))
        assert len(lanes.rows) == 34


def test_words_of_a_folded_lane_leave_its_past_alone_while_one_of_them_has_room() -> None:
    tape = queue_for_a_lock()
    for _ in range(6):
        tape.pass_ms(1000)
        tape.sleep(tape.main, 10)
        tape.slept(tape.main)
    view = view_of(Shot(tape.recording), width=100)
    page = view.page
    assert page is not None
    line = texts(view)[2][18:]
    before, words = line[: page.window.pen], line[page.window.pen + 1 :]
    assert "wait" not in before
    assert "1 runs" in words

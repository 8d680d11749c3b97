"""The lines of all lanes and the widget that shows them, on literal tapes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from syncscope import i18n
from syncscope.look import Look
from syncscope.renderables.lanes_view import LanesView
from syncscope.renderables.time_window import TimeWindow
from syncscope.widgets.lanes import Lanes
from syncscope_engine.analysis import Analysis
from syncscope_engine.recording import Recording
from tape import Tape

LOOK = Look("unicode", "truecolor", "dark")
GUTTER = 18


@dataclass
class Shot:
    """As much of a snapshot as the lanes look at."""

    recording: Recording
    status: str = "running"
    sample: Any = None
    more_ns: int = 0
    analysis: Analysis = field(init=False)

    def __post_init__(self) -> None:
        self.analysis = Analysis(self.recording, live=False)
        self.analysis.update(self.recording.end_ns)
        self.state = self.analysis.snapshot()
        self.tables = self.recording.tables
        self.spans, self.holds = self.analysis.spans, self.analysis.holds
        self.accesses = self.analysis.accesses
        self.now_ns = self.end_ns = self.recording.end_ns + self.more_ns
        self.tape_ns = self.state.t_ns
        self.stands_still = self.status == "paused"


def two_and_a_lock() -> Tape:
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    lock = tape.lock("lock")
    tape.acquired(t1, lock, line=12)
    tape.pass_ms(500)
    tape.acquire(t2, lock, line=20)
    return tape


def lines(shot: Shot, width: int = 80, look: Look = LOOK) -> list[str]:
    view = LanesView(look, TimeWindow(width - GUTTER))
    view.update(
        shot.state, shot.tables, shot.spans, shot.holds, shot.now_ns, accesses=shot.accesses
    )  # fmt: skip
    made = [view.axis(GUTTER), *(view.line(row, GUTTER) for row in view.rows)]
    texts = ["".join(segment.text for segment in line) for line in made]
    assert all(cell_len(text) == width for text in texts)
    return texts


def line_of(name: str, texts: list[str]) -> str:
    return next(text for text in texts if name in text[:GUTTER])


def test_who_waits_says_for_what_and_who_holds_it() -> None:
    texts = lines(Shot(two_and_a_lock().recording, more_ns=2_000_000_000))
    assert "waits for `lock` held by T1 (line 12) · 2 s" in line_of("T2", texts)
    assert " B T2" in line_of("T2", texts)
    assert "lock" in line_of("T1", texts)[GUTTER:]


def test_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    before = i18n.language()
    i18n.set_language("zh")
    try:
        shot = Shot(two_and_a_lock().recording, more_ns=2_000_000_000)
        assert "在等 T1 持有的「lock」" in line_of("T2", lines(shot))
    finally:
        i18n.set_language(before)


@pytest.mark.parametrize("width", [60, 80, 81, 120, 200])
@pytest.mark.parametrize("symbols", ["unicode", "plain", "ascii"])
def test_lines_are_exactly_as_wide_as_the_screen(width: int, symbols: Any) -> None:
    lines(Shot(two_and_a_lock().recording), width, Look(symbols, "none", "dark"))


def test_a_stale_write_is_marked_and_so_are_the_reads_before_it() -> None:
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    balance = tape.variable("balance")
    tape.read(t1, balance)
    tape.pass_ms(400)
    tape.read(t2, balance)
    tape.pass_ms(400)
    tape.write(t2, balance, value=10)
    tape.pass_ms(400)
    tape.write(t1, balance, value=5, stale=True)
    texts = lines(Shot(tape.recording, more_ns=1_000_000_000))
    assert "r0" in line_of("T1", texts)
    assert "w5✗" in line_of("T1", texts)
    assert "w10" in line_of("T2", texts)


def many(n: int) -> Tape:
    tape = Tape()
    for i in range(n):
        tape.thread(f"worker-{i}")
    tape.pass_ms(1000)
    return tape


class Stage(App[None]):
    def compose(self) -> ComposeResult:
        yield Lanes()


async def test_only_visible_lanes_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    line: Callable[..., Any] = LanesView.line
    monkeypatch.setattr(
        LanesView, "line", lambda view, row, gutter: made.append(row.task) or line(view, row, gutter)
    )
    async with Stage().run_test(size=(80, 24)) as pilot:
        lanes = pilot.app.query_one(Lanes)
        lanes.snapshot = Shot(many(1000).recording)  # type: ignore[assignment]
        made.clear()
        lanes.action_crowds()
        assert len(lanes.rows) == 1002
        made.clear()
        lanes.action_pan(-1)
        assert len(made) == 23


async def test_the_focused_lane_is_always_in_view() -> None:
    async with Stage().run_test(size=(80, 12)) as pilot:
        lanes = pilot.app.query_one(Lanes)
        lanes.snapshot = Shot(many(40).recording)  # type: ignore[assignment]
        lanes.action_crowds()
        lanes.focus()
        for _ in range(30):
            await pilot.press("down")
        shown = ["".join(s.text for s in lanes.render_line(y)) for y in range(12)]
        name = lanes.snapshot.tables.task_name(lanes.focused_task)  # type: ignore[union-attr]
        assert any(name in text for text in shown)


async def test_nothing_is_drawn_when_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Stage().run_test(size=(80, 24)) as pilot:
        lanes = pilot.app.query_one(Lanes)
        shot = Shot(two_and_a_lock().recording, status="paused")
        lanes.snapshot = shot  # type: ignore[assignment]
        await pilot.pause()
        asked: list[Any] = []
        monkeypatch.setattr(lanes, "refresh", lambda *regions, **_: asked.extend(regions))
        lanes.snapshot = shot  # type: ignore[assignment]
        assert asked == []


async def test_a_moving_pen_draws_few_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Stage().run_test(size=(80, 24)) as pilot:
        lanes = pilot.app.query_one(Lanes)
        shot = Shot(many(8).recording)
        lanes.snapshot = shot  # type: ignore[assignment]
        await pilot.pause()
        asked: list[Any] = []
        monkeypatch.setattr(lanes, "refresh", lambda *regions, **_: asked.extend(regions))
        shot.now_ns += 100_000_000
        lanes.snapshot = shot  # type: ignore[assignment]
        assert asked
        assert sum(region.width for region in asked) <= 10 * 4


async def test_folding_a_process_hides_its_lanes() -> None:
    async with Stage().run_test(size=(80, 24)) as pilot:
        lanes = pilot.app.query_one(Lanes)
        lanes.snapshot = Shot(many(3).recording)  # type: ignore[assignment]
        lanes.focus()
        await pilot.press("down", "up", "up", "enter")
        assert len(lanes.rows) == 1
        await pilot.press("enter")
        assert len(lanes.rows) == 5


def test_a_command_goes_by_its_program_alone() -> None:
    tape = Tape()
    command = tape.process("convert.py holiday.png --width 1200")
    tape.tables.tasks[command].callee = "convert.py"
    (line,) = [line for line in lines(Shot(tape.recording)) if "convert" in line]
    assert "convert.py" in line
    assert "holi" not in line


def test_what_was_written_just_before_a_wait_stays_readable() -> None:
    tape = Tape()
    t1, t2, balance = tape.thread("T1"), tape.thread("T2"), tape.variable("balance")
    tape.read(t1, balance)
    tape.read(t2, balance)
    tape.write(t2, balance, value=10)
    tape.pass_ms(500)
    tape.write(t1, balance, value=5, stale=True)
    tape.sleep(t1, 5000)
    tape.pass_ms(1000)
    tape.sleep(t2, 1)
    assert "w5✗ sleeps for 5.0 s" in line_of("T1", lines(Shot(tape.recording)))

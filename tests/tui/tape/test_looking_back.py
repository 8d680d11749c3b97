"""A recorded run on the screen: the moment under the playhead in every part of it, and the jumps."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stage import Stage, stage
from syncscope.screens.save import SaveScreen, free_name
from syncscope.screens.why import WhyScreen
from syncscope.widgets.detail import DetailLines
from syncscope.widgets.lanes import Lanes
from syncscope.widgets.minimap import MinimapLine
from syncscope.widgets.output import OutputPanel
from syncscope.widgets.resources import ResourcesPanel
from syncscope.widgets.source import SourcePanel
from syncscope.widgets.story import StoryPanel
from syncscope_engine.recording import Output, Recording
from syncscope_engine.session import Options
from tape import MS, Tape

SOURCE = "".join(f"line {n}\n" for n in range(1, 40))


def a_run(path: Path) -> None:
    """T1 takes the lock at 0.1 s, T2 asks for it at 0.5 s and gets it at 1.5 s; it ends at 2 s."""
    tape = Tape()
    start_ns = tape.tables.start_ns = tape.now_ns
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    lock = tape.lock("lock")
    tape.pass_ms(100)
    tape.acquired(t1, lock, line=12)
    tape.pass_ms(400)
    tape.acquire(t2, lock, line=20)
    tape.pass_ms(1000)
    tape.release(t1, lock, line=14)
    tape.acquired(t2, lock, line=20)
    tape.pass_ms(500)
    tape.exit(t2)
    recording = tape.recording
    recording.outputs += [
        Output(start_ns + 200 * MS, "stdout", "early\n"),
        Output(start_ns + 1800 * MS, "stdout", "late\n"),
    ]
    recording.sources.update({place.file: SOURCE for place in tape.tables.places.values()})
    recording.facts.update(
        target="a_run", outcome="finished", exit_code=0, duration_ns=recording.end_ns - start_ns
    )
    recording.save(path)


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Stage]:
    """The run, stopped at its beginning, T2 chosen."""
    path = tmp_path / "a_run.scope"
    a_run(path)
    async with stage(path, recorded=path) as on:
        await on.until("a_run.scope")
        await on.until_true(lambda: on.screen.snapshot is not None)
        assert on.screen.snapshot is not None
        info = next(i for i in on.screen.snapshot.tables.tasks.values() if i.name == "T2")
        on.screen.query_one(Lanes).focused_task = info.id
        on.screen.focus_task(info.id)
        await on.press("space", "ctrl+home")
        await on.until("past", "0.000000 / 2.0 s")
        yield on


def at_ms(on: Stage) -> int:
    assert on.screen.snapshot is not None
    return (on.screen.snapshot.now_ns - on.screen.snapshot.start_ns) // MS


async def to(on: Stage, ms: int) -> None:
    assert on.screen.snapshot is not None
    on.screen.time.seek(on.screen.snapshot.start_ns + ms * MS)
    await on.until_true(lambda: at_ms(on) == ms)


async def test_every_part_shows_the_same_moment(on: Stage) -> None:
    await to(on, 1000)
    await on.until("waits for `lock` held by T1", of=DetailLines)
    await on.until("T1", "T2", of=ResourcesPanel)
    await on.press("2")
    await on.until("line 20", of=SourcePanel)
    await on.press("5")
    await on.until("early", of=OutputPanel)
    assert "late" not in on.text(OutputPanel)
    await on.press("6")
    await on.until("T2 asks for `lock`", of=StoryPanel)
    assert "T2 gets" not in on.text(StoryPanel)
    await to(on, 1900)
    await on.until("T2 gets `lock`", of=StoryPanel)
    await on.press("5")
    await on.until("late", of=OutputPanel)
    await to(on, 300)
    await on.until_true(lambda: "late" not in on.text(OutputPanel))


async def test_from_event_to_event_and_from_wait_to_wait(on: Stage) -> None:
    seen = []
    for _ in range(4):
        before = on.screen.snapshot
        await on.press("right_square_bracket")
        await on.until_true(lambda before=before: on.screen.snapshot is not before)
        seen.append(on.screen.snapshot.n_events)
    assert seen == sorted(set(seen))
    await on.press("right_parenthesis")
    await on.until_true(lambda: at_ms(on) == 500)
    await on.press("u")
    await on.until_true(lambda: at_ms(on) >= 1500)
    assert on.screen.snapshot.tables.task_name(on.screen.query_one(Lanes).focused_task) == "T1"


async def test_why_and_from_there_to_the_root(on: Stage) -> None:
    await to(on, 1000)
    await on.press("w")
    screen = on.pilot.app.screen
    assert isinstance(screen, WhyScreen)
    said = screen._text.plain
    assert "Why does T2 stand still? (1.0 s)" in said
    assert "waits for `lock` held by T1" in said
    assert "T1 has held it for 899 ms" in said
    assert "Root: T1 runs." in said
    await on.press("2")
    assert on.screen.snapshot.tables.task_name(on.screen.query_one(Lanes).focused_task) == "T1"


async def test_bookmarks_are_saved_with_the_recording(on: Stage, tmp_path: Path) -> None:
    await to(on, 700)
    await on.press("m")
    await to(on, 1200)
    await on.press("apostrophe")
    await on.until_true(lambda: at_ms(on) == 700)
    await on.press("ctrl+s")
    screen = on.pilot.app.screen
    assert isinstance(screen, SaveScreen)
    screen.query_one("Input").value = str(tmp_path / "copy.scope")
    await on.press("enter")
    await on.until_true(lambda: (tmp_path / "copy.scope").exists())
    copy = Recording.open(tmp_path / "copy.scope")
    assert copy.facts["bookmarks"] == [str(on.screen.snapshot.start_ns + 700 * MS)]


async def test_the_minimap_shows_all_and_takes_clicks(on: Stage) -> None:
    await on.until("0.0 s", "2.0 s", of=MinimapLine)
    await on.pilot.click(MinimapLine, offset=(40, 0))
    await on.until_true(lambda: 800 < at_ms(on) < 1200)
    await on.until("┃", of=MinimapLine)


async def test_play_slower_and_to_the_present(on: Stage) -> None:
    await on.press("less_than_sign", "less_than_sign", "less_than_sign", "space")
    await on.until("playing ×1/10")
    await on.until_true(lambda: at_ms(on) > 0)
    await on.press("v")
    await on.until("ended")


def test_a_name_that_is_free(tmp_path: Path) -> None:
    assert free_name("lock:too wide", tmp_path) == "lock-too-wide.scope"
    (tmp_path / "lock.scope").touch()
    assert free_name("lock.scope", tmp_path) == "lock-2.scope"
    assert free_name("../..", tmp_path) == "run.scope"


async def test_each_run_is_recorded_into_a_file_of_its_own(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text("print('hello')")
    async with stage(script, options=Options(record=tmp_path / "run.scope")) as on:
        await on.until("✓ ended")
        await on.press("f5")
        await on.until_true((tmp_path / "run-2.scope").exists)
        await on.until("✓ ended")
    for name in ("run.scope", "run-2.scope"):
        recording = Recording.open(tmp_path / name)
        assert not recording.damage
        assert "".join(output.text for output in recording.outputs) == "hello\n"

"""Two runs on one screen: one clock, and the figures that differ."""

from pathlib import Path

from textual.geometry import Region

from syncscope.app import SyncscopeApp
from syncscope.screens.beside import BesideScreen, DifferenceLines
from syncscope.widgets.lanes import Lanes
from syncscope_engine.comparison import compare
from tape import MS, Tape


def record(path: Path, hold_ms: int) -> Path:
    """T1 holds the lock for so long while T2 waits for it."""
    tape = Tape()
    start_ns = tape.tables.start_ns = tape.now_ns
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    lock = tape.lock("lock")
    tape.acquired(t1, lock)
    tape.acquire(t2, lock)
    tape.pass_ms(hold_ms)
    tape.release(t1, lock)
    tape.acquired(t2, lock)
    recording = tape.recording
    recording.facts.update(
        target=path.stem, outcome="finished", exit_code=0, duration_ns=recording.end_ns - start_ns
    )
    recording.save(path)
    return path


async def test_two_runs_stay_on_one_clock(tmp_path: Path) -> None:
    slow, quick = record(tmp_path / "slow.scope", 2000), record(tmp_path / "quick.scope", 500)
    screen = BesideScreen(slow, quick)
    app = SyncscopeApp(lambda: screen)  # type: ignore[arg-type, return-value]
    async with app.run_test(size=(100, 30)) as pilot:
        for _ in range(500):
            if len(screen.snapshots) == 2 and screen.query_one(DifferenceLines).comparison:
                break
            await pilot.pause(0.02)
        above, below = screen.query("Lanes").results(Lanes)
        assert above.zoom == below.zoom
        lines = screen.query_one(DifferenceLines)
        text = "\n".join(line.text for line in lines.render_lines(Region(0, 0, *lines.size)))
        assert "slow" in text
        assert "-1.50 s" in text
        await pilot.press("plus")
        assert above.zoom == below.zoom
        await pilot.press("ctrl+left")
        for _ in range(500):
            times = {s.now_ns - s.start_ns for s in screen.snapshots.values() if not s.position.live}
            if times and len(screen.snapshots) == 2 and min(times) < 2_000 * MS:
                break
            await pilot.pause(0.02)
        assert max(times) < 2_000 * MS


def report(name: str, waited: list[tuple[str, int]], findings: list[str]) -> dict[str, object]:
    return {
        "duration_ns": 10, "events": 3,
        "tasks": [{"kind": "thread", "name": n, "wait_ns": w} for n, w in waited],
        "resources": [{"kind": "lock", "name": "lock", "max_wait_ns": 7, "contended": 1}],
        "findings": [{"kind": kind, "title": f"{kind} in {name}"} for kind in findings],
    }  # fmt: skip


def test_what_is_compared() -> None:
    left = report("left", [("T", 5), ("T", 9), ("only", 1)], ["deadlock", "lost_update"])
    right = report("right", [("T", 5), ("T", 2)], ["deadlock"])
    found = compare(left, right)
    assert [(pair.name, pair.left, pair.right) for pair in found.waits] == [
        ("T #2", 9, 2), ("only", 1, None), ("T", 5, 5),
    ]  # fmt: skip
    assert {pair.name: pair.difference for pair in found.totals}["wait_ns"] == -8
    assert found.only_left == ["lost_update in left"]
    assert found.in_both == ["deadlock in left"]
    assert not found.only_right

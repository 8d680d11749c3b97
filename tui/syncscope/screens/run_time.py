"""What the keys do to the time that is looked at: the playhead, jumps, bookmarks."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from syncscope_engine.model.why import who_let_go
from syncscope_engine.recording import RecordingError

from ..feed import Feed
from ..i18n import t
from ..playhead import Playhead
from ..snapshot import Snapshot
from ..widgets.lanes import Lanes

if TYPE_CHECKING:
    from .run import RunScreen

BOOKMARKS = "bookmarks"


class RunTime:
    """Asks the feed; what comes of it is in the next snapshot."""

    def __init__(self, screen: "RunScreen") -> None:
        self._screen = screen

    @property
    def _snapshot(self) -> Snapshot | None:
        return self._screen.snapshot

    def _look(self, act: Callable[[Playhead], object]) -> None:
        feed: Feed | None = self._screen.feed
        if feed is not None:
            self._screen.query_one(Lanes).follow = True
            feed.look(act)

    def _task(self) -> int:
        """The task of the lane that is looked at; chosen now, if none was: who has waited for the longest."""
        lanes, snapshot = self._screen.query_one(Lanes), self._snapshot
        if not lanes.focused_task and snapshot is not None:
            waiting = [task for task in snapshot.state.tasks.values() if task.wait is not None]
            rows = [row.task for row in lanes.rows if row.task > 0 and row.kind != "process"]
            first = min(waiting, key=lambda task: task.since_ns).id if waiting else next(iter(rows), 0)
            lanes.focused_task = first
            self._screen.focus_task(first)
        return lanes.focused_task

    def seek(self, t_ns: int) -> None:
        self._look(lambda playhead: playhead.seek(t_ns))

    def step(self, by: int) -> None:
        """To the next or previous event."""
        self._look(lambda playhead: playhead.step(by))

    def step_lane(self, by: int) -> None:
        """To the next or previous event of the lane that is looked at."""
        task = self._task()
        self._look(lambda playhead: playhead.step(by, task))

    def shift(self, columns: int) -> None:
        ns = columns * self._screen.query_one(Lanes).ns_per_column
        self._look(lambda playhead: playhead.shift(ns))

    def play(self) -> None:
        """Play the tape from here, or stop."""
        self._look(Playhead.toggle)

    def faster(self, steps: int) -> None:
        self._look(lambda playhead: playhead.faster(steps))

    def present(self) -> None:
        self._look(Playhead.go_live)

    def start(self) -> None:
        snapshot = self._snapshot
        if snapshot is not None:
            self.seek(snapshot.start_ns)

    def wait(self, by: int) -> None:
        """To the beginning of the next or previous wait of the lane that is looked at."""
        snapshot, task = self._snapshot, self._task()
        if snapshot is None:
            return
        spans = snapshot.spans
        found = spans.next_wait(task, snapshot.now_ns) if by > 0 else spans.last_wait(task, snapshot.now_ns)
        if found is not None:
            self.seek(found.start_ns)

    def who_let_go(self) -> None:
        """To the task that ended the wait of the lane that is looked at, at the moment when it did."""
        snapshot, lanes = self._snapshot, self._screen.query_one(Lanes)
        if snapshot is None:
            return
        link = who_let_go(snapshot.spans, self._task(), snapshot.now_ns)
        if link is None:
            self._screen.say("note", t("run.time.nobody"))
            return
        lanes.focused_task = link.source
        self._screen.focus_task(link.source)
        self.seek(link.t_ns)

    def why(self) -> None:
        """Why the task that is looked at stands still; from there to any task of the chain."""
        from .why import WhyScreen

        snapshot, lanes = self._snapshot, self._screen.query_one(Lanes)
        if snapshot is None:
            return

        def go(task: int | None) -> None:
            if task is not None:
                lanes.focused_task = task
                self._screen.focus_task(task)

        self._screen.app.push_screen(WhyScreen(snapshot, self._task()), go)

    def finding(self, by: int) -> None:
        """To the next or previous finding."""
        snapshot = self._snapshot
        if snapshot is not None:
            self._jump([finding.t_ns for finding in snapshot.findings], by, "run.time.no_finding")

    # bookmarks

    @property
    def bookmarks(self) -> list[int]:
        """Times; kept in the recording, and saved with it."""
        snapshot = self._snapshot
        kept = snapshot.recording.facts.get(BOOKMARKS) if snapshot is not None else None
        return [int(t_ns) for t_ns in kept if t_ns.isdecimal()] if isinstance(kept, list) else []

    def bookmark(self) -> None:
        """Set one here; take it away if there is one."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        marks = set(self.bookmarks) ^ {snapshot.now_ns}
        snapshot.recording.facts[BOOKMARKS] = [str(t_ns) for t_ns in sorted(marks)]
        self.seek(snapshot.now_ns)

    def next_bookmark(self, by: int) -> None:
        self._jump(self.bookmarks, by, "run.time.no_bookmark")

    def _jump(self, times: list[int], by: int, otherwise: str) -> None:
        """To the next of `times`, round and round."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        times = sorted(times)
        now_ns = snapshot.now_ns
        ahead = [t for t in times if t > now_ns] if by > 0 else [t for t in reversed(times) if t < now_ns]
        if ahead or times:
            self.seek(ahead[0] if ahead else times[0 if by > 0 else -1])
        else:
            self._screen.say("note", t(otherwise))

    # the recording

    def save(self) -> None:
        """Save the recording; the run goes on meanwhile."""
        from .save import SaveScreen

        snapshot = self._snapshot
        if snapshot is None:
            return
        recording, screen, feed = snapshot.recording, self._screen, self._screen.feed

        async def write(path: Path | None) -> None:
            if path is None or feed is None:
                return
            try:
                await asyncio.wrap_future(feed.ask(lambda: recording.save(path)))
            except RecordingError as error:
                screen.say("error", str(error))
            else:
                screen.say("note", t("run.save.saved", name=path))

        screen.app.push_screen(SaveScreen(screen.label), write)

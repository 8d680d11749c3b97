"""The folded lanes of one picture: their tallies, kept from frame to frame, and their words."""

from collections.abc import Sequence
from functools import partial

from syncscope_engine.model.spans import Spans
from syncscope_engine.tables import Tables

from ..i18n import language
from ..look import Look
from .crowd_line import crowd_words
from .lane import Over
from .lane_cells import Cell
from .lane_list import LaneList
from .lane_page import LanePage
from .lane_paint import LanePaint
from .sampled_load import with_load_of_all
from .tallies import Tallies, Tally
from .time_window import TimeWindow

COUNTS_NS = 500_000_000
"""So often the counts of a folded lane are told anew: those that run with every frame cannot be read."""


class CrowdLanes:
    def __init__(self) -> None:
        self._tallies: Tallies | None = None
        self._words: dict[int, tuple[object, list[Over]]] = {}

    def take(self, spans: Spans, tables: Tables, lanes: LaneList, window: TimeWindow) -> None:
        """Count what is new, when there are lanes that stand for many tasks."""
        if not lanes.has_folded:
            return
        tallies = self._tallies
        key = lanes.outline, window.origin_ns, window.ns_per_column, lanes.folded_tasks
        if tallies is None or tallies.key != key or window.first < tallies.first:
            tallies = self._tallies = Tallies(*key[:3], window.first, key[3])
        tallies.take(spans, tables)

    def lane(
        self, key: int, page: LanePage, look: Look, paint: LanePaint, tape_ns: int
    ) -> tuple[Sequence[Cell], list[Over]]:
        """The cells and the words of one lane; the tape up to `tape_ns` does not change any more."""
        window = page.window
        tally = self._tallies.of(key) if self._tallies is not None else None
        if self._tallies is None or tally is None:
            return [], []
        drawn_ns = window.drawn_ns
        cells = self._tallies.cells(key, window.first, window.width, min(tape_ns, drawn_ns), drawn_ns)
        cells = with_load_of_all(page, key, partial(self._is_in, key), cells)
        return cells, self._words_of(key, tally, page, look, paint)

    def _count(self, key: int, page: LanePage) -> Tally:
        """The tasks of a lane as they were at the moment that is looked at."""
        tally = Tally(0)
        outline = self._tallies.key[0] if self._tallies is not None else None
        for task in outline.tasks_in(key) if outline is not None else ():
            state = page.state.tasks.get(task)
            if state is not None:
                tally.change(None, (state.run, state.wait.obj if state.wait is not None else 0), 0)
        return tally

    def _is_in(self, key: int, task: int) -> bool:
        return self._tallies is not None and self._tallies.key[0].is_in(task, key)

    def _words_of(self, key: int, tally: Tally, page: LanePage, look: Look, paint: LanePaint) -> list[Over]:
        window = page.window
        moment = (
            window.now_ns // (1 if window.in_the_past else COUNTS_NS),
            window.first,
            window.width,
            look,
            language(),
        )
        before = self._words.get(key)
        # words to the right of the pen give way to it
        if before is None or before[0] != moment or (before[1] and 1 < before[1][0].column <= window.pen + 1):
            # a tally counts at the end of the tape only
            counted = self._count(key, page) if window.in_the_past else tally
            before = self._words[key] = moment, crowd_words(counted, page, paint, partial(self._is_in, key))
        return before[1]

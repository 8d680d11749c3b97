"""All lanes over one stretch of time, as lines.  Only the lanes that are asked for are computed."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from syncscope_engine.model.accesses import Accesses
from syncscope_engine.model.activity import Activity
from syncscope_engine.model.holds import Holds
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import State, TaskState
from syncscope_engine.recording import Sample
from syncscope_engine.tables import Tables, TaskInfo

from ..i18n import t
from ..look import Look
from .access_marks import access_marks
from .cells import strip
from .crowd_lanes import CrowdLanes
from .drawn_lanes import DrawnLanes
from .find_line import find_line
from .hand_offs import HandOff, HandOffs, marks
from .label import label
from .lane import Over
from .lane_cells import Cell, LaneCells
from .lane_list import LaneList
from .lane_page import LanePage
from .lane_paint import LanePaint
from .lane_rows import Row, Rows
from .lane_words import end_mark, words, words_now
from .names import task_label
from .outline import Crowd
from .process_line import process_line
from .sampled_load import with_load
from .time_axis import scale, time_axis
from .time_window import TimeWindow

MOST_LINKS = 2000
"""Hand-offs that are looked at for one frame."""


class LanesView:
    """Keeps what was computed for the page that is shown, and adds to it what is new."""

    def __init__(self, look: Look, window: TimeWindow | None = None) -> None:
        self.window = window or TimeWindow()
        self.list = LaneList()
        self.typing = False  # what is looked for
        self.resource = 0  # that is looked at
        self._look = look
        self._page: LanePage | None = None
        self._sample: Sample | None = None
        self._activity = Activity()
        self._lanes: dict[int, LaneCells] = {}
        self._hand_offs: HandOffs | None = None
        self._crowds = CrowdLanes()
        self._drawn_lanes = DrawnLanes()
        self._links_ns = 0
        self._tape_ns = 0  # the spans up to there do not change any more
        self._shown: tuple[object, ...] = ()
        self._shape = 0

    @property
    def page(self) -> LanePage | None:
        return self._page

    @property
    def rows(self) -> Rows:
        return self.list.rows

    @property
    def focused(self) -> int:
        """The task, or below zero the crowd, whose lane is looked at."""
        return self.list.focused

    @focused.setter
    def focused(self, key: int) -> None:
        self.list.focused = key

    def use(self, look: Look) -> None:
        self._look = look
        self._shown = ()

    def update(
        self,
        state: State,
        tables: Tables,
        spans: Spans,
        holds: Holds,
        now_ns: int,
        sample: Sample | None = None,
        stands_still: bool = False,
        accesses: Accesses | None = None,
        samples: Sequence[Sample] = (),
        known_ns: int = 0,
        tape_ns: int = 0,
    ) -> None:
        """The program goes on, or another moment is looked at: from here on the lines are those of `now_ns`.

        In the past, `known_ns` is the present, and `tape_ns` the newest event's time; 0 = `now_ns` is the
        present, and the state's time that of the newest event.
        """
        window = self.window
        self._activity.take(samples)
        if max(now_ns, known_ns) < window.known_ns:
            self._shown = ()  # another run: nothing that was sealed is sure
        window.origin_ns = tables.start_ns
        window.advance(now_ns, known_ns)
        self._tape_ns = tape_ns or state.t_ns
        self.list.update(state, tables, spans, now_ns)
        self._page = LanePage(
            window, state, tables, spans, holds, self._look, accesses or Accesses(), self._activity,
            self.resource, stands_still, self.rows,
        )  # fmt: skip
        self._sample = sample
        shown = (spans, window.first, window.ns_per_column, window.width, self.resource)
        if shown != self._shown:
            self._lanes.clear()
            self._drawn_lanes.clear()
        if (*shown, self.list.shape) != (*self._shown, self._shape):
            self._hand_offs = HandOffs(window.start_ns, window.ns_per_column, self.list.lane_of)
            self._links_ns = window.start_ns
        self._shown, self._shape = shown, self.list.shape
        self._link(spans)
        self._crowds.take(spans, tables, self.list, window)

    def _link(self, spans: Spans) -> None:
        end_ns = min(self._tape_ns, self.window.drawn_ns)
        if self._hand_offs is not None and end_ns > self._links_ns:
            links = spans.links_between(self._links_ns, end_ns)
            if len(links) > MOST_LINKS:  # the rest in the next frames; never a part of one moment
                end_ns = max(links[MOST_LINKS].t_ns, self._links_ns + 1)
                links = spans.links_between(self._links_ns, end_ns)
            self._hand_offs.add(links)
            self._links_ns = end_ns

    # lines

    def axis(self, gutter: int, n_above: int = 0, n_below: int = 0) -> list[Segment]:
        look = self._look
        if self.typing:
            return list(find_line(self.list.words, self.list.n_found, look, gutter + self.window.width))
        muted = look.style("muted")
        more = (f" {look.symbol('up')}{n_above}" if n_above else "") + (
            f" {look.symbol('down')}{n_below}" if n_below else ""
        )
        said = self.list.said or t("lanes.scale", time=scale(self.window.ns_per_column, look))
        text = f" {said}{more}"
        left = strip([(text, muted)], gutter - 1)
        return [
            *left,
            Segment(look.symbol("vertical"), muted),
            *time_axis(self.window, look, pen=self._page is not None),
        ]

    def line(self, row: Row, gutter: int) -> list[Segment]:
        """The line of one lane: label and past."""
        page = self._page
        assert page is not None, "there are no rows without a page"
        if row.is_crowd:
            return self._crowd_line(row, gutter, page)
        state = page.state.tasks.get(row.task)
        info = page.tables.tasks[row.task]
        head = label(
            row, self._name(info, page), state.run if state else None, self._look, gutter,
            focused=row.task == self.focused, aim=self._aim_of(row.task, page),
        )  # fmt: skip
        width = self.window.width
        if state is None and not self.window.in_the_past:
            return [*head, Segment(" " * width, Style.null())]
        if state is None:
            state = TaskState(row.task)
        if row.folded and not state.run.ended:
            return self._crowd_lane(row, head, page)
        if row.kind == "process":
            return [*head, *strip(process_line(row, state, page.tables, self._sample, self._look), width)]
        lane_cells = self._lane(row.task, page)
        paint = LanePaint(self._look, aimed=bool(self.resource))
        mine = self._of_lane(row.task)
        over = words(
            page, state, lane_cells.cells, lane_cells.flags, paint, mine, focused=row.task == self.focused
        )
        over += self._marks(row.task, mine, page)
        accesses = list(access_marks(page, row.task))
        over += accesses
        now = _behind(accesses, words_now(page, state, paint, focused=row.task == self.focused))
        over = [one for one in over if not (now and one.reaches(now[0].column))] + now
        if state.run.ended:
            paint_of_end = self._look.for_run(state.run)
            over.append(
                Over(max(self.window.column(state.end_ns), 0), end_mark(state, page), paint_of_end.style)
            )
        cells = with_load(page, row.task, lane_cells.cells, lane_cells.flags)
        return self._drawn(row.task, head, cells, lane_cells.flags, over, paint)

    def _drawn(
        self,
        key: int,
        head: Sequence[Segment],
        cells: Sequence[Cell],
        flags: Sequence[int],
        over: list[Over],
        paint: LanePaint,
    ) -> list[Segment]:
        pen = self._pen_in_the_past
        return self._drawn_lanes.line(key, head, cells, flags, over, paint, self.window.width, pen)

    @property
    def _pen_in_the_past(self) -> int | None:
        return self.window.pen if self.window.in_the_past else None

    def _crowd_line(self, row: Row, gutter: int, page: LanePage) -> list[Segment]:
        crowd = self.list.outline.crowds[row.task]
        name = crowd.name or self._name_of_library(crowd, page)
        head = label(row, name, None, self._look, gutter, focused=row.task == self.focused)
        if not row.folded:
            return [*head, Segment(" " * self.window.width, Style.null())]
        return self._crowd_lane(row, head, page)

    def _name_of_library(self, crowd: Crowd, page: LanePage) -> str:
        infos = [page.tables.tasks[task] for task in crowd.tasks[:2]]
        return self._name(infos[0], page) if len(infos) == 1 else t("lanes.library")

    def _crowd_lane(self, row: Row, head: Sequence[Segment], page: LanePage) -> list[Segment]:
        paint = LanePaint(self._look)
        cells, over = self._crowds.lane(row.task, page, self._look, paint, self._tape_ns)
        return self._drawn(row.task, head, cells, bytes(len(cells)), over, paint)

    def _name(self, info: TaskInfo, page: LanePage) -> str:
        """The library's own go by what they work for; in a flat list the main thread of a child by its process."""
        if info.internal and info.serves:
            feeds = "Feeder" in info.name
            return t("lanes.feeds" if feeds else "lanes.serves", what=page.resource_name(info.serves))
        if info.kind == "process" and info.name.startswith(f"{info.callee} "):
            return info.callee  # a command with its arguments is too long for a label
        return task_label(info.id, page.tables) if self.list.is_flat else info.name

    def _lane(self, task: int, page: LanePage) -> LaneCells:
        window = self.window
        lane_cells = self._lanes.get(task)
        if lane_cells is None:
            lane_cells = LaneCells(task, window.start_ns, window.ns_per_column, self._aim(page))
            self._lanes[task] = lane_cells
        drawn_ns = window.drawn_ns
        lane_cells.update(page.spans, page.holds, min(self._tape_ns, drawn_ns), drawn_ns)
        return lane_cells

    def _aim(self, page: LanePage) -> frozenset[int]:
        if not self.resource:
            return frozenset()
        info = page.tables.resources.get(self.resource)
        return frozenset({self.resource, info.lock if info and info.lock else self.resource})

    def _aim_of(self, task: int, page: LanePage) -> str:
        aim = self._aim(page)
        if not aim:
            return ""
        if not aim.isdisjoint(page.holds.at(task, self.window.now_ns)):
            return "holds"
        state = page.state.tasks.get(task)
        return "waits" if state and state.wait and state.wait.obj in aim else ""

    def _of_lane(self, lane_: int) -> Sequence[HandOff]:
        return self._hand_offs.of_lane.get(lane_, ()) if self._hand_offs else ()

    def _marks(self, lane_: int, mine: Sequence[HandOff], page: LanePage) -> list[Over]:
        style = self._look.style("mark")
        over: list[Over] = []
        mine_of_focus = self._of_lane(self.focused) if self.focused and self.focused != lane_ else ()
        if not mine and not mine_of_focus:
            return over
        order = page.rows.places
        if self.focused and self.focused != lane_:
            y = order.get(lane_, 0)
            for hand_off in self._of_lane(self.focused):
                ends = sorted((order.get(hand_off.source, y), order.get(hand_off.target, y)))
                if ends[0] < y < ends[1]:
                    over.append(Over(hand_off.column, self._look.symbol("vertical"), style))
        over += [
            Over(column, glyph, style) for column, glyph in marks(mine, lane_, order, self._look).items()
        ]
        return over


def _behind(marks: Sequence[Over], words: list[Over]) -> list[Over]:
    """What was read or written just before somebody began to wait stays readable: the words begin after it."""
    if not words:
        return words
    first = words[0].column
    ends = [one.column + len(one.text) for one in marks if one.column <= first]
    return [words[0]._replace(column=max([first, *ends])), *words[1:]]

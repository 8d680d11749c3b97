"""Hand-offs between lanes: where one task let another go on, as a pair of marks that point at each other."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from syncscope_engine.model.spans import Link

from ..look import Look, Symbols

ROOM = 3
"""Marks of one lane are in one column or at least so far apart; a pair without that room is not drawn."""

MOST = 8
"""So many hand-offs of one lane are kept in one column: all further ones would look the same."""

Direction = Literal["to_below", "to_above", "to_both", "from_above", "from_below", "both"]
_GLYPHS: dict[Symbols, dict[Direction, str]] = {
    "unicode": {
        "to_below": "↓",
        "to_above": "↑",
        "to_both": "↕",
        "from_above": "↳",
        "from_below": "↱",
        "both": "◆",
    },
    "plain": {
        "to_below": "▾",
        "to_above": "▴",
        "to_both": "◉",
        "from_above": "►",
        "from_below": "►",
        "both": "◉",
    },
    "ascii": {
        "to_below": "v",
        "to_above": "^",
        "to_both": "*",
        "from_above": ">",
        "from_below": ">",
        "both": "*",
    },
}


def hand_off_glyphs(look: Look, direction: Direction) -> str:
    return _GLYPHS[look.symbols][direction]


class HandOff(NamedTuple):
    column: int
    source: int  # lane
    target: int  # lane
    link: Link


class HandOffs:
    """The pairs that are drawn on one page, found in the order of the tape."""

    def __init__(self, start_ns: int, ns_per_column: int, lane_of: Callable[[int], int]) -> None:
        self.of_lane: dict[int, list[HandOff]] = {}
        self.n_undrawn = 0
        self._start_ns = start_ns
        self._column_ns = ns_per_column
        self._lane_of = lane_of  # the lane that stands for a task; 0 = none

    def add(self, links: Iterable[Link]) -> set[int]:
        """Take in newer hand-offs; returns the lanes that got a mark."""
        touched = set()
        for link in links:
            source, target = self._lane_of(link.source), self._lane_of(link.target)
            if not source or not target or source == target:
                continue
            column = (link.t_ns - self._start_ns) // self._column_ns
            if self._has_no_room(source, column) or self._has_no_room(target, column):
                self.n_undrawn += 1
                continue
            for lane in (source, target):
                self.of_lane.setdefault(lane, []).append(HandOff(column, source, target, link))
                touched.add(lane)
        return touched

    def _has_no_room(self, lane: int, column: int) -> bool:
        drawn = self.of_lane.get(lane)
        if not drawn:
            return False
        full = len(drawn) >= MOST and drawn[-MOST].column == column
        return full or 0 < column - drawn[-1].column < ROOM


def marks(hand_offs: Iterable[HandOff], lane: int, order: Mapping[int, int], look: Look) -> dict[int, str]:
    """Column → glyph for one lane.  `order`: lane → its place from the top."""
    directions: dict[int, Direction] = {}
    for hand_off in hand_offs:
        below = order.get(hand_off.target, 0) > order.get(hand_off.source, 0)
        direction: Direction
        if hand_off.source == lane:
            direction = "to_below" if below else "to_above"
        else:
            direction = "from_above" if below else "from_below"
        before = directions.get(hand_off.column, direction)
        if before != direction:
            both_give = before.startswith("to") and direction.startswith("to")
            both_take = before.startswith("from") and direction.startswith("from")
            direction = "to_both" if both_give else before if both_take else "both"
        directions[hand_off.column] = direction
    glyphs = _GLYPHS[look.symbols]
    return {column: glyphs[direction] for column, direction in directions.items()}

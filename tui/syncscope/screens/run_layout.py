"""Where everything of the run screen goes: from the size of the terminal to one region for each part."""

from dataclasses import dataclass
from typing import ClassVar

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

PANELS = ("resources", "source", "cores", "findings", "output", "story")
"""In the order of the keys 1 to 6."""

TALL = 30
"""From so many lines on, the whole run is always shown; below, while its past is looked at."""

Slots = tuple[tuple[str, ...], ...]  # panels that share one place; one of each is shown


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the content would like; the layout gives what there is."""

    lanes: int = 6
    resources: int = 8
    cores: int = 4
    banner: bool = False
    minimap: bool = False


def slots_for(width: int, height: int) -> Slots:
    if width >= 140 and height >= 44:
        return tuple((panel,) for panel in PANELS)
    if width >= 108 and height >= 30:
        return ("resources",), ("source",), ("cores",), ("findings", "output", "story")
    return (PANELS,)


def places(size: Size, wishes: Wishes, slots: Slots) -> dict[str, Region]:
    """Regions by name: header, minimap, lanes, detail, banner, tabs, and one for each slot by its first panel."""
    width, height = size
    narrow = len(slots) == 1
    detail = 2 if narrow else 3
    minimap = 1 if wishes.minimap or height >= TALL else 0
    fixed = 1 + minimap + detail + 1 + (1 if wishes.banner else 0)
    room = max(4, height - fixed)
    least = min(6, room // 2)
    lanes = max(least, min(wishes.lanes, room * (52 if narrow else 42) // 100))
    found = {"header": Region(0, 0, width, 1), "lanes": Region(0, 1 + minimap, width, lanes)}
    if minimap:
        found["minimap"] = Region(0, 1, width, 1)
    y = 1 + minimap + lanes
    found["detail"] = Region(0, y, width, detail)
    y += detail
    if wishes.banner:
        found["banner"] = Region(0, y, width, 1)
        y += 1
    found["tabs"] = Region(0, y, width, 1)
    y += 1
    rest = Region(0, y, width, max(1, height - y))
    return found | _panels(rest, wishes, slots)


def _panels(region: Region, wishes: Wishes, slots: Slots) -> dict[str, Region]:
    if len(slots) == 1:
        return {slots[0][0]: region}
    height = region.height
    resources = max(4, min(wishes.resources, height * 45 // 100))
    cores = max(3, min(wishes.cores, height * 35 // 100))
    if len(slots) == len(PANELS) and region.width >= 200:
        columns = _columns(region, (38, 31, 31))
        return (
            _stack(columns[0], {"resources": resources, "source": 0})
            | _stack(columns[1], {"cores": cores, "findings": 0})
            | _stack(columns[2], {"output": height * 45 // 100, "story": 0})
        )
    left, right = _columns(region, (55, 45))
    found = _stack(left, {"resources": resources, "source": 0})
    if len(slots) == len(PANELS):
        part = (height - cores) // 3
        return found | _stack(right, {"cores": cores, "findings": part + 1, "output": part, "story": 0})
    return found | _stack(right, {"cores": cores, slots[-1][0]: 0})


def _columns(region: Region, shares: tuple[int, ...]) -> list[Region]:
    """Side by side, with one empty column between them."""
    columns, x, left = [], region.x, region.width
    for i, share in enumerate(shares):
        width = left if i == len(shares) - 1 else region.width * share // 100
        columns.append(Region(x, region.y, max(1, width - (0 if i == len(shares) - 1 else 1)), region.height))
        x += width
        left -= width
    return columns


def _stack(region: Region, heights: dict[str, int]) -> dict[str, Region]:
    """One below the other; a height of 0 takes what the others leave."""
    rest = max(1, region.height - sum(heights.values()))
    found, y = {}, region.y
    for name, height in heights.items():
        found[name] = Region(region.x, y, region.width, height or rest)
        y += height or rest
    return found


class RunLayout(Layout):
    """Puts the children of the run screen where `places` says; children are known by their ids."""

    name: ClassVar[str] = "run"

    def __init__(self) -> None:
        self.wishes = Wishes()

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        slots = slots_for(parent.app.size.width, parent.app.size.height)
        found = places(size, self.wishes, slots)
        for slot in slots:
            for panel in slot:
                found[panel] = found[slot[0]]
        return [
            WidgetPlacement(found.get(child.id or "", Region()), NULL_OFFSET, NULL_SPACING, child)
            for child in children
        ]

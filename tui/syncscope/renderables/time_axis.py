"""The ruler above the lanes: ticks with their times, counted from the program's start."""

from rich.segment import Segment
from rich.style import Style

from ..look import Look
from .lane import merge
from .time_window import TimeWindow

_US, _MS, _S, _MIN = 1_000, 1_000_000, 1_000_000_000, 60_000_000_000
_STEPS: tuple[int, ...] = (
    *(100, 200, 500),
    *(n * unit for unit in (_US, 10 * _US, 100 * _US, _MS, 10 * _MS, 100 * _MS, _S) for n in (1, 2, 5)),
    *(n * _S for n in (10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400)),
)
MIN_COLUMNS = 10
"""Ticks are at least so far apart."""
_LABEL = 8  # longest time that is written out at every tick


def tick_step(ns_per_column: int) -> int:
    """Nanoseconds between two ticks."""
    return next((step for step in _STEPS if step >= MIN_COLUMNS * ns_per_column), _STEPS[-1])


def moment(ns: int, step_ns: int, look: Look) -> str:
    """A time since the start, as exactly as ticks of `step_ns` need it: `0.5 s`, `1:20`, `350 µs`."""
    if ns >= _MIN:
        hours, rest = divmod(ns, 60 * _MIN)
        text = f"{hours}:{rest // _MIN:02d}:" if hours else f"{rest // _MIN}:"
        return text + _decimal(rest % _MIN, _S, step_ns, 2)
    if ns >= _S or step_ns >= 100 * _MS:
        return _decimal(ns, _S, step_ns) + " s"
    if ns >= _MS or step_ns >= 100 * _US:
        return _decimal(ns, _MS, step_ns) + " ms"
    return _decimal(ns, _US, step_ns) + (" us" if look.symbols == "ascii" else " µs")


def _decimal(ns: int, unit_ns: int, step_ns: int, digits: int = 1) -> str:
    places = 0
    while unit_ns > 10**places and step_ns * 10**places % unit_ns:
        places += 1
    whole, part = divmod(ns, unit_ns)
    return f"{whole:0{digits}d}" + (f".{part * 10**places // unit_ns:0{places}d}" if places else "")


def time_axis(window: TimeWindow, look: Look, pen: bool = True) -> list[Segment]:
    """Segments of `window.width` cells.

    Where the times get too long to stand at every tick, one is written out and the others say how much later
    they are.
    """
    step_ns = tick_step(window.ns_per_column)
    style = look.style("muted")
    tick = look.symbol("vertical")
    painted = [(" ", Style.null())] * window.width
    first = -(-(window.start_ns - window.origin_ns) // step_ns)
    last = (window.end_ns - 1 - window.origin_ns) // step_ns
    long = len(moment(last * step_ns, step_ns, look)) > _LABEL
    free = 0  # first column that no text covers
    for n in range(first, last + 1):
        column = window.column(window.origin_ns + n * step_ns)
        text = moment(n * step_ns, step_ns, look)
        if long and n > first:
            text = "+" + moment((n - first) * step_ns, step_ns, look)
        if column < free:
            continue
        if column + 1 + len(text) > window.width:
            text = ""
        for i, character in enumerate(tick + text):
            painted[column + i] = (character, style)
        free = column + len(text) + 1
    if pen and 0 <= window.pen < window.width:
        painted[window.pen] = (look.symbol("down"), look.style("cursor"))
    return merge(painted)


def scale(ns_per_column: int, look: Look) -> str:
    """How much time one column is: `100 ms`."""
    micro = "us" if look.symbols == "ascii" else "µs"
    units = ((_MIN, "min"), (_S, "s"), (_MS, "ms"), (_US, micro), (1, "ns"))
    unit_ns, unit = next((u for u in units if ns_per_column >= u[0]), units[-1])
    return f"{ns_per_column // unit_ns} {unit}"

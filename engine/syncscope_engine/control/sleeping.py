"""`time`, on the virtual clock."""

import time
from typing import Any

from . import originals
from .clock import EPOCH
from .run import current


def sleep(seconds: float) -> None:
    run = current()
    if run is None:
        originals.sleep(seconds)
        return
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if seconds == 0:
        run.point("yield", 0, False, "")
        return
    run.point("sleep", 0, False, f"{seconds:g} s", None, run.after(seconds))


def clock_of(original: Any, start: float = 0.0, in_ns: bool = False) -> Any:
    """A clock's stand-in."""

    def read() -> Any:
        run = current()
        if run is None:
            return original()
        value = start + run.clock.read()
        return int(value * 1_000_000_000) if in_ns else value

    return read


monotonic = clock_of(time.monotonic)
CLOCKS = {
    "monotonic": monotonic,
    "monotonic_ns": clock_of(time.monotonic_ns, in_ns=True),
    "perf_counter": clock_of(time.perf_counter),
    "perf_counter_ns": clock_of(time.perf_counter_ns, in_ns=True),
    "time": clock_of(time.time, EPOCH),
    "time_ns": clock_of(time.time_ns, EPOCH, in_ns=True),
}

"""Numbers as a person reads them: times with their unit, counts with thousands, bars."""

from ..look import Look

US, MS, S, MIN = 1_000, 1_000_000, 1_000_000_000, 60_000_000_000


def duration(ns: int, look: Look) -> str:
    """Three digits and a unit: `850 ns`, `12.3 µs`, `340 ms`, `1.24 s`, `2 min 05 s`."""
    if ns < US:
        return f"{max(ns, 0)} ns"
    if ns < MS:
        return f"{_three(ns / US)} {'us' if look.symbols == 'ascii' else 'µs'}"
    if ns < S:
        return f"{_three(ns / MS)} ms"
    if ns < MIN:
        return f"{_three(ns / S)} s"
    return f"{ns // MIN} min {ns % MIN // S:02d} s"


def _three(value: float) -> str:
    if value < 9.995:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 99.95 else f"{int(value)}"


def clock(ns: int) -> str:
    """Time since the start: `3.4 s`, `1:03.4`."""
    tenths = max(ns, 0) // 100_000_000
    if tenths < 600:
        return f"{tenths // 10}.{tenths % 10} s"
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def count(n: int) -> str:
    """`950`, `12,345`, `1.2 M`."""
    return f"{n:,}" if n < 1_000_000 else f"{n / 1_000_000:.1f} M"


def percent(share: float) -> str:
    if 0 < share < 0.0005:
        return "<0.1 %"
    return f"{share * 100:.1f} %" if 0 < share < 0.0995 else f"{share * 100:.0f} %"


def bar(share: float, width: int, look: Look) -> str:
    """A meter of `width` cells; anything above zero is visible."""
    full, empty = {"unicode": ("█", "░"), "plain": ("⣿", "⣀"), "ascii": ("#", ".")}[look.symbols]
    cells = round(max(0.0, min(1.0, share)) * width)
    if share > 0:
        cells = max(cells, 1)
    return full * cells + empty * (width - cells)

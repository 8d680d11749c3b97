"""The first line of the run screen: which program, what it does, the clock, and how much the picture may be trusted."""

from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from ..i18n import t
from ..look import Look
from .amounts import clock, count, duration, percent
from .cells import Part, ends
from .mode import Mode

NOTABLE = 0.01
"""Share of the time that our own probes took, from which on it is said before all other counts."""


@dataclass(frozen=True)
class Facts:
    """What the header says, apart from the title."""

    mode: Mode
    elapsed_ns: int = 0
    n_events: int = 0
    dropped: int = 0
    sampled: int = 0
    probe_share: float = 0.0
    gate_ns: int = 0  # so long the program is held up at each operation
    end_ns: int = 0  # in the past: until where the tape is known; 0 = this is the present


def header(title: str, program: str, facts: Facts, look: Look, width: int) -> Strip:
    """What does not fit is left out, the least important first: the mode and the clock always stay."""
    text, muted = look.style("text"), look.style("muted")
    bold = text + Style(bold=True)
    mode = facts.mode
    mode_style = look.style(mode.role) + Style(bold=True)
    left: list[Part] = [(" " + title, bold)]
    right: list[Part] = [
        (f" {mode.symbol(look)} {mode.text()}", mode_style),
        (f"  {_clocks(facts)} ", bold),
    ]
    room = width - sum(cell_len(part) for part, _ in left + right)
    for part in _trust(facts, look, muted):
        if cell_len(part[0]) <= room:
            right.append(part)
            room -= cell_len(part[0])
    name: Part = (f" {look.symbol('separator')} {program}", text)
    if program and cell_len(name[0]) <= room:
        left.append(name)
    return ends(left, right, width, ellipsis=look.symbol("ellipsis"))


def _clocks(facts: Facts) -> str:
    """The present, or the moment that is looked at and the present."""
    if not facts.end_ns:
        return clock(facts.elapsed_ns)
    return f"{facts.elapsed_ns / 1e9:.6f} / {clock(facts.end_ns)}"


def _trust(facts: Facts, look: Look, muted: Style) -> list[Part]:
    """In the order of their importance: what was lost comes before what merely costs."""
    gap = f" {look.symbol('separator')} "
    parts: list[Part] = []
    if facts.gate_ns:
        parts.append((gap + t("run.header.gate", delay=duration(facts.gate_ns, look)), look.style("warning")))
    if facts.dropped:
        parts.append((gap + t("run.header.dropped", n=count(facts.dropped)), look.style("warning")))
    if facts.sampled:
        one_in = max(2, round((facts.n_events + facts.sampled) / max(facts.n_events, 1)))
        parts.append((gap + t("run.header.sampled", n=one_in), look.style("warning")))
    slowed: Part | None = None
    if facts.probe_share >= NOTABLE:
        # operations that were counted but not recorded cost a little too
        key = "run.header.slowed_at_least" if facts.sampled else "run.header.slowed"
        slowed = (gap + t(key, share=percent(facts.probe_share)), look.style("warning"))
        parts.append(slowed)
    parts.append((gap + t("run.header.events", n=count(facts.n_events)), muted))
    if slowed is None:
        parts.append((gap + t("run.header.probes", share=percent(facts.probe_share)), muted))
    if not facts.dropped:
        parts.append((gap + t("run.header.none_dropped"), muted))
    return parts

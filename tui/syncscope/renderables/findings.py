"""What is wrong, why it matters, how to mend it, and what that rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.style import Style
from textual.strip import Strip

from syncscope_engine.detectors.base import Finding
from syncscope_engine.tables import Tables

from ..i18n import t
from ..look import Look, Symbol
from ..palettes import Role
from .amounts import clock
from .cells import Part, ends, strip, wrap

# the worst first
SHOWN: dict[str, tuple[str, Symbol, Role]] = {
    "error": ("E", "error", "error"),
    "warning": ("W", "warning", "warning"),
    "note": ("I", "note", "note"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with its texts in the language of the screen."""

    finding: Finding
    title: str
    explanation: str
    remedy: str


def severity_parts(severity: str, look: Look) -> list[Part]:
    letter, symbol, role = SHOWN[severity]
    style = look.style(role) + Style(bold=True)
    return [(f" {look.symbol(symbol)} {letter} ", style + Style(reverse=True))]


@dataclass(frozen=True)
class FindingsView:
    told: Sequence[Told]
    tables: Tables
    start_ns: int
    ended: bool
    look: Look
    width: int
    cursor: int = 0
    notes: tuple[str, ...] = ()  # limits of what was observed, in sentences
    heading: Strip | None = None
    _rows: list[tuple[int, list[Part]]] = field(init=False, default_factory=list)  # finding, parts

    def __post_init__(self) -> None:
        for i, told in enumerate(self.told):
            if i:
                self._rows.append((-1, []))
            self._rows.extend((i, parts) for parts in self._lines(told))
        muted = self.look.style("muted")
        if not self.told:
            text = t("run.findings.none_ended" if self.ended else "run.findings.none_yet")
            self._rows.extend((-1, [(line, muted)]) for line in wrap(text, max(10, self.width - 2)))
        for note in self.notes:
            self._rows.append((-1, []))
            for i, line in enumerate(wrap(note, max(10, self.width - 5))):
                sign = self.look.symbol("note") if i == 0 else " "
                self._rows.append((-1, [(f" {sign} ", self.look.style("note")), (line, muted)]))

    @property
    def n_rows(self) -> int:
        return len(self._rows)

    def finding_at(self, y: int) -> int:
        """Which finding row `y` belongs to; -1 = none."""
        return self._rows[y][0] if y < len(self._rows) else -1

    def rows_of(self, finding: int) -> tuple[int, int]:
        """First row of a finding and the row after its last one."""
        ys = [y for y, (i, _) in enumerate(self._rows) if i == finding]
        return (ys[0], ys[-1] + 1) if ys else (0, 0)

    def row(self, y: int) -> Strip:
        look = self.look
        finding, parts = self._rows[y]
        if not parts:
            return strip([], self.width)
        chosen = finding == self.cursor and len(self.told) > 1
        first = finding >= 0 and self.rows_of(finding)[0] == y
        mark: Part = (look.symbol("here"), look.style("cursor")) if chosen and first else (" ", Style.null())
        if first:
            at = clock(self.told[finding].finding.t_ns - self.start_ns)
            behind = look.ground("selection" if chosen else "panel")
            return ends(
                [mark, *parts],
                [(f" {at} ", look.style("muted"))],
                self.width,
                behind,
                look.symbol("ellipsis"),
            )
        return strip([mark, *parts], self.width)

    def _lines(self, told: Told) -> list[list[Part]]:
        look, width = self.look, max(10, self.width - 4)
        text, muted = look.style("text"), look.style("muted")
        lines: list[list[Part]] = []
        for i, line in enumerate(wrap(told.title, max(10, self.width - 16))):
            head = severity_parts(told.finding.severity, look) if i == 0 else [("     ", Style.null())]
            lines.append([*head, (" " + line, text + Style(bold=True))])
        for paragraph in told.explanation.split("\n"):
            lines += [[("  " + line, text)] for line in wrap(paragraph, width)]
        arrow = look.symbol("right")
        for i, line in enumerate(wrap(told.remedy, width - 2)) if told.remedy else ():
            lines.append(
                [(f"  {arrow if i == 0 else ' '} {line}", look.style("running") + Style(bold=False))]
            )
        lines += [[("  " + line, muted)] for line in wrap(self._evidence(told.finding), width)]
        return lines

    def _evidence(self, finding: Finding) -> str:
        places = []
        for place_id in finding.places:
            place = self.tables.places.get(place_id)
            if place and place.line:
                places.append(f"{place.file.rsplit('/', 1)[-1]}:{place.line}")
        gap = f" {self.look.symbol('separator')} "
        told = [t(f"run.basis.{finding.basis}")]
        if finding.evidence:
            told.append(t("run.findings.events", numbers=", ".join(f"#{n}" for n in finding.evidence[:6])))
        if places:
            told.append(", ".join(dict.fromkeys(places)))
        return gap.join(told)

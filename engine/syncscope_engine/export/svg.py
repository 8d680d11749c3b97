"""The lanes of a recording as a picture, for a handout: scalable, on white, readable without its colours.

One row per task, time to the right.  What stands still is a thin line or a hatched bar, what runs is a full one;
a line under a bar says that a lock is held.  Arrows are hand-offs, crosses are findings.
"""

from collections.abc import Iterator
from html import escape
from typing import TextIO

from ..analysis import Analysis
from ..detectors.base import Finding
from ..events import Kind
from ..model.spans import Link, Span
from ..model.state import Run, State, TaskState
from ..model.waits import describe_wait
from ..phrases import duration, say
from ..recording import Recording
from ..tables import TaskInfo
from ..texts import finding_text

WIDTH = 1200
GUTTER = 190
ROW = 26
BAR = 16
TOP = 46
FOOT = 34
MOST_TASKS = 60
MOST_LINKS = 400
_LEAST = 0.4
"""Bars are at least so wide: nothing that happened is invisible."""
_CHARACTER = 6.2

_FILL = {
    Run.RUNNING: "#1b9e77",
    Run.READY: "#e6ab02",
    Run.BLOCKED: "url(#blocked)",
    Run.SLEEPING: "none",
}
_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #222 }
.small { font-size: 10px; fill: #555 }
.blocked { fill: #8a3b00; font-size: 10px }
.sleeping { stroke: #8b93a1; stroke-width: 1.5 }
.held { stroke: #2166ac; stroke-width: 3 }
.link { stroke: #444; stroke-width: 1; fill: none; marker-end: url(#arrow) }
.finding { stroke: #c00; stroke-width: 2 }
.grid { stroke: #ddd }
"""


def write(recording: Recording, analysis: Analysis, target: TextIO, lang: str = "en") -> None:
    """`analysis` has taken the whole recording.  Raises OSError."""
    for line in _Picture(recording, analysis, lang).lines():
        target.write(line + "\n")


class _Picture:
    def __init__(self, recording: Recording, analysis: Analysis, lang: str) -> None:
        self._tables = recording.tables
        self._analysis = analysis
        self._lang = lang
        self._title = str(recording.facts.get("target") or "")
        self._start_ns = recording.tables.start_ns
        run_ns = recording.facts.get("duration_ns")
        end_ns = self._start_ns + run_ns if isinstance(run_ns, int) else 0
        self._end_ns = max(end_ns, recording.end_ns, self._start_ns + 1)
        lived = [t for t in self._tables.tasks.values() if analysis.spans.count(t.id) and not t.internal]
        self._tasks = [task for task in lived if task.kind != "process"][:MOST_TASKS]
        self._n_more = sum(task.kind != "process" for task in lived) - len(self._tasks)
        self._rows = {task.id: y for y, task in enumerate(self._tasks)}

    def lines(self) -> Iterator[str]:
        height = TOP + ROW * len(self._tasks) + FOOT
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img">'
        )
        yield f"<title>{_text(self._title)}</title><style>{_STYLE}</style>"
        yield (
            '<defs><pattern id="blocked" width="5" height="5" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="5" height="5" fill="#fde3d0"/>'
            '<line x1="0" y1="0" x2="0" y2="5" stroke="#d95f02" stroke-width="3"/></pattern>'
            '<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" '
            'orient="auto"><path d="M0 0 8 4 0 8z" fill="#444"/></marker></defs>'
        )
        yield f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
        yield f'<text x="8" y="18" font-weight="bold">{_text(self._title)}</text>'
        yield from self._axis(height)
        for task in self._tasks:
            yield from self._lane(task)
        yield from self._links()
        for finding in self._analysis.findings:
            yield from self._finding(finding)
        yield from self._legend(height)
        yield "</svg>"

    # where things are

    def _x(self, t_ns: int) -> float:
        share = (t_ns - self._start_ns) / (self._end_ns - self._start_ns)
        return round(GUTTER + share * (WIDTH - GUTTER - 12), 2)

    def _y(self, task: int) -> float:
        """Middle of the task's bar."""
        return TOP + ROW * self._rows[task] + ROW / 2

    # what is drawn

    def _axis(self, height: int) -> Iterator[str]:
        step_ns = _round_up((self._end_ns - self._start_ns) // 10)
        for n in range((self._end_ns - self._start_ns) // step_ns + 1):
            x = self._x(self._start_ns + n * step_ns)
            yield f'<line class="grid" x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - FOOT}"/>'
            time = duration(self._lang, n * step_ns) if n else "0"
            yield f'<text class="small" x="{x + 2}" y="{TOP - 12}">{_text(time)}</text>'

    def _lane(self, task: TaskInfo) -> Iterator[str]:
        y, spans = self._y(task.id), self._analysis.spans
        indent = 14 if task.kind == "asyncio" else 0
        yield f'<text x="{8 + indent}" y="{y + 4}">{_text(_cut(task.name, GUTTER - indent))}</text>'
        for span in spans.between(task.id, self._start_ns, self._end_ns):
            if not span.run.ended and span.run is not Run.CREATED:
                yield from self._span(task.id, span, y)
        for held in self._analysis.holds.between(task.id, self._start_ns, self._end_ns):
            names = ", ".join(self._tables.resource_name(resource) for resource in held.resources)
            x1, x2 = self._x(held.start_ns), max(self._x(held.end_ns), self._x(held.start_ns) + _LEAST)
            below = y + BAR / 2 + 2
            yield (
                f'<line class="held" x1="{x1}" y1="{below}" x2="{x2}" y2="{below}">'
                f"<title>{_text(names)}</title></line>"
            )
        state = self._analysis.state.tasks.get(task.id)
        if state is not None and state.end_ns:
            mark = "✓" if state.run is Run.DONE else "✗" if state.run is Run.FAILED else "◌"
            yield f'<text x="{self._x(state.end_ns) + 2}" y="{y + 4}">{mark}</text>'

    def _span(self, task: int, span: Span, y: float) -> Iterator[str]:
        x1, x2 = self._x(span.start_ns), max(self._x(span.end_ns), self._x(span.start_ns) + _LEAST)
        words = self._words(task, span)
        title = f"<title>{_text(words)} · {_text(duration(self._lang, span.end_ns - span.start_ns))}</title>"
        idle = span.run is Run.SLEEPING or (span.wait is not None and span.wait.kind == Kind.JOIN)
        if idle:
            yield f'<line class="sleeping" x1="{x1}" y1="{y}" x2="{x2}" y2="{y}">{title}</line>'
        else:
            yield (
                f'<rect x="{x1}" y="{y - BAR / 2}" width="{round(x2 - x1, 2)}" height="{BAR}" '
                f'fill="{_FILL[span.run]}">{title}</rect>'
            )
        name = _cut(words, x2 - x1 - 4)
        if name != words and span.wait is not None and span.wait.obj in self._tables.resources:
            name = _cut(
                self._tables.resource_name(span.wait.obj), x2 - x1 - 4
            )  # says more than a half sentence
        if span.run is Run.BLOCKED and len(name) > 3 and not idle:
            yield (
                f'<rect x="{x1 + 2}" y="{y - 6}" width="{len(name) * 5.4:.1f}" height="12" fill="#fff" '
                f'opacity="0.8"/><text class="blocked" x="{x1 + 3}" y="{y + 4}">{_text(name)}</text>'
            )

    def _words(self, task: int, span: Span) -> str:
        if span.wait is not None:
            alone = State(tasks={task: TaskState(task, span.run, span.start_ns, span.wait)})
            told = describe_wait(task, alone, self._tables, span.start_ns)
            if told is not None:
                return told.reason(self._lang, self._tables)
        return say(self._lang, f"export.{span.run.value}")

    def _links(self) -> Iterator[str]:
        links: list[Link] = [
            link
            for link in self._analysis.spans.links_between(self._start_ns, self._end_ns)
            if link.source in self._rows and link.target in self._rows
        ]
        for link in links[:MOST_LINKS]:
            x, y1, y2 = self._x(link.t_ns), self._y(link.source), self._y(link.target)
            edge = BAR / 2 if y2 > y1 else -BAR / 2
            yield f'<path class="link" d="M{x} {y1 + edge}V{y2 - edge}"/>'

    def _finding(self, finding: Finding) -> Iterator[str]:
        said = finding_text(finding, self._tables, self._lang)
        x = self._x(min(max(finding.t_ns, self._start_ns), self._end_ns))
        for task in finding.tasks:
            if task in self._rows:
                y = self._y(task)
                yield (
                    f'<path class="finding" d="M{x - 5} {y - 5}l10 10m0-10l-10 10">'
                    f"<title>{_text(said.title)}</title></path>"
                )

    def _legend(self, height: int) -> Iterator[str]:
        y, x = height - 12, 8.0
        for run in (Run.RUNNING, Run.READY, Run.BLOCKED):
            yield f'<rect x="{x}" y="{y - 9}" width="18" height="10" fill="{_FILL[run]}"/>'
            yield f'<text class="small" x="{x + 23}" y="{y}">{_text(say(self._lang, f"export.{run.value}"))}</text>'
            x += 100
        yield f'<line class="sleeping" x1="{x}" y1="{y - 4}" x2="{x + 18}" y2="{y - 4}"/>'
        yield f'<text class="small" x="{x + 23}" y="{y}">{_text(say(self._lang, "export.sleeping"))}</text>'
        x += 100
        yield f'<line class="held" x1="{x}" y1="{y - 4}" x2="{x + 18}" y2="{y - 4}"/>'
        yield f'<text class="small" x="{x + 23}" y="{y}">{_text(say(self._lang, "export.holds"))}</text>'
        x += 120
        titles = [finding_text(f, self._tables, self._lang).title for f in self._analysis.findings]
        if self._n_more:
            titles.append(say(self._lang, "export.more_tasks", n=self._n_more))
        yield f'<text class="small" x="{x}" y="{y}">{_text(_cut(" · ".join(titles), WIDTH - x - 8))}</text>'


def _text(words: str) -> str:
    return escape("".join(c if c.isprintable() else "?" for c in words))


def _cut(words: str, room: float) -> str:
    n = int(room / _CHARACTER)
    return words if len(words) <= n else words[: max(n - 1, 0)] + "…" if n > 1 else ""


def _round_up(ns: int) -> int:
    """1, 2 or 5 times a power of ten."""
    power = 1
    while power * 10 <= ns:
        power *= 10
    return next(step * power for step in (1, 2, 5, 10) if step * power >= ns)

"""A recording as lines of JSON, for other programs: one object a line, `kind` first.

First a line `recording`, then the tables (`task`, `resource`, `place`, `exception`), then events and output in
the order of time, then `finding`s.  Times are nanoseconds since the program was started.  Events carry the names
of `events.Kind` in lower case (a number, where this version does not know it); the meaning of `obj`, `a` and `b`
is that kind's.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TextIO

from ..analysis import Analysis
from ..events import Event, Kind
from ..recording import Output, Recording
from ..texts import finding_text

_NAMES = {int(kind): kind.name.lower() for kind in Kind}


def write(recording: Recording, analysis: Analysis, target: TextIO, lang: str = "en") -> None:
    """`analysis` has taken the whole recording.  Raises OSError."""
    for line in _lines(recording, analysis, lang):
        target.write(json.dumps(line, ensure_ascii=False) + "\n")


def _lines(recording: Recording, analysis: Analysis, lang: str) -> Iterator[dict[str, Any]]:
    tables = recording.tables
    yield {"kind": "recording", "schema": 1, "python": tables.python, **recording.facts}
    for task in tables.tasks.values():
        yield {"kind": "task", **_renamed(asdict(task))}
    for resource in tables.resources.values():
        yield {"kind": "resource", **_renamed(asdict(resource))}
    for place in tables.places.values():
        yield {"kind": "place", **asdict(place)}
    for exception in tables.exceptions:
        yield {"kind": "exception", **asdict(exception)}
    yield from _by_time(recording)
    for finding in analysis.findings:
        said = finding_text(finding, tables, lang)
        yield {
            "kind": "finding",
            "what": finding.kind,
            "severity": finding.severity,
            "basis": finding.basis,
            "t_ns": finding.t_ns - tables.start_ns,
            "title": said.title,
            "explanation": said.explanation,
            "remedy": said.remedy,
            "tasks": finding.tasks,
            "resources": finding.resources,
            "evidence": finding.evidence,
        }


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    """A task's or resource's own `kind` gives way to the line's."""
    row["type_of"] = row.pop("kind")
    return row


def _by_time(recording: Recording) -> Iterator[dict[str, Any]]:
    start_ns = recording.tables.start_ns
    outputs = iter(recording.outputs)
    output = next(outputs, None)
    for event in recording:
        while output is not None and output.t_ns <= event.t_ns:
            yield _output(output, start_ns)
            output = next(outputs, None)
        yield _event(event, start_ns)
    while output is not None:
        yield _output(output, start_ns)
        output = next(outputs, None)


def _event(event: Event, start_ns: int) -> dict[str, Any]:
    row = event._asdict()
    kind = row.pop("kind")
    row["t_ns"] -= start_ns
    return {"kind": "event", "event": _NAMES.get(kind, kind), **row}


def _output(output: Output, start_ns: int) -> dict[str, Any]:
    return {"kind": "output", "t_ns": output.t_ns - start_ns, "stream": output.stream, "text": output.text}

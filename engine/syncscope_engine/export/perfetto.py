"""A recording as a trace of Perfetto: open it at ui.perfetto.dev, or query it with its trace processor.

Processes hold threads, threads hold the asyncio tasks of their loop: one track each, a slice for each span.
Hand-offs are flows from an instant on the one track to an instant on the other.  What a semaphore has left and
how much is in a queue are counters; findings are instants on a track of their own.  Clock: nanoseconds since
the program was started.

Field numbers are those of Perfetto's public `trace_packet.proto`, `track_event.proto` and
`track_descriptor.proto`.
"""

from collections.abc import Iterator
from typing import BinaryIO

from ..analysis import Analysis
from ..detectors.base import Finding
from ..events import Kind
from ..model.spans import Link, Span, Spans
from ..model.state import Run, State, TaskState
from ..model.waits import describe_wait
from ..phrases import place_of, say
from ..recording import Recording
from ..tables import ResourceInfo, Tables, TaskInfo
from ..texts import finding_text
from .protobuf import fixed64, integer, message, text

_SEQUENCE = 1
_BEGIN, _END, _INSTANT, _COUNTER = 1, 2, 3, 4
_FINDINGS = 1 << 40  # uuid; those of tasks are their ids, those of counters lie above
_COUNTERS = 1 << 41
_COUNTED = frozenset({"semaphore", "queue", "pipe", "executor"})
_LEVELS = frozenset({Kind.ACQUIRED, Kind.RELEASE, Kind.PUT, Kind.GET})
"""Their `b` is the level of a semaphore or queue afterwards."""


def write(recording: Recording, analysis: Analysis, target: BinaryIO, lang: str = "en") -> None:
    """`analysis` has taken the whole recording.  Raises OSError."""
    for packet in _packets(recording, analysis, lang):
        target.write(message(1, packet))


def _packets(recording: Recording, analysis: Analysis, lang: str) -> Iterator[bytes]:
    tables, end_ns = recording.tables, recording.end_ns
    for task in tables.tasks.values():
        yield _track_of(task, tables)
    for resource in tables.resources.values():
        if resource.kind in _COUNTED:
            counter = message(8, b"")
            name = f"{resource.name} ({resource.kind})"
            yield _track(_COUNTERS + resource.id, name, counter, parent=resource.process)
    if analysis.findings:
        yield _track(_FINDINGS, say(lang, "export.findings"))
    for id_ in tables.tasks:
        yield from _slices(id_, analysis.spans, tables, end_ns, lang)
    for number, link in enumerate(analysis.spans.links_between(0, end_ns + 1), 1):
        yield from _flow(number, link, tables, lang)
    yield from _counters(recording)
    for finding in analysis.findings:
        yield _finding(finding, tables, lang)


# -- tracks


def _track_of(task: TaskInfo, tables: Tables) -> bytes:
    process = tables.tasks.get(task.process)
    pid = process.pid if process is not None and process.pid else task.process
    if task.kind == "process":
        return _track(task.id, "", message(3, integer(1, pid) + text(6, task.name)))
    if task.kind == "thread":
        return _track(
            task.id, "", message(4, integer(1, pid) + integer(2, task.native or task.id) + text(5, task.name))
        )
    return _track(task.id, task.name, parent=task.parent)


def _track(uuid: int, name: str, about: bytes = b"", parent: int = 0) -> bytes:
    descriptor = integer(1, uuid) + about
    if name:
        descriptor += text(2, name)
    if parent:
        descriptor += integer(5, parent)
    return integer(10, _SEQUENCE) + message(60, descriptor)


# -- events


def _event(t_ns: int, track: int, kind: int, name: str = "", more: bytes = b"") -> bytes:
    event = integer(9, kind) + integer(11, track) + more
    if name:
        event += text(23, name)
    return integer(8, max(t_ns, 0)) + integer(10, _SEQUENCE) + message(11, event)


def _note(name: str, value: str) -> bytes:
    return message(4, text(10, name) + text(6, value))


def _slices(task: int, spans: Spans, tables: Tables, end_ns: int, lang: str) -> Iterator[bytes]:
    start_ns = tables.start_ns
    for span in spans.between(task, 0, end_ns + 1):
        if span.run.ended or span.run is Run.CREATED:
            continue
        more = message(22, span.run.value.encode())
        place = place_of(lang, span.place, tables)
        if place:
            more += _note("place", place)
        yield _event(span.start_ns - start_ns, task, _BEGIN, _words(task, span, tables, lang), more)
        yield _event(span.end_ns - start_ns, task, _END)


def _words(task: int, span: Span, tables: Tables, lang: str) -> str:
    if span.wait is not None:
        alone = State(tasks={task: TaskState(task, span.run, span.start_ns, span.wait)})
        text_of = describe_wait(task, alone, tables, span.start_ns)
        if text_of is not None:
            return text_of.reason(lang, tables)
    return say(lang, f"export.{span.run.value}")


def _flow(number: int, link: Link, tables: Tables, lang: str) -> Iterator[bytes]:
    name = tables.resource_name(link.obj) if link.obj in tables.resources else tables.task_name(link.obj)
    t_ns = link.t_ns - tables.start_ns
    verb = Kind(link.kind).name.lower()
    yield _event(t_ns, link.source, _INSTANT, f"{verb} {name}", fixed64(47, number))
    yield _event(t_ns, link.target, _INSTANT, f"{verb} {name}", fixed64(48, number))


def _counters(recording: Recording) -> Iterator[bytes]:
    tables = recording.tables
    counted = {r.id: r for r in tables.resources.values() if r.kind in _COUNTED}
    for resource in counted.values():
        if resource.kind == "semaphore":
            yield _level_at(resource.created_ns - tables.start_ns, resource, resource.capacity)
    for event in recording:
        obj, level = event.obj, event.b
        if event.kind == Kind.STATE:
            level = event.a
        elif event.kind == Kind.SUBMIT:
            obj = event.a
        elif event.kind not in _LEVELS:
            continue
        if obj in counted:
            yield _level_at(event.t_ns - tables.start_ns, counted[obj], level)


def _level_at(t_ns: int, resource: ResourceInfo, level: int) -> bytes:
    return _event(t_ns, _COUNTERS + resource.id, _COUNTER, more=integer(30, level))


def _finding(finding: Finding, tables: Tables, lang: str) -> bytes:
    said = finding_text(finding, tables, lang)
    more = _note("explanation", said.explanation) + _note("remedy", said.remedy)
    more += _note("tasks", ", ".join(tables.task_name(task) for task in finding.tasks))
    return _event(finding.t_ns - tables.start_ns, _FINDINGS, _INSTANT, f"{finding.kind}: {said.title}", more)

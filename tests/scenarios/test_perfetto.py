"""The export for Perfetto as Perfetto itself reads it: by its schema, and asked in SQL by its trace processor."""

import subprocess
import urllib.error
from collections import defaultdict
from pathlib import Path

import pytest

from syncscope.catalogue import load_catalogue
from syncscope.targets import scenario_target
from syncscope_engine.export import perfetto
from syncscope_engine.headless import run_headless
from syncscope_engine.recording import Recording
from syncscope_engine.replay import analyse
from syncscope_engine.session import Options
from tape import Tape

SLICES = """
    select thread.name as task, slice.category as state, sum(slice.dur) as dur, count(*) as n
    from slice join thread_track on slice.track_id = thread_track.id join thread using (utid)
    where slice.dur > 0 group by 1, 2
"""
FLOWS = """
    select source.name as source, target.name as target, slice.name as what
    from flow
    join slice on flow.slice_out = slice.id
    join thread_track as source_track on slice.track_id = source_track.id
    join thread as source on source_track.utid = source.utid
    join slice as slice_in on flow.slice_in = slice_in.id
    join thread_track as target_track on slice_in.track_id = target_track.id
    join thread as target on target_track.utid = target.utid
"""
COUNTERS = """
    select track.name as name, cast(counter.value as int) as value
    from counter join counter_track as track on counter.track_id = track.id order by counter.ts
"""
COMPLAINTS = "select name, value from stats where severity in ('error', 'data_loss') and value > 0"
LEVELS = [
    ("permits (semaphore)", 2),
    ("permits (semaphore)", 1),
    ("queue (queue)", 1),
    ("queue (queue)", 0),
    ("permits (semaphore)", 2),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """(report of a run of producer_consumer, its recording, its analysis, the exported file)"""
    path = tmp_path_factory.mktemp("perfetto") / "run.scope"
    scenario = next(s for s in load_catalogue().scenarios if s.id == "producer_consumer")
    program = next(p for p in scenario.programs if p.id == "fixed")
    target = scenario_target(scenario, program, program.quick)
    report = run_headless(target, Options(timeout_s=60, record=path))
    recording = Recording.open(path)
    analysis = analyse(recording)
    return report, recording, analysis, exported(path.with_suffix(".pftrace"), recording, analysis)


def exported(path: Path, recording, analysis) -> Path:
    with path.open("wb") as target:
        perfetto.write(recording, analysis, target)
    return path


def counted(folder: Path) -> Path:
    """The trace of a semaphore that goes from 2 to 1 to 2, and a queue that goes from 0 to 1 to 0."""
    tape = Tape()
    permits, queue = tape.semaphore("permits", 2), tape.queue("queue")
    tape.acquired(tape.main, permits)
    tape.put(tape.main, queue)
    tape.get(tape.main, queue)
    tape.release(tape.main, permits)
    return exported(folder / "counted.pftrace", tape.recording, analyse(tape.recording))


def blocked_ns(report) -> dict[str, int]:
    threads = [task for task in report["tasks"] if task["kind"] == "thread"]
    return {task["name"]: task["wait_ns"] for task in threads if task["wait_ns"]}


def hand_offs(recording, analysis) -> list[tuple[str, str]]:
    links = analysis.spans.links_between(0, recording.end_ns + 1)
    return sorted((recording.tables.task_name(a.source), recording.tables.task_name(a.target)) for a in links)


def test_by_its_schema(run):
    schema = pytest.importorskip("perfetto.protos.perfetto.trace.perfetto_trace_pb2")
    report, recording, analysis, path = run
    trace = schema.Trace.FromString(path.read_bytes())
    kinds = schema.TrackEvent
    names = {
        packet.track_descriptor.uuid: packet.track_descriptor.thread.thread_name
        for packet in trace.packet
        if packet.HasField("track_descriptor")
    }
    begun: dict[int, tuple[int, str]] = {}
    blocked: dict[str, int] = defaultdict(int)
    ends: dict[int, list[str]] = defaultdict(list)
    for packet in trace.packet:
        event = packet.track_event
        if not packet.HasField("track_event"):
            continue
        if event.type == kinds.TYPE_SLICE_BEGIN:
            begun[event.track_uuid] = packet.timestamp, event.categories[0]
        elif event.type == kinds.TYPE_SLICE_END:
            start_ns, state = begun.pop(event.track_uuid)
            if state == "blocked":
                blocked[names[event.track_uuid]] += packet.timestamp - start_ns
        for flow in (*event.flow_ids, *event.terminating_flow_ids):
            ends[flow].append(names[event.track_uuid])
    assert not begun
    assert blocked == blocked_ns(report)
    assert sorted(map(tuple, ends.values())) == hand_offs(recording, analysis)


def test_counters_by_its_schema(tmp_path):
    schema = pytest.importorskip("perfetto.protos.perfetto.trace.perfetto_trace_pb2")
    trace = schema.Trace.FromString(counted(tmp_path).read_bytes())
    named = {p.track_descriptor.uuid: p.track_descriptor.name for p in trace.packet}
    told = [
        (named[packet.track_event.track_uuid], packet.track_event.counter_value)
        for packet in trace.packet
        if packet.track_event.type == schema.TrackEvent.TYPE_COUNTER
    ]
    assert told == LEVELS


def ask(path: Path, *questions: str) -> list[list]:
    """Rows for each question, from Perfetto's trace processor, a program that its package fetches."""
    processor = pytest.importorskip("perfetto.trace_processor")
    try:
        asked = processor.TraceProcessor(trace=str(path))
    except (OSError, subprocess.CalledProcessError, urllib.error.URLError) as error:
        pytest.skip(
            f"Perfetto's trace processor is not on this machine and could not be fetched ({type(error).__name__})"
        )
    try:
        return [list(asked.query(question)) for question in questions]
    finally:
        asked.close()


def test_asked_in_sql(run):
    report, recording, analysis, path = run
    slices, flows, complaints = ask(path, SLICES, FLOWS, COMPLAINTS)
    assert not complaints
    assert {row.task: row.dur for row in slices if row.state == "blocked"} == blocked_ns(report)
    assert {row.task for row in slices} == {t["name"] for t in report["tasks"] if t["kind"] == "thread"}
    assert sorted((row.source, row.target) for row in flows) == hand_offs(recording, analysis)
    assert any(row.what.startswith("notify") for row in flows)


def test_counters_asked_in_sql(tmp_path):
    levels, complaints = ask(counted(tmp_path), COUNTERS, COMPLAINTS)
    assert not complaints
    assert sorted((row.name, row.value) for row in levels) == sorted(LEVELS)

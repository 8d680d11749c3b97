"""A recording in other programs' formats, read back by their own rules."""

import io
import json
from xml.etree import ElementTree

import pytest

from syncscope_engine.analysis import Analysis
from syncscope_engine.events import Kind
from syncscope_engine.export import jsonl, perfetto, svg
from tape import Tape

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def recorded():
    """(recording, analysis): T1 holds the lock, T2 <waits> for it; a semaphore and a queue go up and down."""
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2 <&>")
    task = tape.aio_task("Task-1", t1)
    lock, permits, queue = tape.lock("lock"), tape.semaphore("permits", 2), tape.queue("queue")
    tape.acquired(t1, lock, line=12)
    tape.acquire(t2, lock)
    tape.release(t1, lock)
    tape.acquired(t2, lock)
    tape.emit(Kind.ACQUIRED, t2, permits, b=1)
    tape.emit(Kind.PUT, t2, queue, b=1)
    tape.emit(Kind.GET, t1, queue, b=0)
    tape.emit(Kind.RELEASE, t2, permits, a=1, b=2)
    assert task
    analysis = Analysis(tape.recording, live=False)
    analysis.update(tape.now_ns, final=True)
    return tape.recording, analysis


def fields(data):
    """(number, value) of each field of a message: the decoder's half of the encoding."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    found = []
    while at < len(data):
        key = varint()
        if key & 7 == 0:
            found.append((key >> 3, varint()))
        elif key & 7 == 1:
            found.append((key >> 3, int.from_bytes(data[at : at + 8], "little")))
            at += 8
        else:
            size = varint()
            found.append((key >> 3, data[at : at + size]))
            at += size
    return found


def test_perfetto_has_tracks_slices_flows_and_counters(recorded):
    target = io.BytesIO()
    perfetto.write(*recorded, target)
    packets = [dict(fields(packet)) for number, packet in fields(target.getvalue()) if number == 1]
    tracks = [dict(fields(packet[60])) for packet in packets if 60 in packet]
    events = [(packet[8], dict(fields(packet[11]))) for packet in packets if 11 in packet]
    uuids = {track[1] for track in tracks}
    assert len(uuids) == len(tracks)
    assert all(event[11] in uuids for _, event in events)
    assert {5, 6} <= {number for track in tracks for number in (5 if 4 in track else 6 if 3 in track else 0,)}
    open_slices = {}
    for t_ns, event in events:
        if event[9] == 1:
            open_slices[event[11]] = t_ns
        elif event[9] == 2:
            assert t_ns >= open_slices.pop(event[11])
    assert not open_slices, "every slice that begins ends"
    assert sorted(e[47] for _, e in events if 47 in e) == sorted(e[48] for _, e in events if 48 in e)
    levels = [e[30] for _, e in events if e[9] == 4]
    assert levels == [2, 1, 1, 0, 2]
    names = {e[23] for _, e in events if 23 in e}
    assert b"waits for `lock`" in names
    assert b"release lock" in names


def test_lines_of_json_tell_everything_once(recorded):
    target = io.StringIO()
    jsonl.write(*recorded, target)
    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    assert lines[0]["kind"] == "recording"
    events = [line for line in lines if line["kind"] == "event"]
    assert [line["n"] for line in events] == [event.n for event in recorded[0]]
    assert [line["event"] for line in events if line["event"] in ("put", "get")] == ["put", "get"]
    assert {line["name"] for line in lines if line["kind"] == "resource"} == {"lock", "permits", "queue"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_picture_is_well_formed_and_shows_every_task(recorded, lang):
    target = io.StringIO()
    svg.write(*recorded, target, lang)
    root = ElementTree.fromstring(target.getvalue())
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"MainThread", "T1", "T2 <&>", "Task-1"} <= set(texts)
    titles = ["".join(title.itertext()) for title in root.iter(f"{SVG}title")]
    assert any("lock" in title for title in titles)
    assert len(list(root.iter(f"{SVG}path"))) > 2  # arrows
    for bar in root.iter(f"{SVG}rect"):
        assert float(bar.get("width")) > 0

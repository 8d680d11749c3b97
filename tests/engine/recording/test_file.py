"""A recording on disk is the recording that was in memory, as far as the file is good."""

import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncscope_engine.events import Event, Kind
from syncscope_engine.recording import Output, Recording, RecordingError, Sample, ThreadSample
from syncscope_engine.tables import ExceptionInfo, Place, ResourceInfo, TaskInfo
from syncscope_engine.tape import event_log
from syncscope_engine.tape.blocks import HEADER, pack, title

U32 = st.integers(0, 2**32 - 1)
I64 = st.integers(-(2**63), 2**63 - 1)
events_of_any_kind = st.builds(
    Event, st.just(0), st.integers(1, 10**9), st.integers(0, 2**16 - 1), U32, U32, U32, I64, I64,
    st.integers(0, 2**16 - 1), U32,
)  # fmt: skip


def filled(recording: Recording, n: int = 10) -> Recording:
    tables = recording.tables
    tables.python, tables.start_ns, tables.cost_ns = "3.11.7", 5, 700
    tables.tasks[1] = TaskInfo(1, "process", "MainProcess", pid=77)
    tables.tasks[2] = TaskInfo(2, "thread", "消费者 \udc80", parent=1)
    tables.resources[3] = ResourceInfo(3, "lock", "till", "Lock", place=1)
    tables.places[1] = Place(1, "/shop.py", 12, "pay")
    tables.exceptions.append(ExceptionInfo(2, "KeyError", "'x'", (("/shop.py", 12, "pay"),), 9))
    tables.notes.append("A note.")
    recording.outputs.append(Output(6, "stdout", "hello\x1b[0m\n"))
    recording.samples.append(Sample(7, (0.5, 1.0), (ThreadSample(2, 0, 0.25, 0.5, "holds"),)))
    recording.sources["/shop.py"] = "pay()\n"
    recording.facts["outcome"] = "finished"
    recording.dropped = 3
    recording.append(Event(0, 10 + i, Kind.ACQUIRED, 2, 3, 1, i, -i, 0, 2) for i in range(n))
    return recording


def contents(recording: Recording):
    return (
        list(recording), recording.tables, recording.outputs, recording.samples, recording.sources,
        recording.dropped, recording.facts["outcome"],
    )  # fmt: skip


@pytest.mark.parametrize("n", [0, 1, 4096, 4097, 12_000])
def test_what_was_saved_is_what_is_opened(tmp_path, n):
    recording = filled(Recording(), n)
    recording.save(tmp_path / "run.scope")
    opened = Recording.open(tmp_path / "run.scope")
    assert contents(opened) == contents(recording)
    assert not opened.damage
    assert opened.end_ns == recording.end_ns


def test_a_file_that_grows_is_good_up_to_the_last_flush(tmp_path):
    path = tmp_path / "run.scope"
    recording = filled(Recording(path))
    recording.flush()
    recording.tables.tasks[2].name = "Ada"
    recording.append([Event(0, 90, Kind.EXIT, 2, 2)])
    recording.flush()
    opened = Recording.open(path)
    assert contents(opened) == contents(recording)
    assert opened.tables.tasks[2].name == "Ada"


def test_who_recorded_was_interrupted(tmp_path):
    recording = filled(Recording(tmp_path / "run.scope"))
    del recording.facts["outcome"]
    recording.flush()
    assert "no end" in Recording.open(tmp_path / "run.scope").damage


@given(st.lists(events_of_any_kind, max_size=30), st.integers(1, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_any_events_come_back(tmp_path, monkeypatch, events, block):
    monkeypatch.setattr(event_log, "BLOCK", block)
    monkeypatch.setattr(event_log, "CACHED", 2)
    recording = Recording()
    taped = recording.append(events)
    assert [e.n for e in taped] == list(range(1, len(events) + 1))
    assert [e.t_ns for e in taped] == sorted(e.t_ns for e in taped)
    recording.save(tmp_path / "any.scope")
    for one in (recording, Recording.open(tmp_path / "any.scope")):
        assert list(one) == taped
        assert [one[e.n] for e in taped] == taped
        assert list(one.between(3, 9)) == taped[2:9]
        assert list(one.after(4)) == taped[4:]
        for event in taped:
            assert one.index_at(event.t_ns) == max(e.n for e in taped if e.t_ns == event.t_ns)
            assert one.index_at(event.t_ns - 1) == max((e.n for e in taped if e.t_ns < event.t_ns), default=0)


def test_unknown_blocks_are_passed_over_and_kept(tmp_path):
    path, copy = tmp_path / "a.scope", tmp_path / "b.scope"
    filled(Recording()).save(path)
    path.write_bytes(path.read_bytes() + pack(b"NEWS", b"from the future"))
    opened = Recording.open(path)
    assert not opened.damage
    opened.facts["bookmarks"] = ["7"]
    opened.save(copy)
    assert copy.read_bytes().startswith(path.read_bytes())
    again = Recording.open(copy)
    assert contents(again) == contents(opened)
    assert again.facts["bookmarks"] == ["7"]


def test_a_damaged_file_is_saved_as_far_as_it_is_good(tmp_path):
    path, copy = tmp_path / "a.scope", tmp_path / "b.scope"
    filled(Recording()).save(path)
    path.write_bytes(path.read_bytes() + pack(b"EVNT", b"?"))
    opened = Recording.open(path)
    assert opened.damage
    opened.save(copy)
    again = Recording.open(copy)
    assert not again.damage
    assert contents(again) == contents(opened)


def test_a_file_that_is_cut_off_opens_up_to_there(tmp_path):
    path = tmp_path / "run.scope"
    recording = filled(Recording(), 9000)
    recording.save(path)
    path.write_bytes(path.read_bytes()[:-9])
    opened = Recording.open(path)
    assert "damaged or cut off" in opened.damage
    assert list(opened) == list(recording)[:8192]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a recording"),
        (b"PK\x03\x04", "not a recording"),
        (b'{"format": "syncscope-recording"}\n', "not a recording"),
        (b'{"format": "syncscope-recording", "version": 2}\n', "newer"),
        (b"[" * 5000, "not a recording"),
    ],
)
def test_other_files_are_refused_in_one_sentence(tmp_path, data, says):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(RecordingError, match=says):
        Recording.open(tmp_path / "x")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(RecordingError, match="cannot be opened"):
        Recording.open(tmp_path / "nothing")
    with pytest.raises(RecordingError, match="cannot be written"):
        filled(Recording()).save(tmp_path / "no" / "folder")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "block",
    [
        pack(b"EVNT", b"short"),
        pack(b"EVNT", bytes(8) + bytes([1]) + bytes(43)),  # number 0
        pack(b"EVNT", bytes([1]) + bytes(7) + bytes(44)),  # time 0
        pack(
            b"EVNT", bytes([1]) + bytes(7) + bytes([2]) + bytes(43) + bytes([1]) + bytes(43)
        ),  # time runs back
        pack(b"FACT", b'{"duration_ns": NaN}'),
        pack(b"FACT", b'{"duration_ns": 1e999}'),
        pack(b"FACT", b'{"duration_ns": 99999999999999999999}'),
        pack(b"TABL", b"[]"),
        pack(b"TABL", b'{"tasks": [{"id": "x"}]}'),
        pack(b"OUTP", b'{"outputs": [[1, "nowhere", ""]]}'),
        pack(b"SAMP", b'{"samples": [[1]]}'),
        pack(b"FACT", b"\xff"),
        HEADER.pack(b"EVNT", 1 << 31, 0),
        HEADER.pack(b"EVNT", 3, zlib.crc32(b"abc", zlib.crc32(b"EVNT"))) + b"abc",
    ],
)
def test_a_block_that_makes_no_sense_ends_the_recording(tmp_path, block):
    (tmp_path / "x").write_bytes(title() + block)
    assert "damaged" in Recording.open(tmp_path / "x").damage


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
    path = tmp_path / "run.scope"
    recording = Recording(path)
    filled(recording, 5000)
    real = event_log.BlockFile._write

    def full(fd, data, offset):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("syncscope_engine.tape.blocks.os.pwrite", full)
    recording.append(Event(0, 10_000, Kind.RELEASE, 2, 3) for _ in range(5000))
    recording.flush()
    monkeypatch.undo()
    assert real is event_log.BlockFile._write
    assert "No space" in str(recording.problem)
    assert len(list(recording)) == 10_000
    recording.save(tmp_path / "elsewhere.scope")
    assert contents(Recording.open(tmp_path / "elsewhere.scope")) == contents(recording)
    assert len(Recording.open(path)) == 4096

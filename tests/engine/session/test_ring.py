"""Records come out once, in order, whole; what is lost is counted; no byte can make the reader raise."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ring_writer import RingWriter
from syncscope_engine import wire
from syncscope_engine.events import Kind
from syncscope_engine.lines import Metadata
from syncscope_engine.ring import HOLE_PATIENCE_NS, DamagedRingError, Ring
from syncscope_engine.wire import CAPACITY


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RingWriter]:
    writer = RingWriter(tmp_path, 1)
    yield writer
    writer.close()


@pytest.fixture
def ring(writer: RingWriter) -> Iterator[Ring]:
    ring = Ring(writer.base + ".ring")
    yield ring
    ring.close()


def take(ring: Ring, now_ns: int = 0, final: bool = False) -> tuple[list[int], int]:
    ring.look()
    records, lost = ring.take(now_ns, final)
    return [record[0] for record in records], lost


def test_records_come_once_and_in_order(writer: RingWriter, ring: Ring) -> None:
    assert take(ring) == ([], 0)
    writer.record(Kind.SET, 7, a=-5)
    writer.record(Kind.CLEAR, 7)
    ring.look()
    (first, second), lost = ring.take(0)
    assert first == (1, 1, 2, 0, 0, 7, Kind.SET, 0, 0, -5, 0)
    assert second[0] == 2
    assert lost == 0
    assert take(ring) == ([], 0)


def test_nothing_is_lost_when_the_ring_goes_round(writer: RingWriter, ring: Ring) -> None:
    seen: list[int] = []
    for n in (CAPACITY - 3, 2, 5, CAPACITY, 1):
        writer.flood(n)
        seqs, lost = take(ring)
        assert lost == 0
        seen += seqs
    assert seen == list(range(1, writer.seq + 1))


def test_overwritten_records_are_counted(writer: RingWriter, ring: Ring) -> None:
    writer.flood(10)
    take(ring)
    writer.flood(CAPACITY + 7)
    seqs, lost = take(ring)
    assert lost == 7
    assert seqs == list(range(18, CAPACITY + 18))


def test_a_record_beyond_head_is_taken_at_the_second_look(writer: RingWriter, ring: Ring) -> None:
    first, second = writer.reserve(), writer.reserve()
    writer.put(second, Kind.SET)
    writer.put(first, Kind.SET)  # writes HEAD later, and so sets it back
    assert take(ring) == ([first], 0)
    assert take(ring) == ([second], 0)


def test_the_last_reading_takes_what_is_beyond_head(writer: RingWriter, ring: Ring) -> None:
    for _ in range(100):
        writer.reserve()
    for seq in range(100, 0, -1):
        writer.put(seq, Kind.SET)
    assert take(ring, final=True) == (list(range(1, 101)), 0)


def test_a_reserved_number_is_waited_for(writer: RingWriter, ring: Ring) -> None:
    writer.record(Kind.SET)
    hole = writer.reserve()
    writer.record(Kind.SET)
    assert take(ring, now_ns=0) == ([1], 0)
    assert take(ring, now_ns=HOLE_PATIENCE_NS - 1) == ([], 0)
    writer.put(hole, Kind.SET, head=False)
    assert take(ring, now_ns=HOLE_PATIENCE_NS) == ([2, 3], 0)


def test_a_number_that_is_never_written_does_not_stop_the_reader(writer: RingWriter, ring: Ring) -> None:
    writer.reserve()
    writer.record(Kind.SET)
    writer.reserve()
    writer.record(Kind.SET)
    assert take(ring, now_ns=1) == ([], 0)
    assert take(ring, now_ns=1 + HOLE_PATIENCE_NS) == ([2, 4], 2)


def test_a_hole_is_not_waited_for_when_much_piles_up_behind_it(writer: RingWriter, ring: Ring) -> None:
    writer.reserve()
    writer.flood(CAPACITY // 2)
    assert take(ring) == (list(range(2, writer.seq + 1)), 1)


def test_a_hole_is_not_waited_for_at_the_end(writer: RingWriter, ring: Ring) -> None:
    writer.reserve()
    writer.record(Kind.SET)
    writer.reserve()
    assert take(ring, final=True) == ([2], 1)
    assert take(ring, final=True) == ([], 0)


def test_records_that_are_overwritten_during_the_copy_are_dropped(
    writer: RingWriter, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.flood(CAPACITY)
    copy = ring._slots

    def copy_then_lose_the_race(start: int, n: int) -> bytes:
        data = copy(start, n)
        monkeypatch.setattr(ring, "_slots", copy)
        writer.flood(3)
        return data

    monkeypatch.setattr(ring, "_slots", copy_then_lose_the_race)
    assert take(ring) == (list(range(4, CAPACITY + 1)), 3)
    assert take(ring) == ([CAPACITY + 1, CAPACITY + 2, CAPACITY + 3], 0)


def test_every_frame_grants_a_new_budget(writer: RingWriter, ring: Ring) -> None:
    ring.grant()
    ring.grant()
    assert writer.frame() == 2


def test_another_version_is_refused(writer: RingWriter) -> None:
    writer.header(wire.W_VERSION, wire.VERSION + 1)
    with pytest.raises(DamagedRingError):
        Ring(writer.base + ".ring")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damage=st.lists(
        st.tuples(
            st.one_of(
                st.integers(0, 56),
                st.integers(wire.RING_OFFSET, wire.RING_OFFSET + 40 * wire.RECORD_SIZE),
                st.integers(0, wire.FILE_SIZE),
            ),
            st.binary(min_size=1, max_size=200),
        ),
        max_size=6,
    ),
    size=st.one_of(st.none(), st.integers(0, wire.FILE_SIZE)),
)
def test_no_bytes_can_make_it_raise(
    tmp_path: Path, damage: list[tuple[int, bytes]], size: int | None
) -> None:
    writer = RingWriter(tmp_path, 1, t_ns=len(os.listdir(tmp_path)) + 2)
    writer.flood(30)
    ring = Ring(writer.base + ".ring")
    take(ring)
    writer.flood(30)
    for offset, data in damage:
        writer.write(offset, data)
    if size is not None:
        os.ftruncate(writer.fd, size)
    for i in range(3):
        take(ring, now_ns=i * HOLE_PATIENCE_NS)
        ring.state_words(100)
        ring.grant()
    take(ring, final=True)
    ring.close()
    writer.close()
    os.unlink(writer.base + ".ring")


def test_lines_come_whole_and_bad_ones_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.meta"
    metadata = Metadata(str(path))
    assert metadata.lines() == []
    path.write_bytes(b'{"k": 1}\n{"k"')
    assert metadata.lines() == [{"k": 1}]
    assert metadata.lines() == []
    with path.open("ab") as file:
        file.write(b": 2}\n\xff\xfe\n[1]\n" + b"[" * 100_000 + b'\n{"k": 3}\n')
    assert metadata.lines() == [{"k": 2}, {"k": 3}]
    assert metadata.n_bad == 3

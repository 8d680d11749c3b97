"""What is full: who waits for room, and the child that cannot end because nobody reads what it has put."""

import pytest

from syncscope_engine.events import Kind
from syncscope_engine.headless import run_headless
from syncscope_engine.session import Options, Target

FULL = """
import multiprocessing


def works(queue, simple, pipe):
    queue.put(1)  # line 6
    queue.put(2)  # line 7
    simple.put("x" * 1000000)  # line 8
    pipe.send(b"x" * 1000000)  # line 9


if __name__ == "__main__":
    context = multiprocessing.get_context(HOW)
    queue = context.Queue(1)
    simple = context.SimpleQueue()
    reader, writer = context.Pipe(duplex=False)
    duplex, other = context.Pipe()
    child = context.Process(target=works, args=(queue, simple, writer), name="child")
    child.start()
    go()
    print(queue.get(), queue.get())  # line 21
    go()
    print(len(simple.get()))
    go()
    print(len(reader.recv()))
    child.join()
    second = context.Process(target=duplex.send, args=("x" * 1000000,), name="second")
    second.start()
    go()
    print(len(other.recv()))
    second.join()
"""
CUES = [("child", Kind.PUT_WAIT)] * 3 + [("second", Kind.PUT_WAIT)]

JOINED = """
import multiprocessing, sys


def fills(queue):
    for _ in range(40):
        queue.put("x" * 2000)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=fills, args=(queue,), name="fills")
    child.start()
    if sys.argv[1:]:
        for _ in range(40):
            queue.get()
    child.join()
"""


@pytest.fixture
def story(fork):
    return fork(FULL, *CUES)


def test_who_waits_for_room(story):
    assert story.printed.splitlines() == ["1 2", "1000000", "1000000", "1000000"]
    lines = [line for line in story.lines("child") if "PUT" in line]
    assert lines == [
        "child PUT queue 1 :6",
        "child PUT_WAIT queue :7",
        "child PUT queue 1 waited :7",
        "child PUT_WAIT simple :8",
        "child PUT simple -1 waited :8",
        "child PUT_WAIT (reader, writer) :9",
        "child PUT (reader, writer) -1 waited :9",
    ]
    assert [line.partition(" :")[0] for line in story.lines("second") if "PUT" in line] == [
        "second PUT_WAIT (duplex, other)",
        "second PUT (duplex, other) -1 waited",
    ]
    assert story.state.n_gaps == 0


def judged(tmp_path, *args: str):
    script = tmp_path / "joined.py"
    script.write_text(JOINED)
    return run_headless(Target("joined", script, args=args), Options(stdin="closed", timeout_s=30.0))


def test_a_join_that_hangs_is_a_deadlock(tmp_path):
    report = judged(tmp_path)
    assert report["outcome"] == "stuck"
    (finding,) = report["findings"]
    assert finding["kind"] == "deadlock"
    text = str(finding)
    assert "QueueFeederThread" in text
    assert "queue.pipe" in text


def test_somebody_reads(tmp_path):
    report = judged(tmp_path, "read")
    assert (report["outcome"], report["findings"]) == ("finished", [])

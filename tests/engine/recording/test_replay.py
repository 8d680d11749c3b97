"""A recorded run, judged again, gives the report that it gave."""

import pytest

from running import printed
from syncscope_engine.headless import run_headless
from syncscope_engine.recording import Recording, RecordingError
from syncscope_engine.replay import analyse
from syncscope_engine.report import RunFacts, build_report
from syncscope_engine.session import Options, Session, Target, UsageError

PROGRAM = """
import threading
lock, other = threading.Lock(), threading.Lock()
both = threading.Barrier(2)
def work(first, second):
    with first:
        both.wait()
        print("has one")
        with second:
            pass
threading.Thread(target=work, args=(lock, other), name="T1").start()
work(other, lock)
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """(report of the run, file that it was recorded in)"""
    folder = tmp_path_factory.mktemp("recorded")
    script = folder / "program.py"
    script.write_text(PROGRAM)
    path = folder / "run.scope"
    report = run_headless(Target("program", script), Options(stdin="closed", timeout_s=30, record=path))
    script.unlink()  # the recording needs it no more
    return report, path


def test_the_same_report(recorded):
    report, path = recorded
    recording = Recording.open(path)
    assert report["outcome"] == "stuck"
    assert "deadlock" in [finding["kind"] for finding in report["findings"]]
    assert not recording.damage
    assert build_report(RunFacts.recorded(recording), recording, analyse(recording)) == report


def test_sources_and_output_are_in_it(recorded):
    recording = Recording.open(recorded[1])
    assert list(recording.sources.values()) == [PROGRAM]
    assert "".join(o.text for o in recording.outputs) == "has one\nhas one\n"


def test_every_beginning_of_it_can_be_judged(recorded, tmp_path):
    data = recorded[1].read_bytes()
    part = tmp_path / "part.scope"
    for length in range(0, len(data), 97):
        part.write_bytes(data[:length])
        try:
            recording = Recording.open(part)
        except RecordingError:
            assert length < 100
            continue
        assert recording.damage
        build_report(RunFacts.recorded(recording), recording, analyse(recording))


def test_a_file_that_cannot_be_made(tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        Session(Target("x", tmp_path / "x.py"), Options(record=tmp_path / "no" / "folder"))


def test_any_run_can_be_saved_afterwards(tmp_path):
    script = tmp_path / "program.py"
    script.write_text("print('hello')")
    with Session(Target("program", script), Options(stdin="closed")) as session:
        session.start()
        while session.status != "ended":
            session.poll()
    session.recording.save(tmp_path / "run.scope")
    opened = Recording.open(tmp_path / "run.scope")
    assert list(opened) == list(session.recording)
    assert printed(session) == "hello\n"
    assert opened.facts == {**session.recording.facts, "dropped": 0, "sampled": 0}

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncscope_engine.explore.schedule import (
    PlannedStep,
    Schedule,
    ScheduleError,
    load,
    loads,
    save,
    script_of,
)

words = st.text(max_size=12)
steps = st.builds(PlannedStep, st.integers(0, 999), words.filter(bool), words, words, st.integers(0, 99_999))
schedules = st.builds(
    Schedule,
    target=words,
    form=st.sampled_from(["scenario", "script", "module"]),
    arguments=st.lists(words, max_size=3).map(tuple),
    parameters=st.lists(words, max_size=3).map(tuple),
    granularity=st.sampled_from(["sync", "access", "line"]),
    seed=st.integers(0, 1 << 40),
    max_steps=st.integers(1, 1 << 20),
    outcome=words,
    error=words,
    tasks=st.dictionaries(st.integers(1, 99), words, max_size=4),
    steps=st.lists(steps, max_size=8).map(tuple),
    forced=st.frozensets(st.integers(0, 7)),
)


@given(schedules)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read(schedule: Schedule) -> None:
    forced = frozenset(n for n in schedule.forced if n < len(schedule.steps))
    read = loads(schedule.dumps())
    assert read == Schedule(**{**vars(schedule), "forced": forced})


@given(schedules, st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_damaged_is_read_or_refused(schedule: Schedule, data: st.DataObject) -> None:
    text = schedule.dumps()
    at = data.draw(st.integers(0, len(text)))
    damaged = text[:at] + data.draw(st.text(max_size=3)) + text[at + data.draw(st.integers(0, 9)) :]
    with suppress(ScheduleError):
        loads(damaged)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not a schedule"),
        ("import threading\n", "is not a schedule"),
        ("syncscope schedule 99\n", "of version 99"),
        ("syncscope schedule 1\ntarget: nothing\n", "cannot be understood in line 2"),
        ('syncscope schedule 1\ntarget: "a.py"\n', "is cut off"),
        ('syncscope schedule 1\ntarget: "a.py"\nsteps:\n', "does not say what"),
        (Schedule("a.py").dumps() + "  one acquire a:1 lock\n", "cannot be understood in line 15"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    with pytest.raises(ScheduleError, match=re.escape(says)):
        load(path)


def test_a_file_that_is_not_text_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(ScheduleError, match="cannot be read: No such file"):
        load(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScheduleError, match="is not a schedule"):
        load(path)


def test_the_script_is_found_from_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    path = tmp_path / "kept" / "deadlock.schedule"
    save(Schedule(str(tmp_path / "program.py")), path)
    assert load(path).target == "../program.py"
    assert script_of(load(path), path) == tmp_path / "program.py"

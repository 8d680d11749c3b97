"""Values in memory that processes share: which updates were lost, and which were not."""

import pytest

from syncscope_engine.detectors.lost_update import LostUpdate
from syncscope_engine.events import Flag, Kind

UPDATES = """
import multiprocessing


def adds(turn, bare, locked, numbers, fields):
    before = bare.value  # line 6
    turn.wait()
    bare.value = before + 1  # line 8
    turn.wait()
    with locked.get_lock():
        locked.value += 1  # line 11
    n = numbers[1]  # line 12
    turn.wait()
    numbers[1] = n + 1  # line 14
    turn.wait()
    numbers[-1] = 7
    numbers[0] = 0  # from no read
    shown = fields.value
    turn.wait()
    fields.value = 5.0  # not an update of what was read


if __name__ == "__main__":
    context = multiprocessing.get_context(HOW)
    turn = context.Barrier(2)
    bare = context.Value("i", 3)
    locked = context.Value("i", 0)
    numbers = context.Array("i", 3)
    fields = context.Value("d", 1.5)
    shared = turn, bare, locked, numbers, fields
    children = [context.Process(target=adds, args=shared, name=f"child{i}") for i in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(bare.value, locked.value, list(numbers), fields.value)
"""


@pytest.fixture
def story(play):
    return play(UPDATES)


def test_the_program_is_not_disturbed(story):
    assert (story.printed, story.errors) == ("4 2 [0, 1, 7] 5.0\n", "")


def test_what_was_lost(story):
    stale = [(story.name(e.obj), story.line(e)) for e in story.events if e.flags & Flag.STALE]
    assert sorted(stale) == [("bare", 8), ("numbers[1]", 14)]


def test_it_is_found(story):
    detector = LostUpdate()
    for event in story.events:
        if event.kind in detector.kinds:
            detector.observe(event, story.state, story.tables)
    found = {story.name(f.resources[0]): f for f in detector.check(story.state, story.tables, 0, True) or ()}
    assert set(found) == {"bare", "numbers[1]"}
    reads = [story.events[n - 1] for n in found["bare"].evidence if story.events[n - 1].kind == Kind.READ]
    assert [story.line(read) for read in reads] == [6]
    assert {story.name(task) for task in found["bare"].tasks} == {"child0", "child1"}


def test_a_value_is_one_thing(story):
    wholes = {r.name: (r.kind, r.type) for r in story.tables.resources.values() if not r.part_of}
    assert wholes == {
        "turn": ("barrier", "Barrier"),
        "bare": ("shared_memory", "Value"),
        "locked": ("shared_memory", "Value"),
        "numbers": ("shared_memory", "Array"),
        "fields": ("shared_memory", "Value"),
    }


def test_versions_count_the_writes_of_all_processes(story):
    states = {
        info.name: story.state.resources[id_]
        for id_, info in story.tables.resources.items()
        if id_ in story.state.resources
    }
    assert (states["bare"].n_acquired, states["bare"].value) == (2, 4)
    assert (states["locked"].n_acquired, states["locked"].value) == (2, 2)
    assert states["numbers"].n_acquired == 6
    assert states["locked.lock"].n_acquired == 2


NOT_SEEN = """
import multiprocessing

if __name__ == "__main__":
    raw = multiprocessing.RawValue("i", 1)
    plain = multiprocessing.Value("i", 1, lock=False)
    good = multiprocessing.Value("i", 1)
    good.get_obj().value += 1
    good.get_obj().value += 1
    print(raw.value + plain.value + good.value)
"""


def test_what_is_not_seen_is_said(fork):
    story = fork(NOT_SEEN)
    assert story.printed == "5\n"
    end = " is memory without a lock of its own: its reads and writes are not observed."
    said = [note.removesuffix(end) for note in story.tables.notes if note.endswith(end)]
    assert said == ["multiprocessing.RawValue", "What get_obj() gives"]

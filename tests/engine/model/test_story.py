"""Events as sentences."""

import pytest

from syncscope_engine.events import Awaited, Event, Failure, Flag, Kind, Outcome
from syncscope_engine.model.story import sentence, story
from syncscope_engine.phrases import LANGUAGES
from tape import Tape


def last(tape: Tape, state=None, lang: str = "en") -> str | None:
    return sentence(tape.recording[len(tape.recording)], tape.tables, state, lang)


def test_asking_for_a_lock_that_another_holds(reduce):
    tape = Tape()
    t1, t2, lock = tape.thread("T1"), tape.thread("T2"), tape.lock("lock")
    tape.acquired(t1, lock)
    tape.pass_ms(1200)
    tape.acquire(t2, lock)
    assert last(tape) == "T2 asks for `lock`; T1 holds it"
    state = reduce(tape).state
    assert last(tape, state) == "T2 asks for `lock`; T1 has held it for 1.2 s"
    assert last(tape, state, "zh") == "T2 要「lock」；T1 已持有它 1.2 秒"
    tape.pass_ms(5)
    tape.release(t1, lock)
    tape.acquired(t2, lock)
    assert last(tape) == "T2 gets `lock` after 5.0 ms"


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (lambda t: t.exit(t.main, Outcome.FAILED), "MainThread ends with an error"),
        (lambda t: t.exit(t.process_id, status=-11), "process main is killed by signal SIGSEGV"),
        (lambda t: t.raised(t.main, "KeyError"), "MainThread ends with KeyError, which nobody caught"),
        (lambda t: t.notify(t.main, t.condition("c")), "MainThread notifies `c`; nobody waits there"),
        (lambda t: t.notify(t.main, t.condition("c"), t.main), "MainThread notifies `c` and wakes MainThread"),
        (lambda t: t.release(t.main, t.semaphore("s", 1)), "MainThread gives a permit back to `s`, 2 left"),
        (lambda t: t.put(t.main, t.queue("q")), "MainThread puts an item into `q`, now 1"),
        (
            lambda t: t.acquire_failed(t.main, t.lock("l"), Failure.BUSY),
            "MainThread does not get `l`, it is taken",
        ),
        (lambda t: t.wait(t.main, t.barrier("b"), parties=1), "MainThread waits at `b`; 1 were there before"),
        (
            lambda t: t.write(t.main, t.variable("n"), stale=True),
            "MainThread writes `n` from an old value: another write is lost",
        ),
        (lambda t: t.emit(Kind.GAP, 0, t.process_id, a=7), "7 records of process main were lost"),
        (lambda t: t.emit(Kind.KILL, 0, t.process_id, a=9), "Signal SIGKILL is sent to process main"),
        (
            lambda t: t.emit(Kind.SLOWED, 0, a=50_000_000),
            "From here on the program is slowed: 50 ms at each operation",
        ),
        (lambda t: t.emit(Kind.SLOWED, 0), "The program is no longer slowed"),
        (lambda t: t.emit(Kind.STATE, 0, t.lock()), None),
        (lambda t: t.suspend(t.main, awaited=Awaited.IO), "MainThread waits for input or output and gives its thread to others"),
    ],
)  # fmt: skip
def test_sentences(act, text):
    tape = Tape()
    act(tape)
    assert last(tape) == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_event_has_a_sentence(lang):
    tape = Tape()
    things = [
        tape.lock(), tape.semaphore(), tape.condition(), tape.event(), tape.barrier(), tape.queue(),
        tape.variable(), tape.main, 0, 999,
    ]  # fmt: skip
    for kind in Kind:
        for obj in things:
            for a, b, flags in (
                (0, 0, 0),
                (-1, 1, 1),
                (5, 2, Flag.STALE),
                (10**9, 8, Flag.IN_CONDITION),
                (3, 99, 31),
            ):
                text = sentence(Event(1, 0, kind, tape.main, obj, 0, a, b, flags), tape.tables, None, lang)
                assert (text is None) == (kind in (Kind.STATE, Kind.AWAITS)), kind
                assert text is None or ("{" not in text and text)


def test_an_event_of_a_later_version_has_none():
    assert sentence(Event(1, 0, 255, 1, 1), Tape().tables, None, "en") is None


def test_the_story_of_one_task_or_resource():
    tape = Tape()
    lock = tape.lock("lock")
    tape.acquired(tape.main, lock)
    tape.release(tape.main, lock)
    lines = story(lock, tape.recording, tape.tables).splitlines()
    assert [line.split("ms  ")[1] for line in lines] == [
        "MainThread takes `lock`",
        "MainThread releases `lock`",
    ]

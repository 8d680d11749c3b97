"""Notifications that nobody heard, and what is waited for in vain after them."""

from syncscope_engine.texts import finding_text
from tape import Tape


def unheard() -> tuple[Tape, int, int, int]:
    """The producer notifies before the consumer waits."""
    tape = Tape()
    producer, consumer = tape.thread("producer"), tape.thread("consumer")
    ready = tape.condition("ready")
    lock = tape.tables.resources[ready].lock
    tape.acquired(producer, lock)
    tape.notify(producer, ready, line=10)
    tape.release(producer, lock)
    tape.exit(producer)
    tape.join(tape.main, consumer)
    return tape, consumer, ready, lock


def test_a_wait_after_the_last_notification_never_ends(judge):
    tape, consumer, ready, lock = unheard()
    tape.acquired(consumer, lock)
    tape.wait(consumer, ready, line=20)
    (finding,) = judge(tape)
    assert (finding.kind, finding.severity) == ("lost_wakeup", "error")
    assert [tape.tables.task_name(task) for task in finding.tasks] == ["consumer", "producer"]
    assert [tape.tables.places[place].line for place in finding.places] == [10, 20]
    text = finding_text(finding, tape.tables, "en")
    assert text.title == "Lost wakeup: consumer came to `ready` after its notification"
    assert "producer notified `ready` (line 10)" in text.explanation


def test_a_lost_wakeup_explains_why_everyone_waits(judge):
    tape, consumer, ready, lock = unheard()
    tape.acquired(consumer, lock)
    tape.wait(consumer, ready)
    assert [finding.kind for finding in judge(tape)] == ["lost_wakeup"]


def test_a_consumer_that_looks_first_makes_it_an_ordinary_hang(judge):
    tape, consumer, ready, lock = unheard()
    tape.acquired(consumer, lock)  # looks, takes what was announced
    tape.release(consumer, lock)
    tape.acquired(consumer, lock)  # nothing more: the closing signal is missing
    tape.wait(consumer, ready)
    (finding,) = judge(tape)
    assert (finding.kind, finding.variant) == ("deadlock", "everyone")


def test_silent_while_anybody_could_still_notify(judge):
    tape, consumer, ready, lock = unheard()
    tape.acquired(consumer, lock)
    tape.wait(consumer, ready)
    tape.thread("another producer")
    assert judge(tape, ms=60_000) == []


def test_silent_for_a_wait_with_a_time_limit(judge):
    tape, consumer, ready, lock = unheard()
    tape.acquired(consumer, lock)
    tape.wait(consumer, ready, limit_ns=10**12)
    assert judge(tape, ms=60_000) == []


def test_one_lost_among_many_heard(judge):
    """Woken consumers take what they were notified of; that is no look at what was lost."""
    tape = Tape()
    baker = tape.thread("baker")
    sellers = [tape.thread("seller-1"), tape.thread("seller-2")]
    bell = tape.condition("bell")
    lock = tape.tables.resources[bell].lock

    def ring(*woken: int) -> None:
        tape.acquired(baker, lock)
        tape.notify(baker, bell, *woken)
        tape.release(baker, lock)

    def enter(seller: int) -> None:
        tape.acquired(seller, lock)
        tape.wait(seller, bell)

    for seller in sellers:
        enter(seller)
    ring(sellers[0])
    tape.woke(sellers[0], bell)
    tape.release(sellers[0], lock)
    ring(sellers[1])
    tape.woke(sellers[1], bell)
    tape.release(sellers[1], lock)
    ring()  # both are busy
    enter(sellers[0])
    ring(sellers[0])
    tape.woke(sellers[0], bell)
    tape.release(sellers[0], lock)
    tape.exit(baker)
    enter(sellers[1])
    enter(sellers[0])
    tape.join(tape.main, sellers[0])
    (finding,) = judge(tape)
    assert finding.kind == "lost_wakeup"
    assert set(finding.tasks) == {*sellers, baker}


def test_who_waits_and_notifies_by_turns_is_not_accused(judge):
    """One condition for both sides of a buffer: nobody can tell whom a notification was for."""
    tape = Tape()
    one, two = tape.thread("one"), tape.thread("two")
    changed = tape.condition("changed")
    lock = tape.tables.resources[changed].lock
    tape.acquired(one, lock)
    tape.notify(one, changed)
    tape.release(one, lock)
    for task in (two, one):
        tape.acquired(task, lock)
        tape.wait(task, changed)
    tape.join(tape.main, one)
    (finding,) = judge(tape)
    assert finding.kind == "deadlock"

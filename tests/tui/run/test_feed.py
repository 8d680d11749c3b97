"""The feed: one thread drives the session; the screen gets few, fresh messages."""

import threading
from collections.abc import Callable

import pytest
from textual.message import Message

from syncscope.feed import Feed
from syncscope.playhead import Playhead
from syncscope_engine.detectors.base import Finding
from syncscope_engine.events import Event, Kind
from syncscope_engine.model.accesses import Accesses
from syncscope_engine.model.holds import Holds
from syncscope_engine.model.past import Checkpoints, Past
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import State
from syncscope_engine.recording import Recording, Sample

WAIT_S = 5.0


class FakeSession:
    """A program whose every poll is scripted; the last line of the script ends it."""

    def __init__(self, script: list[Callable[["FakeSession"], None]]) -> None:
        self.recording = Recording()
        self.recording.tables.start_ns = 1
        self.script = script
        self.status = "starting"
        self.outcome: str | None = None
        self.exit_code: int | None = None
        self.now_ns = 1
        self.calls: list[str] = []
        self.threads: set[str] = set()
        self.closed = threading.Event()

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self.threads.add(threading.current_thread().name)

    def start(self) -> None:
        self._called("start")
        self.status = "running"

    def poll(self) -> list[Event]:
        self.threads.add(threading.current_thread().name)
        if self.script:
            self.script.pop(0)(self)
        return []

    def pause(self) -> None:
        self._called("pause")
        self.status = "paused"

    def resume(self) -> None:
        self._called("resume")
        self.status = "running"

    def stop(self) -> None:
        self._called("stop")
        self.end("killed")

    def mark_stuck(self) -> None:
        self._called("mark_stuck")

    def send_input(self, text: str) -> None:
        self._called(f"send_input {text!r}")

    def close_input(self) -> None:
        self._called("close_input")

    def close(self) -> None:
        self._called("close")
        self.closed.set()

    def end(self, outcome: str = "finished") -> None:
        self.status, self.outcome, self.exit_code = "ended", outcome, 0

    def happens(self) -> None:
        self.now_ns += 1_000_000
        self.recording.append([Event(0, self.now_ns, Kind.SLEEP, 1, 0)])


class FakeAnalysis:
    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.findings: list[Finding] = []
        self.spans, self.holds, self.state = Spans(), Holds(), State()
        self.accesses = Accesses()
        self.finals: list[bool] = []

    def update(self, now_ns: int, final: bool = False, until: int | None = None) -> list[Finding]:
        self.finals.append(final)
        return []

    def snapshot(self) -> State:
        return State()

    def past(self) -> Past:
        return Past(self.recording, Checkpoints())


class FakeSampler:
    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.missing: list[str] = ["The GIL cannot be seen here."]
        self.closed = False

    def close(self) -> None:
        self.closed = True

    def sample(self, now_ns: int) -> Sample:
        sample = Sample(now_ns, (0.5,))
        self.recording.samples.append(sample)
        return sample


class Inbox:
    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._arrived = threading.Condition()

    def post(self, message: Message) -> None:
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()

    def wait_for(self, what: Callable[[Message], bool]) -> Message:
        with self._arrived:
            assert self._arrived.wait_for(lambda: any(map(what, self.messages)), WAIT_S), self.messages
            return next(filter(what, self.messages))

    @property
    def updates(self) -> list[Feed.Updated]:
        return [message for message in self.messages if isinstance(message, Feed.Updated)]


def status_is(status: str) -> Callable[[Message], bool]:
    return lambda message: isinstance(message, Feed.Updated) and message.snapshot.status == status


def feed_of(session: FakeSession, analysis: FakeAnalysis, inbox: Inbox, fps: float = 100) -> Feed:
    return Feed(session, analysis, FakeSampler(session.recording), inbox.post, fps)


def nothing(session: FakeSession) -> None:
    """A poll that brings no news."""


def test_the_end_is_shown_at_once_and_judged_as_final() -> None:
    session, inbox = FakeSession([FakeSession.happens, FakeSession.end]), Inbox()
    analysis = FakeAnalysis(session.recording)
    feed = feed_of(session, analysis, inbox, fps=0.001)
    feed.start()
    ended = inbox.wait_for(status_is("ended"))
    assert isinstance(ended, Feed.Updated)
    assert ended.snapshot.outcome == "finished"
    assert ended.snapshot.n_events == 1
    assert ended.snapshot.missing == ("The GIL cannot be seen here.",)
    assert session.closed.wait(WAIT_S)
    feed.close()
    assert analysis.finals[-1] is True
    assert not any(analysis.finals[:-1])
    assert session.calls == ["start", "close"]
    assert session.threads == {"syncscope-feed"}


def test_nothing_is_sent_while_nothing_changes() -> None:
    quiet = threading.Event()
    script = [FakeSession.happens, *[nothing] * 5, lambda _: quiet.set()]
    session, inbox = FakeSession(script), Inbox()
    feed = feed_of(session, FakeAnalysis(session.recording), inbox)
    feed.start()
    assert quiet.wait(WAIT_S)
    feed.close()
    assert len(inbox.updates) == 1


def test_many_polls_make_few_messages_and_no_event_is_missed() -> None:
    session, inbox = FakeSession([*[FakeSession.happens] * 6, FakeSession.end]), Inbox()
    feed = feed_of(session, FakeAnalysis(session.recording), inbox, fps=1)
    feed.start()
    inbox.wait_for(status_is("ended"))
    feed.close()
    assert [update.snapshot.n_events for update in inbox.updates] == [1, 6]


def test_commands_are_done_by_the_thread_of_the_feed() -> None:
    session, inbox = FakeSession([FakeSession.happens]), Inbox()
    feed = feed_of(session, FakeAnalysis(session.recording), inbox)
    feed.start()
    feed.pause()
    inbox.wait_for(status_is("paused"))
    feed.resume()
    feed.send_input("7\n")
    feed.close_input()
    feed.stop()
    inbox.wait_for(status_is("ended"))
    feed.close()
    assert session.calls == ["start", "pause", "resume", "send_input '7\\n'", "close_input", "stop", "close"]
    assert session.threads == {"syncscope-feed"}


def test_closing_kills_a_program_that_would_go_on_for_ever() -> None:
    session, inbox = FakeSession([]), Inbox()
    feed = feed_of(session, FakeAnalysis(session.recording), inbox)
    feed.start()
    inbox.wait_for(status_is("running"))
    feed.close()
    assert session.closed.is_set()
    feed.close()  # again: nothing happens


@pytest.mark.parametrize("where", ["start", "poll"])
def test_a_failure_is_told_and_the_session_is_closed(where: str) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the ring is broken")

    session, inbox = FakeSession([fail]), Inbox()
    if where == "start":
        session.start = fail  # type: ignore[method-assign]
    feed = feed_of(session, FakeAnalysis(session.recording), inbox)
    feed.start()
    failed = inbox.wait_for(lambda message: isinstance(message, Feed.Failed))
    assert isinstance(failed, Feed.Failed)
    assert failed.error == "RuntimeError: the ring is broken"
    assert "Traceback" in failed.trace
    assert session.closed.wait(WAIT_S)


def test_a_newer_snapshot_replaces_one_that_still_waits() -> None:
    session, inbox = FakeSession([FakeSession.happens, FakeSession.happens, FakeSession.end]), Inbox()
    feed = feed_of(session, FakeAnalysis(session.recording), inbox)
    third = FakeSession([])
    other = feed_of(third, FakeAnalysis(third.recording), Inbox())
    feed.start()
    inbox.wait_for(status_is("ended"))
    feed.close()
    first, last = inbox.updates[0], inbox.updates[-1]
    assert first.can_replace(last)
    assert not first.can_replace(Feed.Updated(other, last.snapshot))


def test_the_past_can_be_looked_at_while_the_program_goes_on_and_after_it() -> None:
    go_on = threading.Event()

    def wait_and_go_on(session: FakeSession) -> None:
        if go_on.is_set():
            session.happens()
            session.end()

    session, inbox = (
        FakeSession([FakeSession.happens, FakeSession.happens, *[wait_and_go_on] * 1000]),
        Inbox(),
    )
    feed = feed_of(session, FakeAnalysis(session.recording), inbox)
    feed.start()
    inbox.wait_for(lambda m: isinstance(m, Feed.Updated) and m.snapshot.n_events == 2)
    feed.look(lambda playhead: playhead.step(-1))
    past = inbox.wait_for(lambda m: isinstance(m, Feed.Updated) and not m.snapshot.position.live)
    assert isinstance(past, Feed.Updated)
    assert (past.snapshot.state.n, past.snapshot.n_events) == (1, 1)
    assert past.snapshot.now_ns == session.recording[1].t_ns < past.snapshot.end_ns
    go_on.set()
    inbox.wait_for(status_is("ended"))
    assert inbox.updates[-1].snapshot.n_events == 1, "the end does not take the viewer away"
    feed.look(Playhead.go_live)
    inbox.wait_for(lambda m: isinstance(m, Feed.Updated) and m.snapshot.n_events == 3)
    feed.close()


def test_a_recorded_run_plays_by_itself_to_its_end() -> None:
    session, inbox = FakeSession([FakeSession.end]), Inbox()
    for _ in range(3):
        session.happens()
    feed = Feed(
        session, FakeAnalysis(session.recording), FakeSampler(session.recording), inbox.post, 100, live=False
    )
    feed.start()
    inbox.wait_for(
        lambda m: isinstance(m, Feed.Updated) and m.snapshot.n_events == 3 and not m.snapshot.position.playing
    )
    feed.close()

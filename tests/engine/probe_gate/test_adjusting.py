"""The delay can be changed while the program runs."""

from pathlib import Path

from running import finish, follow, printed, session_for, wait_for
from slowed_programs import THREADS, WRITTEN_TO
from syncscope_engine.events import Kind
from syncscope_engine.session import Options

HOUR_NS = 3_600_000_000_000


def test_a_program_that_would_take_days_goes_on_at_once(tmp_path: Path) -> None:
    with session_for(tmp_path, THREADS, Options(slow_ns=HOUR_NS)) as session:
        session.start()
        follow(session, lambda: session.status == "running")
        session.slow(0)
        finish(session)
        assert session.outcome == "finished"
        assert [e.a for e in session.recording if e.kind == Kind.SLOWED] == [HOUR_NS, 0]


def test_a_program_is_slowed_and_let_go(tmp_path: Path) -> None:
    with session_for(tmp_path, WRITTEN_TO) as session:
        session.start()
        session.send_input("a\n")
        wait_for(session, "a\n")
        session.slow(HOUR_NS)
        session.send_input("b\n")
        follow(session, lambda: sum(e.kind == Kind.ACQUIRED for e in session.recording) == 2)
        for _ in range(20):
            session.poll()
        assert printed(session) == "a\n"  # it stands with the lock in hand
        session.slow(1_000_000)
        wait_for(session, "b\n")
        session.close_input()
        finish(session)
        assert printed(session) == "a\nb\nover\n"
        kinds = [Kind(e.kind).name for e in session.recording if e.kind in (Kind.ACQUIRED, Kind.RELEASE)]
        assert kinds == ["ACQUIRED", "RELEASE"] * 2


def test_a_slowed_program_can_be_stopped(tmp_path: Path) -> None:
    with session_for(tmp_path, WRITTEN_TO, Options(slow_ns=HOUR_NS)) as session:
        session.start()
        session.send_input("a\n")
        follow(session, lambda: any(e.kind == Kind.ACQUIRED for e in session.recording))
        session.stop()
        finish(session)
        assert session.outcome == "killed"
        assert "KeyboardInterrupt" in printed(session, "stderr")

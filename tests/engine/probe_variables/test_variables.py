"""Stale writes in real programs, and silence where nothing can be lost."""

from pathlib import Path

import pytest

from running import printed, run
from syncscope_engine.events import Event, Flag, Kind
from syncscope_engine.session import Options, Session


def accesses(session: Session) -> list[Event]:
    return [e for e in session.recording if e.kind in (Kind.READ, Kind.WRITE)]


def stale(session: Session) -> list[Event]:
    return [e for e in accesses(session) if e.flags & Flag.STALE]


def line(session: Session, event: Event) -> int:
    return session.recording.tables.places[event.place].line


TWO_TASKS_MEET = """
    import threading

    n = 0
    first_has_read, second_is_done = threading.Event(), threading.Event()

    def slow():
        global n
        n = n + wait()

    def wait():
        first_has_read.set()
        second_is_done.wait()
        return 1

    def quick():
        global n
        first_has_read.wait()
        n += 10
        second_is_done.set()

    threads = [threading.Thread(target=f, name=f.__name__) for f in (slow, quick)]
    for t in threads: t.start()
    for t in threads: t.join()
    print(n)
"""


@pytest.mark.parametrize("budget", [64, 0])
def test_a_stale_write_tells_both_tasks_and_lines(tmp_path: Path, budget: int) -> None:
    session = run(tmp_path, TWO_TASKS_MEET, Options(budget=budget))
    assert printed(session) == "1\n"
    tables = session.recording.tables
    (write,) = stale(session)
    assert (tables.task_name(write.task), line(session, write)) == ("slow", 9)
    assert tables.resource_name(write.obj) == "n"
    assert tables.resources[write.obj].kind == "variable"
    before = [e for e in accesses(session) if e.n < write.n]
    lost = before[-1]
    assert (lost.kind, tables.task_name(lost.task), line(session, lost)) == (Kind.WRITE, "quick", 19)
    read = next(e for e in before if e.kind == Kind.READ and e.task == write.task)
    assert (read.b, lost.b, write.b) == (0, 1, 2)
    assert (read.a, lost.a, write.a) == (0, 10, 1)
    assert read.n < lost.n


def test_attributes_are_told_apart_by_their_object(tmp_path: Path) -> None:
    session = run(
        tmp_path,
        """
        import threading

        class Account:
            def __init__(self): self.balance = 0
            def pay(self, n): self.balance += n

        accounts = [Account(), Account()]
        turn = [threading.Event() for _ in range(3)]

        def teller(i):
            turn[i].wait()
            for account in accounts:
                account.pay(1)
            turn[i + 1].set()

        threads = [threading.Thread(target=teller, args=(i,)) for i in range(2)]
        for t in threads: t.start()
        turn[0].set()
        for t in threads: t.join()
        print([a.balance for a in accounts])
        """,
    )
    assert printed(session) == "[2, 2]\n"
    assert not stale(session)
    variables = {e.obj for e in accesses(session)}
    assert {session.recording.tables.resource_name(v) for v in variables} == {"Account.balance"}
    assert len(variables) == 2


HEALTHY = {
    "with a lock": """
        import threading
        n = 0
        lock = threading.Lock()
        def work():
            global n
            for _ in range(2000):
                with lock:
                    n += 1
        threads = [threading.Thread(target=work) for _ in range(4)]
        for t in threads: t.start()
        for t in threads: t.join()
        assert n == 8000
    """,
    "set in one thread, used in another": """
        import threading
        total, stop = 0, False
        go = threading.Event()
        def reset():
            global total, stop
            total = 0
            stop = True
        def work():
            global total
            go.wait()
            total += 1
        total += 5
        reset()
        t = threading.Thread(target=work); t.start(); go.set(); t.join()
        assert total == 1
    """,
    "a list grown in place by many": """
        import threading
        items = []
        def work():
            global items
            for i in range(500):
                items += [i]
        threads = [threading.Thread(target=work) for _ in range(4)]
        for t in threads: t.start()
        for t in threads: t.join()
        assert len(items) == 2000
    """,
    "asyncio without an await in between": """
        import asyncio
        n = 0
        async def work():
            global n
            for _ in range(100):
                n += 1
                await asyncio.sleep(0)
        async def main(): await asyncio.gather(*(work() for _ in range(5)))
        asyncio.run(main())
        assert n == 500
    """,
    "written where we do not look": """
        import threading
        n = 0
        lock = threading.Lock()
        def work():
            global n
            for _ in range(300):
                with lock:
                    n += 1
                    globals()["n"] = n + 1
        threads = [threading.Thread(target=work) for _ in range(3)]
        for t in threads: t.start()
        for t in threads: t.join()
        assert n == 1800
    """,
}


@pytest.mark.parametrize("name", HEALTHY)
def test_silence(tmp_path: Path, name: str) -> None:
    session = run(tmp_path, HEALTHY[name])
    assert (session.outcome, session.exit_code) == ("finished", 0), printed(session, "stderr")
    assert not stale(session)


def test_asyncio_read_await_write(tmp_path: Path) -> None:
    session = run(
        tmp_path,
        """
        import asyncio
        n = 0
        async def add():
            global n
            old = n
            await asyncio.sleep(0)
            n = old + 1
        async def main(): await asyncio.gather(*(add() for _ in range(10)))
        asyncio.run(main())
        print(n)
        """,
    )
    assert printed(session) == "1\n"
    assert len(stale(session)) == 9


def test_modules_beside_the_program_are_watched_and_their_caches_stay_clean(tmp_path: Path) -> None:
    (tmp_path / "bank.py").write_text("total = 0\ndef add(n):\n    global total\n    total += n\n")
    session = run(
        tmp_path,
        """
        import threading, bank
        bank.add(1)
        t = threading.Thread(target=bank.add, args=(2,)); t.start(); t.join()
        print(bank.total)
        """,
    )
    assert printed(session) == "3\n"
    assert {session.recording.tables.resource_name(e.obj) for e in accesses(session)} == {"bank.total"}
    assert not list(tmp_path.glob("__pycache__/bank*"))


def test_not_watching(tmp_path: Path) -> None:
    assert not accesses(run(tmp_path, TWO_TASKS_MEET, Options(watch=False)))

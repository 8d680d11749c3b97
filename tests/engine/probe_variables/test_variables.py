"""Stale writes in real programs, and silence where nothing can be lost."""

import textwrap
from pathlib import Path

import pytest

import pythons
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
    assert (lost.b, write.b) == (read.b + 1, read.b + 2)
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
    names = {session.recording.tables.resource_name(v) for v in variables}
    assert names == {"Account.balance", "Account.balance#2"}


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
    "each thread's own": """
        import threading
        own = threading.local()
        turns = [threading.Event() for _ in range(3)]
        def work(i):
            own.n = 0
            old = own.n
            turns[i].set()
            turns[1 - i].wait()
            own.n = old + 1
            own.n += 1
            assert own.n == 2
        threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
        for t in threads: t.start()
        for t in threads: t.join()
    """,
    "a property of each thread's own": """
        import threading
        class Box:
            def __init__(self): self._own = threading.local()
            @property
            def n(self): return getattr(self._own, "n", 0)
            @n.setter
            def n(self, value): self._own.n = value
        box = Box()
        turns = [threading.Event() for _ in range(3)]
        def work(i):
            for _ in range(5):
                old = box.n
                turns[i].set()
                turns[1 - i].wait()
                box.n = old + 1 + i
        threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
        for t in threads: t.start()
        for t in threads: t.join()
    """,
    "put back as it was": """
        import threading
        level = 0
        ready, done = threading.Event(), threading.Event()
        def quiet():
            global level
            old = level
            level = old + 0 if False else -1
            level = old
            old = level
            ready.set()
            done.wait()
            level = old
        def other():
            global level
            ready.wait()
            level += 5
            done.set()
        threads = [threading.Thread(target=f) for f in (quiet, other)]
        for t in threads: t.start()
        for t in threads: t.join()
    """,
    "gone and back again": """
        import threading
        n = 0
        ready, done = threading.Event(), threading.Event()
        def slow():
            global n
            old = n
            ready.set()
            done.wait()
            n = old + 1
        def other():
            global n
            ready.wait()
            n += 1
            n -= 1
            done.set()
        threads = [threading.Thread(target=f) for f in (slow, other)]
        for t in threads: t.start()
        for t in threads: t.join()
        assert n == 1
    """,
    "bound anew in between": """
        import threading
        class Seen:
            last = 0
        seen = Seen()
        turns = [threading.Event() for _ in range(3)]
        def work(i):
            last = seen.last
            turns[i].set()
            turns[1 - i].wait()
            for k in range(3):
                last = 10 * k + i
                seen.last = last + 1
            seen.last += 0
        threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
        for t in threads: t.start()
        for t in threads: t.join()
    """,
    "checked, and checked again with the lock": """
        import threading
        made, n_made = None, 0
        lock = threading.Lock()
        def get():
            global made, n_made
            if made is None:
                with lock:
                    if made is None:
                        n_made += 1
                        made = object()
            return made
        threads = [threading.Thread(target=get) for _ in range(8)]
        for t in threads: t.start()
        for t in threads: t.join()
        assert n_made == 1
    """,
    "in turns, through local names": """
        import threading
        class Ring:
            __slots__ = ("n", "lock")
            def __init__(self): self.n = 0; self.lock = threading.Lock()
        ring = Ring()
        counts = {"a": 0}
        def work():
            for _ in range(300):
                with ring.lock:
                    old = ring.n
                    new = old + 1
                    ring.n = new
                    counts["a"] = counts.get("a", 0) + 1
        threads = [threading.Thread(target=work) for _ in range(4)]
        for t in threads: t.start()
        for t in threads: t.join()
        assert ring.n == counts["a"] == 1200
    """,
    "one task's own updates while it works on an old value": """
        import threading
        n = 0
        ready = threading.Event()
        def bump():
            global n
            n += 1
        def work():
            global n
            ready.wait()
            old = n
            bump()
            n = old + 5
        n += 1
        t = threading.Thread(target=work); t.start(); ready.set(); t.join()
        n += 1
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


FOUND = {
    "get and set": """
        counts = {}
        def slow():
            counts["k"] = counts.get("k", 0) + wait()
        def quick():
            counts["k"] = counts.get("k", 0) + 10
        name = "counts['k']"
    """,
    "an attribute of an attribute": """
        class Account: balance = 0
        class Bank: account = Account()
        bank = Bank()
        def slow():
            old = bank.account.balance
            bank.account.balance = old + wait()
        def quick():
            bank.account.balance += 10
        name = "Account.balance"
    """,
    "slots": """
        class Account:
            __slots__ = ("balance",)
        account = Account()
        account.balance = 0
        def slow():
            account.balance += wait()
        def quick():
            account.balance += 10
        name = "Account.balance"
    """,
    "a class's attribute": """
        class Account: total = 0
        def slow():
            Account.total += wait()
        def quick():
            Account.total += 10
        name = "Account.total"
    """,
    "a property": """
        class Account:
            def __init__(self): self._cents = 0
            @property
            def cents(self): return self._cents
            @cents.setter
            def cents(self, value): self._cents = value
        account = Account()
        def slow():
            account.cents += 0
            account.cents += wait()
        def quick():
            account.cents += 10
            account.cents += 1
        name = "Account.cents"
    """,
    "a private name": """
        class Account:
            def __init__(self): self.__n = 0
            def slow(self): self.__n += wait()
            def quick(self): self.__n += 10
        account = Account()
        slow, quick = account.slow, account.quick
        name = "Account.__n"
    """,
    "a walrus": """
        n = 0
        def slow():
            global n
            return (n := n + wait())
        def quick():
            global n
            n = n + 10
        name = "n"
    """,
    "a text": """
        text = ""
        def slow():
            global text
            text = text + str(wait())
        def quick():
            global text
            text += "10"
        name = "text"
    """,
}


MEETING = """
        import threading
        first_has_read, second_is_done = threading.Event(), threading.Event()
        def wait():
            first_has_read.set()
            second_is_done.wait()
            return 1
        def second():
            first_has_read.wait()
            quick()
            second_is_done.set()
        threads = [threading.Thread(target=slow, name="slow"), threading.Thread(target=second, name="quick")]
        for t in threads: t.start()
        for t in threads: t.join()
        print(name)
"""


def run_parts(folder: Path, parts: list[str], options: Options) -> Session:
    """Each part as a module beside one program, which imports one after the other."""
    for n, source in enumerate(parts):
        (folder / f"part{n}.py").write_text(textwrap.dedent(source))
    session = run(folder, "\n".join(f"import part{n}" for n in range(len(parts))), options)
    assert session.exit_code == 0, printed(session, "stderr")
    assert not [note for note in session.recording.tables.notes if "failed" in note]
    return session


def part_of(session: Session, event: Event) -> int:
    return int(Path(session.recording.tables.places[event.place].file).stem[4:])


@pytest.mark.parametrize("version", pythons.installed())
def test_healthy_programs_are_silent(tmp_path: Path, version: str) -> None:
    session = run_parts(tmp_path, list(HEALTHY.values()), Options(python=pythons.find(version)))
    assert [list(HEALTHY)[part_of(session, e)] for e in stale(session)] == []


@pytest.mark.parametrize("version", pythons.installed())
def test_found(tmp_path: Path, version: str) -> None:
    budget = 0 if version == "3.11" else 64
    parts = [source + MEETING for source in FOUND.values()]
    session = run_parts(tmp_path, parts, Options(python=pythons.find(version), budget=budget))
    tables = session.recording.tables
    assert [list(FOUND)[part_of(session, e)] for e in stale(session)] == list(FOUND)
    for write, expected in zip(stale(session), printed(session).split(), strict=True):
        assert tables.task_name(write.task) == "slow"
        name = tables.resource_name(write.obj)
        assert name.removeprefix(f"part{part_of(session, write)}.").partition("#")[0] == expected
        before = [e for e in accesses(session) if e.n < write.n and e.obj == write.obj]
        assert any(e.kind == Kind.WRITE and tables.task_name(e.task) == "quick" for e in before)
        assert any(e.kind == Kind.READ and e.task == write.task and e.b < write.b - 1 for e in before)


def test_nothing_is_kept_alive(tmp_path: Path) -> None:
    session = run(
        tmp_path,
        """
        import gc, threading, weakref
        class Thing: pass
        class Box:
            def __init__(self): self.thing = None; self.n = 0
            def add(self, other):
                self.thing = [self.thing, other][1] if self.thing is None else [self.thing, other][-1]
                self.n += 1
                self.deep.n += 1
                old = self.deep.n
                self.deep.n = old + 1
        box = Box(); box.deep = Box()
        things = []
        def work():
            for _ in range(3):
                thing = Thing()
                things.append(weakref.ref(thing))
                box.add(thing)
        threads = [threading.Thread(target=work) for _ in range(2)]
        for t in threads: t.start(); t.join()
        boxes = [weakref.ref(box), weakref.ref(box.deep)]
        del box
        print([r() for r in things + boxes].count(None))
        """,
    )
    assert printed(session) == "8\n"


def test_ids_that_are_used_again(tmp_path: Path) -> None:
    session = run(
        tmp_path,
        """
        import threading
        class Slots:
            __slots__ = ("n",)
            def __init__(self): self.n = 0
        class Box:
            def __init__(self): self.n = 0
        def work():
            for kind in (Slots, Box) * 200:
                box = kind()
                box.n += 1
                old = box.n
                box.n = old + 1
                assert box.n == 2
        threads = [threading.Thread(target=work) for _ in range(3)]
        for t in threads: t.start()
        for t in threads: t.join()
        """,
    )
    assert session.exit_code == 0, printed(session, "stderr")
    assert not stale(session)


def test_code_that_is_sent_elsewhere_runs_there() -> None:
    import pickle

    from syncscope_engine.probe.locations import clock
    from syncscope_engine.probe.watch_nodes import Site
    from syncscope_engine.probe.watches import Watch

    watch = pickle.loads(pickle.dumps(Watch(Site("global", "n", 0))))
    assert "syncscope" not in type(watch).__module__
    assert watch.read(0, 7, 0) == watch.read_of(None, 0, 7, 0, None) == watch.read_item(None, 1, 0, 7, 0) == 7
    assert watch.write(7) == watch.write_of(7, None) == watch.write_item(7, None, 1) == watch.written(7) == 7
    assert pickle.loads(pickle.dumps(clock)).tick == 0


def test_spawned_processes_are_watched(tmp_path: Path) -> None:
    session = run(
        tmp_path,
        """
        import multiprocessing, threading
        n = 0
        def add():
            global n
            n += 1
        def work():
            for _ in range(2):
                t = threading.Thread(target=add); t.start(); t.join()
            print(n)
        if __name__ == "__main__":
            p = multiprocessing.get_context("spawn").Process(target=work); p.start(); p.join()
        """,
    )
    assert printed(session) == "2\n"
    assert {session.recording.tables.resource_name(e.obj) for e in accesses(session)} == {"n"}


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

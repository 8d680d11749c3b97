"""Session and probes together, on programs that are large, wild or sick."""

from collections import Counter
from pathlib import Path

from running import printed, run, told
from syncscope_engine.events import Kind, Outcome
from syncscope_engine.session import Options, Session


def counts(session: Session) -> Counter[str]:
    return Counter(Kind(event.kind).name for event in session.recording)


def test_two_thousand_threads_and_nothing_lost(tmp_path: Path) -> None:
    source = """
        import threading
        gate = threading.Event()
        threads = [threading.Thread(target=gate.wait, name=f"t{i}") for i in range(2000)]
        for thread in threads: thread.start()
        gate.set()
        for thread in threads: thread.join()
    """
    session = run(tmp_path, source)
    assert session.outcome == "finished"
    assert session.recording.dropped == 0
    seen = counts(session)
    assert seen["SPAWN"] == 2000
    assert seen["WAIT"] == seen["WOKE"]
    names = [task.name for task in session.recording.tables.tasks.values() if task.kind == "thread"]
    assert names == ["MainThread", *(f"t{i}" for i in range(2000))]
    native = {task.native for task in session.recording.tables.tasks.values()} - {0}
    assert len(native) > 1


def test_a_hammered_lock_is_counted_exactly(tmp_path: Path) -> None:
    source = """
        import threading
        lock = threading.Lock()
        def work():
            for _ in range(5000):
                with lock: pass
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """
    session = run(tmp_path, source, Options(budget=8))
    assert session.outcome == "finished"
    assert 29_000 < session.recording.sampled < 30_000
    (lock,) = (r for r in session.recording.tables.resources.values() if r.name == "lock")
    last = [event for event in session.recording if event.obj == lock.id][-1]
    assert (last.kind, last.a, last.b) == (Kind.STATE, 0, 15_000)


def test_what_happened_just_before_a_crash_is_there(tmp_path: Path) -> None:
    source = """
        import ctypes, threading
        lock = threading.Lock()
        lock.acquire()
        ctypes.string_at(0)
    """
    session = run(tmp_path, source)
    assert session.exit_code == -11
    kinds = [Kind(event.kind).name for event in session.recording][-2:]
    assert kinds == ["ACQUIRED", "EXIT"]
    acquired = session.recording[len(session.recording) - 1]
    assert session.recording.tables.resource_name(acquired.obj) == "lock"
    assert session.recording.tables.places[acquired.place].line == 4


FORKS = """
    import os, threading
    lock = threading.Lock()
    with lock: pass
    ready, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        with lock: pass
        os.write(go, b"x")
        os._exit(7)
    os.read(ready, 1)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_a_fork_is_a_process_of_its_own(tmp_path: Path) -> None:
    session = run(tmp_path, FORKS)
    assert printed(session) == "7\n"
    tables = session.recording.tables
    main, child = (t for t in tables.tasks.values() if t.kind == "process")
    assert (main.name, child.parent, child.name) == ("MainProcess", main.id, f"fork {child.pid}")
    locks = [(r.name, r.process) for r in tables.resources.values()]
    assert locks == [("lock", main.id), ("lock", child.id)]
    ends = told(session, Kind.EXIT)
    assert ends[-1] == ("EXIT", "MainProcess", Outcome.DONE, 0)
    assert sum(name == child.name for _, name, _, _ in ends) == 1


NAMED = """
    import collections, dataclasses, threading
    from threading import Barrier, Condition, Event, Lock, RLock, Semaphore
    lock = threading.Lock()  # lock
    a, b = Lock(), Lock()  # a, b
    locks = [Lock() for _ in range(2)]  # locks #1, locks #2
    table = {"x": Lock()}  # table['x']
    class Buffer:
        shared = Lock()  # Buffer.shared
        def __init__(self):
            self.lock = Lock()  # Buffer.lock
            self.not_empty = Condition(self.lock)  # Buffer.not_empty
            self.room: Semaphore = Semaphore(3)  # Buffer.room
    Buffer()
    def make():
        return Lock()  # made
    made = make()
    @dataclasses.dataclass
    class Account:
        lock: object = dataclasses.field(default_factory=Lock)  # Account.lock
    Account()
    by_name = collections.defaultdict(Lock)
    by_name["k"]  # by_name['k']
    pool = []
    pool.append(Lock())  # pool #1
    nested = Condition(
        lock=RLock()  # nested.lock
    )  # nested
    if (done := Event()): pass  # done
    alone = Condition()  # alone.lock, alone
    meeting = Barrier(2)  # meeting
"""


def test_names_that_the_program_gives(tmp_path: Path) -> None:
    expected = [
        name for line in NAMED.splitlines() if "  # " in line for name in line.split("  # ")[1].split(", ")
    ]
    session = run(tmp_path, NAMED)
    names = [resource.name for resource in session.recording.tables.resources.values()]
    assert sorted(names) == sorted(expected)

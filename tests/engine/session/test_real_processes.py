"""Children of multiprocessing, by every start method: each a process task with threads of its own."""

from pathlib import Path

import pytest

from running import printed, run, told
from syncscope_engine.events import Kind, Outcome
from syncscope_engine.session import Options

MULTIPROCESSING = """
    import multiprocessing, sys, threading
    def work(n):
        lock = threading.Lock()
        with lock: print("child", n, flush=True)
        if n == 1: sys.exit(5)
        if n == 2: __import__("os").kill(__import__("os").getpid(), 9)
    if __name__ == "__main__":
        multiprocessing.set_start_method(sys.argv[1])
        children = [multiprocessing.Process(target=work, args=(n,), name=f"child-{n}") for n in range(3)]
        for child in children: child.start()
        for child in children: child.join()
        print([child.exitcode for child in children])
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_of_multiprocessing(tmp_path: Path, method: str) -> None:
    session = run(tmp_path, MULTIPROCESSING, Options(), method)
    assert session.outcome == "finished", printed(session, "stderr")
    assert "[0, 5, -9]" in printed(session)
    tables = session.recording.tables
    processes = {t.name: t for t in tables.tasks.values() if t.kind == "process" and not t.internal}
    assert sorted(processes) == ["MainProcess", "child-0", "child-1", "child-2"]
    for name in ("child-0", "child-1", "child-2"):
        assert processes[name].pid
        assert processes[name].parent == processes["MainProcess"].id
        threads = [t.name for t in tables.tasks.values() if t.parent == processes[name].id]
        assert threads == ["MainThread"]
        locks = [r.name for r in tables.resources.values() if r.process == processes[name].id]
        assert "lock" in locks
    ends = {name: (a, b) for _, name, a, b in told(session, Kind.EXIT)}
    assert ends["child-0"] == (Outcome.DONE, 0)
    assert ends["child-1"] == (Outcome.FAILED, 5)
    assert ends["child-2"] == (Outcome.FAILED, -9)

"""What the operating system says of real threads."""

from pathlib import Path

import psutil
import pytest

from running import follow, session_for, wait_for
from syncscope_engine.recording import Sample, ThreadSample
from syncscope_engine.sampling import Sampler
from syncscope_engine.session import Session
from syncscope_engine.tables import TaskInfo

SPINS = """
import threading, time
def spin():
    while True: sum(range(1000))
for _ in range(2): threading.Thread(target=spin, daemon=True).start()
print("ready")
time.sleep(600)
"""


def declare_threads(session: Session) -> dict[int, int]:
    """Puts all threads of the program into the tables, whatever its probes have seen: task id -> native id."""
    tasks = session.recording.tables.tasks
    for thread in psutil.Process(session.pid).threads():
        if all(info.native != thread.id for info in tasks.values()):
            task = max(tasks) + 1
            tasks[task] = TaskInfo(task, "thread", f"thread {thread.id}", process=1, native=thread.id)
    return {info.id: info.native for info in tasks.values() if info.kind == "thread"}


def test_cores_threads_and_the_gil(tmp_path: Path) -> None:
    with session_for(tmp_path, SPINS) as session:
        session.start()
        sampler = Sampler(session.recording, session)
        wait_for(session, "ready")
        threads = declare_threads(session)
        main = min(threads)
        holders: list[int] = []
        waiters: list[int] = []
        last: list[ThreadSample] = []

        def enough() -> object:
            sample = sampler.sample(session.now_ns)
            last[:] = sample.threads
            if any(t.gil for t in sample.threads if t.task == main):
                holders.clear()  # it is on its way to its sleep; from there on it must keep out
                waiters.clear()
            holders.extend(t.task for t in sample.threads if t.gil == "holds")
            waiters.extend(t.task for t in sample.threads if t.gil == "waits")
            return sampler.missing or (len(holders) > 10 and len(waiters) > 10)

        follow(session, enough)
        if sampler.missing:
            sampler.close()
            pytest.skip(" ".join(sampler.missing))
        assert {t.task for t in last} == set(threads)
        assert all(0 <= t.core < psutil.cpu_count() and 0 <= t.run_share <= 1 for t in last)
        assert set(holders) <= set(threads) - {main}
        assert max(t.run_share for t in last if t.task != main) > 0
        sample = session.recording.samples[-1]
        assert isinstance(sample, Sample)
        assert len(sample.cores) == psutil.cpu_count()
        assert all(0 <= load <= 1 for load in sample.cores)
        sampler.close()


def test_more_threads_than_can_be_sampled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncscope_engine.sampling.MOST_THREADS", 2)
    with session_for(tmp_path, SPINS) as session:
        session.start()
        sampler = Sampler(session.recording, session)
        wait_for(session, "ready")
        declare_threads(session)
        assert len(sampler.sample(session.now_ns).threads) == 2
        assert sampler.missing == ["Threads that are not sampled: 1 (at most 2 are)."]
        sampler.close()


def test_threads_that_have_ended_are_forgotten(tmp_path: Path) -> None:
    with session_for(tmp_path, SPINS) as session:
        session.start()
        sampler = Sampler(session.recording, session)
        wait_for(session, "ready")
        declare_threads(session)
        assert len(sampler.sample(session.now_ns).threads) == 3
        session.stop()
        follow(session, lambda: session.status == "ended")
        assert sampler.sample(session.now_ns).threads == ()
        sampler.close()

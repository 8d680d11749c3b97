"""ProcessPoolExecutor, multiprocessing.Pool and ThreadPool: one future on both sides."""

import pytest

import pythons
from syncscope_engine.events import Got, Kind

CALLS = """
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def prime(n):
    if n == 4:
        raise ValueError(n)
    return n


def dies():
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(sys.argv[1]))
    print(pool.submit(prime, 2).result())
    print(repr(pool.submit(prime, 4).exception()))
    print(list(pool.map(prime, [1, 3, 5], chunksize=2)))
    try:
        pool.submit(dies).result()
    except BrokenProcessPool:
        print("broken")
    pool.shutdown()
"""


def worker_of(story, name: str) -> str:
    """Process of the only worker."""
    (found,) = {story.who(e.task) for e in story.on(name, Kind.PICKED)}
    return found


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_a_call_is_one_future_in_two_processes(record, version, how):
    if how == "spawn" and version != pythons.installed()[-1]:
        pytest.skip("starting interpreters takes long")
    story = record(version, "process_calls", CALLS, how)
    assert story.printed == "2\nValueError(4)\n[1, 3, 5]\nbroken\n"
    worker = worker_of(story, "prime(2)")
    assert worker.startswith(how.capitalize())
    for call, how_it_ends, what_is_read in (("prime(2)", "DONE", "RESULT"), ("prime(4)", "FAILED", "ERROR")):
        life = story.life(call)
        # main begins to wait before or after the worker begins to work
        assert [line for line in life if line != "main RESULT_WAIT"] == [
            "main SUBMIT", f"{worker} PICKED", f"{worker} RESOLVED {how_it_ends}", f"main RESULT {what_is_read}",
        ]  # fmt: skip
        assert "main RESULT_WAIT" in life
    assert story.counts("pool") == (0, 5, 5)
    assert story.state.n_gaps == 0


def test_chunks_are_one_call_each(record, version):
    story = record(version, "process_calls", CALLS, "fork")
    life = story.life("prime × 2")
    assert life[-1] == "main RESULT RESULT"
    assert f"{worker_of(story, 'prime(2)')} RESOLVED DONE" in life
    assert story.life("prime(5)")[0] == "main SUBMIT"


def test_a_broken_pool_fails_what_its_worker_had_in_hand(record, version):
    story = record(version, "process_calls", CALLS, "fork")
    life = story.life("dies()")
    assert sorted(life[:3]) == sorted(
        ["main SUBMIT", "main RESULT_WAIT", f"{worker_of(story, 'prime(2)')} PICKED"]
    )
    assert [text.split(" ", 1)[1] for text in life[3:]] == ["RESOLVED FAILED", "RESULT ERROR"]
    assert story.state.resources[story.resource("dies()").id].owner == 0


def test_worker_processes_serve_their_pool_and_wait_for_work(record, version):
    story = record(version, "process_calls", CALLS, "fork")
    pool = story.resource("pool")
    serving = [t for t in story.tables.tasks.values() if t.serves == pool.id and not t.internal]
    assert [t.kind for t in serving] == ["process"]
    assert {story.who(e.task) for e in story.on("pool", Kind.GET_WAIT)} >= {serving[0].name}
    assert (pool.kind, pool.capacity) == ("executor", 1)


def test_hand_offs_between_processes(record, version):
    story = record(version, "process_calls", CALLS, "fork")
    future, worker = story.resource("prime(2)").id, worker_of(story, "prime(2)")
    links = [link for link in story.spans.links_between(0, 1 << 63) if link.obj == future]
    assert [(story.who(k.source), story.who(k.target)) for k in links] == [("main", worker), (worker, "main")]


JOBS = """
import multiprocessing
import sys
from multiprocessing.pool import ThreadPool


def square(x):
    if x == 7:
        raise ValueError(x)
    return x * x


if __name__ == "__main__":
    make = ThreadPool if sys.argv[1] == "thread" else multiprocessing.get_context(sys.argv[1]).Pool
    with make(1) as pool:
        print(pool.apply_async(square, (10,)).get(timeout=10))
        print(pool.map(square, range(6), chunksize=3))
        print(list(pool.imap(square, [11, 12])), sum(pool.imap_unordered(square, [13])))
        try:
            pool.map(square, [6, 7], chunksize=1)
        except ValueError:
            import traceback

            traceback.print_exc()
        pool.apply_async(square, (7,), error_callback=print).wait()
        unread = pool.apply_async(square, (7,))
        unread.wait()
        pool.close()
        pool.join()
"""


@pytest.mark.parametrize("how", ["fork", "thread"])
def test_the_calls_of_a_pool(record, oldest_and_newest, how):
    story = record(oldest_and_newest, "jobs", JOBS, how)
    assert story.printed == "100\n[0, 1, 4, 9, 16, 25]\n[121, 144] 169\n7\n"
    worker = worker_of(story, "square(10)")
    life = story.life("square(10)")
    assert [life[0], *life[-2:]] == ["main SUBMIT", "main RESULT READY", "main RESULT RESULT"]
    assert life.index(f"{worker} PICKED") < life.index(f"{worker} RESOLVED DONE")
    assert story.life("square × 3 #2")[-1] == "main RESULT RESULT"
    assert [story.life(f"square({x})")[-1] for x in (11, 12, 13)] == ["main RESULT RESULT"] * 3
    assert story.counts("pool") == (0, 10, 10)
    assert story.state.n_gaps == 0


@pytest.mark.parametrize("how", ["fork", "thread"])
def test_who_has_read_which_exception(record, oldest_and_newest, how):
    """The first was raised by `map`, the second given to a callback, the third nobody has looked at."""
    story = record(oldest_and_newest, "jobs", JOBS, how)
    read = [
        [Got(e.b).name for e in story.on(name, Kind.RESULT) if e.b != Got.READY]
        for name in ("square(7)", "square(7) #2", "square(7) #3")
    ]
    assert read == [["ERROR"], ["ERROR"], []]
    assert story.state.resources[story.resource("square(7) #3").id].n_released == 0


@pytest.mark.parametrize("how", ["fork", "thread"])
def test_the_threads_of_a_pool_are_internal(record, oldest_and_newest, how):
    story = record(oldest_and_newest, "jobs", JOBS, how)
    handlers = [t for t in story.tables.tasks.values() if "_handle_" in t.callee]
    assert len(handlers) == 3
    assert all(t.internal for t in handlers)
    assert story.errors.count("Traceback (most") == (1 if how == "thread" else 2)
    assert "syncscope" not in story.errors

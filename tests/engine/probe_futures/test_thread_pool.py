"""ThreadPoolExecutor and Future in real programs; the program's own events force the order."""

import pytest

import pythons
from running import run
from syncscope_engine.events import Got, Kind
from syncscope_engine.session import Options

CALLS = """
import threading
from concurrent.futures import ThreadPoolExecutor

begun, go = threading.Event(), threading.Event()


def prime(n):
    begun.set()
    go.wait()
    if n == 4:
        raise ValueError(n)
    return n


pool = ThreadPoolExecutor(1, thread_name_prefix="Worker")
first = pool.submit(prime, 2)  # line 17
begun.wait()
second = pool.submit(prime, n=3)
third = pool.submit(prime, 4)
fourth = pool.submit(prime, 5)
print(fourth.cancel(), first.cancel())
try:
    second.result(timeout=0)
except Exception as error:
    print(type(error).__name__)
threading.Timer(0.05, go.set).start()
print(first.result())  # line 28
print(second.result())
print(repr(third.exception()))
print(first.result())
pool.shutdown()
print(list(ThreadPoolExecutor(1).map(abs, [-1, -2])))
"""


def test_the_life_of_calls(record, version):
    story = record(version, "calls", CALLS)
    assert story.printed.split("\n")[:2] == ["True False", "TimeoutError"]
    assert story.life("prime(2)") == [
        "main SUBMIT", "Worker_0 PICKED", "main RESULT_WAIT", "Worker_0 RESOLVED DONE", "main RESULT RESULT",
        "main RESULT RESULT",
    ]  # fmt: skip
    assert story.life("prime(5)") == ["main SUBMIT", "main RESOLVED CANCELLED"]
    life = story.life("prime(4)")
    assert [life[0], *life[-3:]] == [
        "main SUBMIT", "Worker_0 PICKED", "Worker_0 RESOLVED FAILED", "main RESULT ERROR",
    ] or life[-1] == "main RESULT ERROR"  # fmt: skip
    assert story.life("prime(…)")[:2] == ["main SUBMIT", "main RESULT TIMED_OUT"]
    assert story.counts("pool") == (0, 4, 4)
    assert story.state.n_gaps == 0


def test_where_and_how_many(record, version):
    story = record(version, "calls", CALLS)
    submit, *_ = story.on("prime(2)", Kind.SUBMIT)
    assert (story.line(submit), story.tables.resource_name(submit.a), submit.b) == (17, "pool", 1)
    assert [story.on(call, Kind.SUBMIT)[0].b for call in ("prime(…)", "prime(4)", "prime(5)")] == [1, 2, 3]
    (wait,) = story.on("prime(2)", Kind.RESULT_WAIT)
    got = story.on("prime(2)", Kind.RESULT)[0]
    assert (story.line(wait), wait.a, got.b) == (28, -1, Got.RESULT)
    assert 0 < got.a == pytest.approx(got.t_ns - wait.t_ns, abs=20_000_000)
    future = story.resource("prime(2)")
    assert (future.kind, future.callee, future.part_of) == ("future", "prime(2)", story.resource("pool").id)


def test_a_worker_serves_its_pool_and_waits_for_work_of_it(record, version):
    story = record(version, "calls", CALLS)
    (worker,) = [t for t in story.tables.tasks.values() if t.name == "Worker_0"]
    pool = story.resource("pool")
    assert (worker.serves, pool.kind, pool.capacity) == (pool.id, "executor", 1)
    assert not [
        r.name for r in story.tables.resources.values() if r.kind in ("queue", "semaphore", "condition")
    ]
    assert {story.text(e) for e in story.on("pool", Kind.GET_WAIT, Kind.GET)} == {
        "Worker_0 GET_WAIT", "Worker_0 GET",
    }  # fmt: skip


def test_hand_offs(record, version):
    story = record(version, "calls", CALLS)
    future = story.resource("prime(2)").id
    links = [link for link in story.spans.links_between(0, 1 << 63) if link.obj == future]
    assert [(story.who(k.source), story.who(k.target)) for k in links] == [
        ("main", "Worker_0"), ("Worker_0", "main"),
    ]  # fmt: skip


TOGETHER = """
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed, wait, FIRST_EXCEPTION


def call(event, fails=False):
    event.wait()
    if fails:
        raise KeyError("no")


events = [threading.Event() for _ in range(3)]
with ThreadPoolExecutor(3) as pool:
    futures = [pool.submit(call, event) for event in events]
    events[2].set()
    futures[2].result()
    threading.Timer(0.05, events[1].set).start()
    for n, future in enumerate(as_completed(futures)):  # line 18
        if n == 1:
            print(futures.index(future))
            threading.Timer(0.05, events[0].set).start()
    bad = pool.submit(call, events[0], True)
    done, _ = wait([bad], return_when=FIRST_EXCEPTION)
    print(len(done), wait(done).done == done)
seen = pool._shutdown
"""


def test_as_completed_waits_for_the_first_of_those_that_are_left(record, oldest_and_newest):
    story = record(oldest_and_newest, "together", TOGETHER)
    assert story.printed == "1\n1 True\n"
    waits = [e for e in story.events if e.kind == Kind.RESULT_WAIT and story.line(e) == 18]
    assert [(story.tables.resource_name(e.obj), e.b) for e in waits] == [("call(…)", 1), ("call(…)", 0)]
    ends = [e for e in story.events if e.kind == Kind.RESULT and story.line(e) == 18]
    assert [(e.obj, e.b) for e in ends] == [(e.obj, Got.READY) for e in waits]
    assert not [e for e in story.events if e.kind == Kind.WAIT and story.who(e.task) == "main"]


def test_looking_which_one_failed_is_not_reading(record, oldest_and_newest):
    """wait(FIRST_EXCEPTION) asks for exceptions and tells nobody."""
    story = record(oldest_and_newest, "together", TOGETHER)
    (failed,) = [e.obj for e in story.events if e.kind == Kind.RESOLVED and e.a == 1]
    assert story.state.resources[failed].value == 2
    assert story.state.resources[failed].n_released == 0


BARE = """
import asyncio
import concurrent.futures
import threading

promise = concurrent.futures.Future()
threading.Timer(0.05, promise.set_result, [5]).start()
print(promise.result())


def fails():
    raise KeyError("no")


async def main():
    print(await asyncio.to_thread(divmod, 7, 2))
    try:
        await asyncio.get_running_loop().run_in_executor(None, fails)
    except KeyError as error:
        print(error)


asyncio.run(main())
with concurrent.futures.ThreadPoolExecutor(1) as pool:
    one = pool.submit(fails)
    one.add_done_callback(lambda future: future.exception())
    try:
        pool.submit(fails).result()
    except KeyError:
        import traceback

        traceback.print_exc()
"""


def test_a_future_of_the_program_itself(record, version):
    story = record(version, "bare", BARE)
    life = story.life("promise")
    assert [life[0], life[-1]] == ["main RESULT_WAIT", "main RESULT RESULT"]
    assert life[1].endswith("RESOLVED DONE")


def test_asyncio_reads_what_its_threads_give(record, version):
    story = record(version, "bare", BARE)
    assert story.life("divmod(7, 2)")[-1] == "main RESULT RESULT"
    assert story.life("fails()") == [
        "Task-1 SUBMIT", "asyncio_0 PICKED", "asyncio_0 RESOLVED FAILED", "main RESULT ERROR",
    ]  # fmt: skip


def test_a_callback_reads_too(record, version):
    story = record(version, "bare", BARE)
    read = [e for e in story.on("fails() #2") if e.kind == Kind.RESULT]
    assert [e.b for e in read] == [Got.ERROR]


def test_no_frame_of_ours_in_the_program_s_tracebacks(record, version):
    story = record(version, "bare", BARE)
    assert story.errors.count("Traceback") == 1
    assert "_base.py" in story.errors
    assert "syncscope" not in story.errors


MANY = """
from concurrent.futures import ThreadPoolExecutor


def tiny(n):
    if n == 2500:
        raise ValueError
    return n


with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(tiny, n) for n in range(3000)]
    futures[2999].result()
print(sum(f.exception() is None for f in futures))
"""


def test_many_tiny_calls_are_counted_not_told(tmp_path, story_of):
    story = story_of(run(tmp_path, MANY, Options(budget=8)))
    assert story.printed == "2999\n"
    assert story.sampled > 3000
    assert story.counts("pool") == (0, 3000, 3000)
    told = [r for r in story.tables.resources.values() if r.kind == "future"]
    assert len(told) < 2000
    (failed,) = [e.obj for e in story.events if e.kind == Kind.RESOLVED and e.a == 1]
    assert story.tables.resource_name(failed) == "tiny(2500)"
    assert story.state.resources[failed].n_released == 1
    assert story.state.n_gaps == 0


NESTED = """
from concurrent.futures import ThreadPoolExecutor
import threading

both = threading.Barrier(2)


def outer(n):
    both.wait()
    return pool.submit(abs, n).result()


pool = ThreadPoolExecutor(2, thread_name_prefix="Worker")
print([f.result() for f in [pool.submit(outer, n) for n in range(2)]])
"""


@pytest.mark.parametrize("python", pythons.installed()[-1:])
def test_nested_calls_in_a_full_pool_are_a_deadlock(tmp_path, python):
    from syncscope_engine.headless import run_headless
    from syncscope_engine.session import Target

    script = tmp_path / "nested.py"
    script.write_text(NESTED)
    report = run_headless(Target("nested", script), Options(python=pythons.find(python), timeout_s=20))
    assert report["outcome"] == "stuck"
    (finding,) = report["findings"]
    assert finding["title"] == "Deadlock: every worker of `pool` waits for work that only `pool` could do"

"""Threads in real programs: started, joined, renamed, failed, ended."""

from collections.abc import Callable

from stories import Story
from syncscope_engine.events import Kind

Play = Callable[..., Story]

LIFE = """
class Worker(threading.Thread):
    def run(self):
        hold.wait()
        self.name = "renamed"
hold = threading.Event()
worker = Worker(name="first")
worker.start()
timer = threading.Timer(60, print)
timer.name = "timer"
timer.start()
go()
timer.cancel()
timer.join()
worker.join(0.001)
worker.join(0)
hold.set()
worker.join()
worker.join()
for wrong in worker.start, threading.current_thread().join, threading.Thread().join:
    try:
        wrong()
    except RuntimeError as error:
        print(error)
"""


def test_the_life_of_threads(play: Play) -> None:
    story = play(LIFE, ("timer", Kind.SLEEP))
    assert story.printed.splitlines() == [
        "threads can only be started once",
        "cannot join current thread",
        "cannot join thread before it is started",
    ]
    surely = [
        text
        for text in story.lines("main")
        if not text.startswith(("main JOIN timer", "main JOIN renamed :"))
    ]
    assert [text.replace(" waited ended", " ended") for text in surely] == [
        "main START main",
        "main SPAWN renamed :8",
        "main SPAWN timer :11",
        "main CANCEL timer :13",
        "main JOINED timer ended :14",
        "main JOIN renamed 1ms :15",
        "main JOINED renamed waited limit :15",
        "main SET hold :17",
        "main JOINED renamed ended :18",
        "main JOINED renamed ended :19",
        "main EXIT main DONE",
    ]
    assert story.lines("renamed")[0::3] == ["renamed START renamed", "renamed EXIT renamed DONE"]
    assert [text.split(" :")[0] for text in story.lines("timer", without=())] == [
        "timer START timer",
        "timer SLEEP 60000ms",
        "timer SLEPT",
        "timer EXIT timer DONE",
    ]
    worker, timer = story.task("renamed"), story.task("timer")
    assert (worker.callee, worker.daemon, worker.internal) == ("Worker.run", False, False)
    assert timer.callee == "print"
    assert 0 < worker.native != timer.native > 0
    assert story.tables.places[worker.place].line == 8


FAILING = """
import _thread
lock = threading.Lock()
def fail():
    lock.release()
def leave():
    raise SystemExit(3)
def bare(event):
    event.set()
    raise KeyError("bare")
threads = [threading.Thread(target=f, name=f.__name__, daemon=True) for f in (fail, leave)]
for t in threads:
    t.start()
    t.join()
event = threading.Event()
_thread.start_new_thread(bare, (event,))
event.wait()
go()
"""


def test_an_exception_that_leaves_a_thread(play: Play, version: str) -> None:
    story = play(FAILING, ("bare", Kind.EXIT))
    assert [text for text in story.lines() if "EXIT" in text or "RAISED" in text] == [
        "fail RAISED fail",
        "fail EXIT fail FAILED",
        "leave EXIT leave DONE",
        "bare RAISED bare",
        "bare EXIT bare FAILED",
        "main EXIT main DONE",
    ]
    assert [(e.type, e.message, [t[1:] for t in e.traceback]) for e in story.tables.exceptions] == [
        ("RuntimeError", "release unlocked lock", [(5, "fail")]),
        ("KeyError", "'bare'", [(10, "bare")]),
    ]
    assert version == "3.10" or "syncscope_engine" not in story.errors
    assert "in thread started by" in story.errors
    assert "<function bare at" in story.errors


SHUT_DOWN = """
import atexit
event = threading.Event()
threads = [threading.Thread(target=event.wait, name=name) for name in "AB"]
daemon = threading.Thread(target=threading.Event().wait, name="daemon", daemon=True)
for t in (*threads, daemon):
    t.start()
def others():
    threading.main_thread().join()
    event.set()
threading.Thread(target=others, name="others").start()
"""


def test_at_its_end_the_main_thread_waits_for_the_others(play: Play) -> None:
    story = play(SHUT_DOWN)
    assert story.exit_code == 0
    lines = story.lines("main", without=())
    joins = [text.replace(" waited", "") for text in lines if text.startswith("main JOIN")]
    assert "main JOIN A" in joins
    assert {text for text in joins if "JOINED" in text} <= {
        "main JOINED A ended", "main JOINED B ended", "main JOINED others ended",
    }  # fmt: skip
    assert "daemon" not in " ".join(joins)
    assert lines[-1] == "main EXIT main DONE"


BY_THE_LIBRARY = """
import concurrent.futures, multiprocessing, multiprocessing.pool
def work(n):
    return n
with concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
    pool.submit(work, 1).result()
queue = multiprocessing.get_context("spawn").Queue()
queue.put(1)
queue.get()
queue.close()
queue.join_thread()
with multiprocessing.pool.ThreadPool(1) as pool:
    print(pool.map(work, [1]))
"""


def test_threads_that_the_standard_library_starts_for_itself_are_internal(play: Play) -> None:
    story = play(BY_THE_LIBRARY)
    assert story.printed == "[1]\n"
    threads = [t for t in story.tables.tasks.values() if t.kind == "thread" and t.name != "MainThread"]
    internal = {t.callee: t.internal for t in threads}
    assert (internal["_worker"], internal["Queue._feed"], internal["worker"]) == (False, True, False)
    handlers = [callee for callee in internal if "_handle_" in callee]
    assert len(handlers) == 3
    assert all(internal[callee] for callee in handlers)
    places = {t.callee: story.tables.places[t.place].line for t in threads}
    assert (places["_worker"], places["Queue._feed"], places["worker"]) == (6, 8, 12)
    assert {r.kind for r in story.tables.resources.values()} <= {"executor", "future", "queue", "pipe"}


SLEEPING = """
import pickle, subprocess, time
time.sleep(0.001)
class A: nap = time.sleep
A().nap(0)
print(pickle.loads(pickle.dumps(time.sleep)) is time.sleep, time.sleep.__name__)
for wrong in -1, "x", float("nan"):
    try:
        time.sleep(wrong)
    except (ValueError, TypeError) as error:
        print(type(error).__name__)
for _ in range(2000):
    time.sleep(0)
"""


def test_sleeping(play: Play) -> None:
    story = play(SLEEPING, budget=8)
    assert story.printed.split() == ["True", "sleep", "ValueError", "TypeError", "ValueError"]
    lines = [text for text in story.lines(without=()) if "SLE" in text]
    assert lines[:4] == ["main SLEEP 1ms :3", "main SLEPT :3", "main SLEEP 0ms :5", "main SLEPT :5"]
    assert set(lines[4:]) == {"main SLEEP 0ms :13", "main SLEPT :13"}
    assert story.sampled > 0


FOREIGN = """
import ctypes
lock = threading.Lock()
@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
def callback(argument):
    with lock:
        pass
    return 0
libc = ctypes.CDLL(None)
for _ in range(3):
    thread = ctypes.c_ulong()
    libc.pthread_create(ctypes.byref(thread), None, callback, None)
    libc.pthread_join(thread, None)
"""


def test_each_thread_made_in_c_is_a_task_of_its_own(play: Play) -> None:
    story = play(FOREIGN)
    foreign = [t for t in story.tables.tasks.values() if t.name.startswith("thread ")]
    assert len({t.native for t in foreign}) == len(foreign) == 3
    for task in foreign:
        assert [text.split()[2] for text in story.lines(task.name) if "ACQUIRED" in text]

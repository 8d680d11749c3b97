"""Everything that a process can wait for: who waits, who has it, who lets it go on, in another process."""

import pytest

from syncscope_engine.events import Kind

WAITS = """
import multiprocessing


def works(lock, permits, condition, event, barrier, queue, simple, joinable, pipe):
    with lock:  # line 6
        pass
    permits.acquire()  # line 8
    with condition:
        condition.wait()  # line 10
    event.wait()  # line 11
    barrier.wait()  # line 12
    queue.get()  # line 13
    simple.get()  # line 14
    joinable.get()  # line 15
    joinable.task_done()
    pipe.recv()  # line 17
    pipe.poll(None)  # line 18
    pipe.send("good-bye")


if __name__ == "__main__":
    context = multiprocessing.get_context(HOW)
    lock = context.Lock()
    permits = context.Semaphore(0)
    condition = context.Condition()
    event = context.Event()
    barrier = context.Barrier(2)
    queue = context.Queue()
    simple = context.SimpleQueue()
    joinable = context.JoinableQueue()
    pipe, other = context.Pipe()
    shared = lock, permits, condition, event, barrier, queue, simple, joinable, other
    child = context.Process(target=works, args=shared, name="child")
    lock.acquire()  # line 35
    child.start()
    go()
    lock.release()
    go()
    permits.release()
    go()
    with condition:  # line 42
        condition.notify()
    go()
    event.set()
    go()
    barrier.wait()
    go()
    queue.put(1)
    go()
    simple.put(1)
    go()
    joinable.put(1)
    joinable.join()  # line 54
    go()
    pipe.send("hello")
    go()
    pipe.send("once more")
    pipe.recv()
    queue.close()
    joinable.close()
    child.join()
    print(child.exitcode)
"""
CUES = [
    ("child", kind)
    for kind in (
        Kind.ACQUIRE, Kind.ACQUIRE, Kind.WAIT, Kind.WAIT, Kind.WAIT,
        Kind.GET_WAIT, Kind.GET_WAIT, Kind.GET_WAIT, Kind.GET_WAIT, Kind.GET_WAIT,
    )
]  # fmt: skip


@pytest.fixture
def story(play):
    return play(WAITS, *CUES)


def test_the_program_is_not_disturbed(story):
    assert (story.printed, story.errors) == ("0\n", "")


def test_lock(story):
    assert story.lines(on="lock") == [
        "main ACQUIRED lock 1 :35",
        "child ACQUIRE lock of main :6",
        "main RELEASE lock 1 :38",
        "child ACQUIRED lock 2 waited :6",
        "child RELEASE lock 2 :6",
    ]


def test_semaphore(story):
    assert story.lines(on="permits") == [
        "child ACQUIRE permits :8",
        "main RELEASE permits 1 :40",
        "child ACQUIRED permits 0 waited :8",
    ]


def test_condition(story):
    lines = story.lines(on="condition")
    assert lines == [
        "child WAIT condition 0 :10",
        "main NOTIFY condition 1 :43",
        "child WOKE condition waited notified :10",
    ]
    inner = [line for line in story.lines(on="condition.lock") if "ACQUIRE condition.lock of" not in line]
    assert [line.replace(" waited", "") for line in inner] == [
        "child ACQUIRED condition.lock 1 :9",
        "child RELEASE condition.lock 1 cond :10",
        "main ACQUIRED condition.lock 2 :42",
        "main RELEASE condition.lock 2 :42",
        "child ACQUIRED condition.lock 3 cond :10",
        "child RELEASE condition.lock 3 :9",
    ]


def test_event(story):
    assert story.lines(on="event") == [
        "child WAIT event :11",
        "main SET event :45",
        "child WOKE event waited notified :11",
    ]


def test_barrier(story):
    assert sorted(story.lines(on="barrier")) == [
        "child WAIT barrier 0 :12",
        "child WOKE barrier waited notified :12",
        "main WOKE barrier notified :47",
    ]


def test_queues(story):
    assert story.lines(on="queue") == [
        "child GET_WAIT queue :13",
        "main PUT queue 1 :49",
        "child GET queue 0 waited :13",
    ]
    assert story.lines(on="simple") == [
        "child GET_WAIT simple :14",
        "main PUT simple -1 :51",
        "child GET simple -1 waited :14",
    ]
    assert [line for line in story.lines(on="joinable") if "QUEUE_JOIN" not in line] == [
        "child GET_WAIT joinable :15",
        "main PUT joinable 1 :53",
        "child GET joinable 0 waited :15",
        "child TASK_DONE joinable 0 :16",
    ]
    joined = [line for line in story.lines("main", "joinable") if "JOINED" in line]
    assert joined in (["main QUEUE_JOINED joinable waited :54"], ["main QUEUE_JOINED joinable 0 :54"])


def test_pipe(story):
    (pipe,) = [r for r in story.tables.resources.values() if r.kind == "pipe"]
    lines = [line for line in story.lines(on=pipe.name) if not line.startswith("main GET")]
    assert [line.replace(f" {pipe.name}", "") for line in lines] == [
        "child GET_WAIT :17",
        "main PUT -1 :56",
        "child GET -1 waited :17",
        "child GET_WAIT :18",
        "main PUT -1 :58",
        "child GET_FAILED READY :18",
        "child PUT -1 :19",
    ]
    (got,) = [line for line in story.lines("main", pipe.name) if " GET " in line]
    assert got.endswith(":59")


def test_each_thing_is_one_resource(story):
    wholes = {(r.name, r.kind) for r in story.tables.resources.values() if not r.part_of}
    assert {kind for _, kind in wholes} == {
        "lock", "semaphore", "condition", "event", "barrier", "queue", "pipe",
    }  # fmt: skip
    assert len(wholes) == 9
    parts = {r.name for r in story.tables.resources.values() if r.part_of}
    assert parts <= {"condition.lock"}


def test_feeders_work_for_their_queues(story):
    feeders = [t for t in story.tables.tasks.values() if t.name == "QueueFeederThread"]
    assert {story.name(t.serves) for t in feeders} == {"queue", "joinable"}
    assert all(t.internal for t in feeders)


def test_the_state_at_the_end(story):
    by_name = {info.name: story.state.resources.get(id_) for id_, info in story.tables.resources.items()}
    assert (by_name["lock"].owner, by_name["lock"].n_acquired) == (0, 2)
    assert (by_name["permits"].value, by_name["queue"].value, by_name["simple"].value) == (0, 0, 0)
    assert by_name["event"].value == 1
    assert story.state.n_gaps == 0

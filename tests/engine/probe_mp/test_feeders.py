"""The thread that feeds a multiprocessing.Queue."""

LATE = """
import multiprocessing, threading

queue = multiprocessing.Queue()
is_late, was_put = threading.Event(), threading.Event()

class Late(threading.Condition):
    "Its time limit comes right before somebody notifies, and that one right before it has its lock back."

    def wait(self, timeout=None):
        if timeout is None or is_late.is_set():
            return super().wait(timeout)
        self.release()
        is_late.set()
        was_put.wait()
        self.acquire()
        return False

queue._notempty.__class__ = Late
queue.put("first")
print(queue.get())
is_late.wait()
queue.put("second")
was_put.set()
print(queue.get(timeout=20))
"""


def test_what_is_put_while_the_feeder_s_short_wait_ends_is_written(fork):
    story = fork(LATE)
    assert (story.printed.split(), story.errors) == (["first", "second"], "")

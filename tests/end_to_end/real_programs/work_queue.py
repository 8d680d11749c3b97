"""Threads take work from a queue until there is none; a timer, a condition and a barrier beside it."""

import queue
import threading

work: "queue.Queue[int]" = queue.Queue(maxsize=4)
done: "queue.PriorityQueue[tuple[int, str]]" = queue.PriorityQueue()
barrier = threading.Barrier(3, action=lambda: print("all are here"))
condition = threading.Condition()
rang: list[str] = []


def worker() -> None:
    barrier.wait()
    while True:
        item = work.get()
        done.put((item, f"finished {item}"))
        work.task_done()


def ring() -> None:
    with condition:
        rang.append("rang")
        condition.notify_all()


for i in range(3):
    threading.Thread(target=worker, daemon=True, name=f"worker {i}").start()
for item in range(30):
    work.put(item)
work.join()
while not done.empty():
    print(*done.get())
timer = threading.Timer(0.01, ring)
timer.start()
with condition:
    print(condition.wait_for(lambda: rang, timeout=30))
timer.join()
try:
    work.get_nowait()
except queue.Empty as error:
    print(repr(error))

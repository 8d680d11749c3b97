"""A priority queue worked off by two threads; sched for what is due later; a heap under a condition."""

import heapq
import itertools
import queue
import sched
import threading
import time

todo: queue.PriorityQueue = queue.PriorityQueue(8)
done: list[int] = []


def work() -> None:
    while True:
        _, job = todo.get()
        if job is None:
            return
        done.append(job)
        todo.task_done()


workers = [threading.Thread(target=work) for _ in range(2)]
for worker in workers:
    worker.start()
for job in range(30):
    todo.put((job % 3, job))
todo.join()
for _ in workers:
    todo.put((9, None))
for worker in workers:
    worker.join()
print(sorted(done) == list(range(30)))

said: list[str] = []
plan = sched.scheduler(time.monotonic, time.sleep)
plan.enter(0.02, 1, said.append, ("later",))
plan.enter(0.01, 1, said.append, ("soon",))
plan.run()
print(said)

changed, heap, number = threading.Condition(), [], itertools.count()


def alarm() -> None:
    with changed:
        changed.wait_for(lambda: heap)
        print(heapq.heappop(heap)[2])


thread = threading.Thread(target=alarm)
thread.start()
with changed:
    heapq.heappush(heap, (1, next(number), "rang"))
    changed.notify()
thread.join()

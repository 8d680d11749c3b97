# expects: deadlock
"""A worker waits for the next job; nobody puts one, and the main thread waits for the worker."""

import queue
import threading

jobs: queue.Queue[int] = queue.Queue()


def work() -> None:
    while True:
        jobs.get()


worker = threading.Thread(target=work)
worker.start()
for n in range(3):
    jobs.put(n)
worker.join()

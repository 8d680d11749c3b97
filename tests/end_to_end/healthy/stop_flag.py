"""A worker looks at a plain flag that another thread sets, and keeps its own count, which others only read."""

import threading
import time


class Worker:
    def __init__(self) -> None:
        self.running = True
        self.n_done = 0
        self.thread = threading.Thread(target=self.work)

    def work(self) -> None:
        while self.running:
            self.n_done += 1
            time.sleep(0.002)

    def stop(self) -> None:
        self.running = False


workers = [Worker() for _ in range(3)]
for worker in workers:
    worker.thread.start()
while any(worker.n_done < 10 for worker in workers):  # one writes, the other one reads: at most a little late
    time.sleep(0.005)
for worker in workers:
    worker.stop()
for worker in workers:
    worker.thread.join()
print(all(worker.n_done >= 10 for worker in workers))

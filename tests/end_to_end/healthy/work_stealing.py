"""Four workers with a deque each; who has none left takes from the others: one lock for each deque, never two."""

import threading
from collections import deque


class Worker:
    def __init__(self, jobs: range) -> None:
        self.lock = threading.Lock()
        self.jobs = deque(jobs)
        self.done: list[int] = []  # nobody else writes it

    def take(self) -> int | None:
        with self.lock:
            return self.jobs.pop() if self.jobs else None

    def lose(self) -> int | None:
        with self.lock:
            return self.jobs.popleft() if self.jobs else None

    def run(self, others: list["Worker"]) -> None:
        while True:
            job = self.take()
            if job is None:
                job = next((job for other in others if (job := other.lose()) is not None), None)
            if job is None:
                return
            self.done.append(job)


workers = [Worker(range(n * 100, n * 100 + 40 * (n == 0) + 5)) for n in range(4)]
threads = [
    threading.Thread(target=worker.run, args=([other for other in workers if other is not worker],))
    for worker in workers
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(len(worker.done) for worker in workers))

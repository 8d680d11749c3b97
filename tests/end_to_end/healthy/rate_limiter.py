"""A token bucket: a lock for its bookkeeping, sleeping outside of it."""

import threading
import time


class Bucket:
    def __init__(self, per_second: float, size: int) -> None:
        self.lock = threading.Lock()
        self.per_second = per_second
        self.size = size
        self.tokens = float(size)
        self.at = time.monotonic()

    def take(self) -> None:
        while True:
            with self.lock:
                now = time.monotonic()
                self.tokens = min(self.size, self.tokens + (now - self.at) * self.per_second)
                self.at = now
                if self.tokens >= 1:
                    self.tokens -= 1
                    return
                missing = (1 - self.tokens) / self.per_second
            time.sleep(missing)


bucket = Bucket(per_second=400, size=10)
calls: list[str] = []


def client(name: str) -> None:
    for _ in range(20):
        bucket.take()
        calls.append(name)


threads = [threading.Thread(target=client, args=(name,)) for name in "abc"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print({name: calls.count(name) for name in "abc"})

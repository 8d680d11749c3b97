"""N threads that take turns at a few locks and sleep in between, for ever: lanes that keep changing."""

import random
import sys
import threading
import time

n = int(sys.argv[1])
locks = [threading.Lock() for _ in range(max(1, n // 4))]


def work(seed: int) -> None:
    chance = random.Random(seed)
    lock = locks[seed % len(locks)]
    while True:
        with lock:
            time.sleep(chance.uniform(0.05, 0.2) * n / 32 if n > 32 else chance.uniform(0.05, 0.2))
        time.sleep(chance.uniform(0.05, 0.3))


threads = [threading.Thread(target=work, args=(i,), name=f"worker-{i}") for i in range(n)]
for thread in threads:
    thread.start()

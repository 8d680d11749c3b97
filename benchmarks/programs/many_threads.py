"""N threads, a few of them busy, the others in the queue of one lock that they take in turn, for ever."""

import sys
import threading
import time

n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
threading.stack_size(128 * 1024)
lock = threading.Lock()


def work() -> None:
    while True:
        with lock:
            time.sleep(0.002)


def turn() -> None:
    while True:
        time.sleep(0.02)


for i in range(n):
    threading.Thread(target=work if i % 400 else turn, name=f"Worker-{i}", daemon=True).start()
print(n, "threads", flush=True)
time.sleep(3600)

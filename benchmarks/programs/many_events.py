"""A million events as fast as eight threads can make them, by locks that are all different; then it goes on slowly."""

import sys
import threading
import time

n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
made = 0


def work() -> None:
    locks = [threading.Lock() for _ in range(500)]
    for _ in range(n // 8 // 500 // 2):
        for lock in locks:
            with lock:
                pass
        time.sleep(0.01)
    while True:
        with locks[0]:
            time.sleep(0.1)


for i in range(8):
    threading.Thread(target=work, name=f"maker-{i}", daemon=True).start()
time.sleep(3600)

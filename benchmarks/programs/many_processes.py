"""N processes of two threads each, which share one lock between processes, for ever."""

import multiprocessing
import sys
import threading
import time
from multiprocessing.synchronize import Lock


def beat() -> None:
    while True:
        time.sleep(0.5)


def work(lock: Lock) -> None:
    threading.Thread(target=beat, name="heart", daemon=True).start()
    while True:
        with lock:
            time.sleep(0.005)
        time.sleep(0.2)


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    context = multiprocessing.get_context("fork")
    shared = context.Lock()
    for _ in range(n):
        context.Process(target=work, args=(shared,), daemon=True).start()
    print(n, "processes", flush=True)
    time.sleep(3600)

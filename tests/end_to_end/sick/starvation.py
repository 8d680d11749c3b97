# expects: starvation
"""One thread takes the only permit again as soon as it has given it back; who waits is woken, and too late."""

import threading
import time

permit = threading.Semaphore(1)


def greedy() -> None:
    for _ in range(60):
        permit.acquire()
        time.sleep(0.02)
        permit.release()


def hungry() -> None:
    with permit:
        print("at last")


threads = [threading.Thread(target=greedy), threading.Thread(target=hungry)]
for thread in threads:
    thread.start()
    time.sleep(0.01)
for thread in threads:
    thread.join()
